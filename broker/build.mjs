/**
 * Bundles the broker into broker/dist: index.js for `import { startBroker } from 'offset-zero-broker'` in
 * plain Node, without TypeScript, and cli.js for the command line, which starts in a fraction of the time
 * that a few hundred source files need.
 *
 * The bundle is never committed. Who needs it calls buildBroker(), which does nothing while the bundle is
 * newer than every source. Files are put in place by a rename, so that a process which starts meanwhile reads
 * an old bundle or a new one, never half of one.
 */
import { mkdirSync, readdirSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url))
const dist = path.join(here, 'dist')
const entries = ['index', 'cli']

/** When the newest source was written, ms. @param {string} folder */
function newestMs(folder) {
  let newest = statSync(fileURLToPath(import.meta.url)).mtimeMs
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts') || entry.name.endsWith('.test.ts')) continue
    newest = Math.max(newest, statSync(path.join(entry.parentPath, entry.name)).mtimeMs)
  }
  return newest
}

/** When the oldest file of the bundle was written, ms; 0 if one is missing. */
function builtMs() {
  const stats = entries.map((name) => statSync(path.join(dist, `${name}.js`), { throwIfNoEntry: false }))
  return Math.min(...stats.map((stat) => stat?.mtimeMs ?? 0))
}

/**
 * Brings broker/dist up to date.
 * @returns {Promise<boolean>} whether there was anything to do
 */
export async function buildBroker() {
  if (builtMs() > newestMs(path.join(here, 'src'))) return false
  // The bundle bears the time when its build began: a source saved meanwhile is newer, and builds it again.
  const began = new Date()
  const { build, stop } = await import('esbuild')
  const result = await build({
    absWorkingDir: here,
    entryPoints: Object.fromEntries(entries.map((name) => [name, `src/node/${name}.ts`])),
    outdir: 'dist',
    bundle: true,
    splitting: true,
    chunkNames: 'chunk-[hash]',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    sourcemap: true,
    write: false,
    logLevel: 'error',
  })
  await stop()
  mkdirSync(dist, { recursive: true })
  // Chunks before the entries that import them.
  const isEntry = (/** @type {string} */ file) => Number(entries.includes(path.basename(file, '.js')))
  for (const file of result.outputFiles.sort((a, b) => isEntry(a.path) - isEntry(b.path))) {
    const temporary = `${file.path}.${process.pid}`
    writeFileSync(temporary, file.contents)
    utimesSync(temporary, began, began)
    renameSync(temporary, file.path)
  }
  return true
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildBroker()
