/**
 * Builds the site, but only when something that goes into it has changed since the last build: pages, components,
 * the broker's source (snippets, the playground), the labs' data, what compare and bench have found. The fingerprint lies in build/.sources-hash.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const SITE = join(dirname(fileURLToPath(import.meta.url)), '..')
const ROOT = join(SITE, '..')
const STAMP = join(SITE, 'build', '.sources-hash')
const LOCK = join(SITE, '.build-lock')
const LOCK_MS_MAX = 5 * 60_000
/** Docusaurus ends with advice that is of no use here: `npm start` serves the site itself. */
const HINT = 'npm run serve'
const SKIP = new Set(['build', '.docusaurus', 'node_modules', 'tests', '.build-lock'])

/**
 * @param {{ log?: (line: string) => void, signal?: AbortSignal | undefined }} [options] `log` gets a line at a time
 *   of what the build says; an aborted `signal` ends the builder, and the promise rejects when it is gone
 * @returns {Promise<boolean>} whether it built
 * @throws {Error} when the build fails; the message holds its output
 */
export async function buildIfChanged({ log = () => {}, signal } = {}) {
  const release = await lock()
  try {
    const hash = hashOfSources()
    if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) return false
    await build(log, signal)
    writeFileSync(STAMP, hash)
    return true
  } finally {
    release()
  }
}

function hashOfSources() {
  const hash = createHash('sha256')
  const folders = [
    'docs',
    'broker/src',
    'broker/compare/ledger',
    'broker/compare/results',
    'broker/bench/results',
    'labs/data',
    'labs/engine/tools',
  ]
  const files = folders.map((folder) => join(ROOT, folder)).flatMap(filesUnder)
  for (const file of [...files, join(ROOT, 'package-lock.json')]) {
    if (!existsSync(file)) continue
    hash.update(relative(ROOT, file)).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}

/** @type {(folder: string) => string[]} */
function filesUnder(folder) {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    if (SKIP.has(entry.name)) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesUnder(path) : [path]
  })
}

/** @type {(log: (line: string) => void, signal?: AbortSignal) => Promise<void>} */
function build(log, signal) {
  const cli = createRequire(join(SITE, 'package.json')).resolve('@docusaurus/core/bin/docusaurus.mjs')
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, 'build'], {
      cwd: SITE,
      env: { ...process.env, NODE_ENV: 'production', FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const abort = () => child.kill()
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    let output = ''
    /** @param {Buffer} chunk */
    const hear = (chunk) => {
      output += chunk
      for (const line of String(chunk).split('\n'))
        if (line.trim() !== '' && !line.includes(HINT)) log(line.trim())
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(undefined)
      else reject(new Error(`the site does not build:\n${output}`))
    })
  })
}

/**
 * Two builds at once would write into one folder. The lock is a file that holds its owner's process id; it is a
 * leftover when that process is gone, or after five minutes (the id may belong to somebody else by then).
 */
async function lock() {
  for (;;) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' })
      return () => rmSync(LOCK, { recursive: true, force: true })
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
      if (isLeftover()) rmSync(LOCK, { recursive: true, force: true })
      else await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
}

function isLeftover() {
  try {
    if (Date.now() - statSync(LOCK).mtimeMs > LOCK_MS_MAX) return true
    const owner = Number(readFileSync(LOCK, 'utf8'))
    if (owner > 0) process.kill(owner, 0)
    return false
  } catch (error) {
    return codeOf(error) === 'ESRCH'
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return /** @type {NodeJS.ErrnoException} */ (error).code
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log((await buildIfChanged({ log: console.log })) ? 'built' : 'nothing has changed')
}
