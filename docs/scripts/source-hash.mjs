/**
 * Marks Russian pages as up to date: writes the fingerprint of each English page into `source_hash` of the
 * Russian one. Run it after having looked at the translation, not instead of it.
 *
 *   node docs/scripts/source-hash.mjs                    all pages
 *   node docs/scripts/source-hash.mjs labs/01-first.mdx  some
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FOLDERS, listPages, readPage, sourceHash } from './lib/pages.mjs'

const wanted = process.argv.slice(2)
for (const path of wanted.length > 0 ? wanted : listPages('ru')) stamp(path)

function stamp(path) {
  const hash = sourceHash(readPage('en', path).body)
  const file = join(FOLDERS.ru, path)
  const text = readFileSync(file, 'utf8')
  const line = `source_hash: '${hash}'`
  const stamped = /^source_hash: .*$/m.test(text)
    ? text.replace(/^source_hash: .*$/m, line)
    : text.replace(/\n---\n/, `\n${line}\n---\n`)
  if (stamped === text) return
  writeFileSync(file, stamped)
  console.log(`${path} ${hash}`)
}
