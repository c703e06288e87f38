/**
 * Installs the dependencies if node_modules does not match package-lock.json.
 *
 * We keep no marker of a complete install. npm writes node_modules/.package-lock.json as the last step of an install:
 * the list of what it installed. Comparing the two files detects an interrupted install, a lockfile that came with a
 * pull, and an `npm install` by hand.
 *
 * INSTALLED-1  this file runs before anything is installed, so it imports Node's own modules only
 * INSTALLED-2  a package for another platform (optional in the lockfile) may be missing, nothing else may
 * INSTALLED-3  if two commands find nothing installed, one installs and the other waits for it (install-lock.mjs)
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { takeInstallLock } from './install-lock.mjs'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

/** @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean }} LockEntry */

/**
 * @param {string} file
 * @returns {Record<string, LockEntry> | undefined} the entries by folder, undefined if there is no such file
 */
function lockEntries(file) {
  if (!existsSync(file)) return undefined
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}

/**
 * Whether the installed packages match the lockfile.
 * @param {Record<string, LockEntry> | undefined} locked
 * @param {Record<string, LockEntry> | undefined} installed
 */
export function matches(locked, installed) {
  if (!locked || !installed) return false
  return Object.entries(locked).every(([folder, want]) => {
    if (!folder.startsWith('node_modules/')) return true
    const have = installed[folder]
    if (!have) return want.optional === true
    return have.version === want.version && have.integrity === want.integrity
  })
}

/**
 * How to call npm. Inside `npm start` it is the npm that runs us, with its own Node: not the Node in node_modules, which
 * `npm ci` is about to delete.
 * @param {string[]} args
 */
function npmCommand(args) {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env
  if (npm && /npm-cli\.[cm]?js$/.test(npm))
    return { file: node || process.execPath, args: [npm, ...args], shell: false }
  return { file: 'npm', args, shell: process.platform === 'win32' }
}

/**
 * Runs `npm ci` quietly and prints a line of progress every few seconds.
 * @param {string[]} options
 * @param {(seconds: number) => string} progress
 * @param {(pid: number | undefined) => void} started is given npm's process number
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
function npmCi(options, progress, started) {
  const { file, args, shell } = npmCommand(['ci', '--no-audit', '--no-fund', '--loglevel=warn', ...options])
  const began = Date.now()
  const live = process.stderr.isTTY
  const tick = setInterval(
    () => {
      const line = progress(Math.round((Date.now() - began) / 1000))
      process.stderr.write(live ? `\r${line}` : `${line}\n`)
    },
    live ? 1000 : 15_000,
  )
  return new Promise((resolve) => {
    let output = ''
    // A process group of its own, so that it can be killed as a whole: after a normal signal npm first finishes its
    // current step, and would collide with the next attempt. What it leaves does not count as an install (see above).
    const posix = process.platform !== 'win32'
    const npm = spawn(file, args, { cwd: root, shell, stdio: ['ignore', 'pipe', 'pipe'], detached: posix })
    started(npm.pid)
    let abandoned = false
    const abandon = (/** @type {NodeJS.Signals} */ signal) => {
      if (abandoned) return
      abandoned = true
      npm.on('close', () => process.exit(signal === 'SIGINT' ? 130 : 143))
      if (posix && npm.pid) process.kill(-npm.pid, 'SIGKILL')
      else npm.kill()
    }
    process.on('SIGINT', abandon).on('SIGTERM', abandon).on('SIGHUP', abandon)
    const end = (/** @type {boolean} */ ok) => {
      process.off('SIGINT', abandon).off('SIGTERM', abandon).off('SIGHUP', abandon)
      clearInterval(tick)
      if (live) process.stderr.write('\r\u001b[K')
      resolve({ ok, output })
    }
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk
    }
    npm.stdout.on('data', collect)
    npm.stderr.on('data', collect)
    npm.on('error', (error) => {
      output += `${error.message}\n`
      end(false)
    })
    npm.on('close', (code) => end(code === 0))
  })
}

/**
 * Installs if necessary, with messages on stderr (stdout belongs to the command that follows).
 * @param {import('./words.mjs').Words} words
 * @returns {Promise<boolean>} whether the dependencies are installed
 */
export async function ensureInstalled(words) {
  const locked = lockEntries(path.join(root, 'package-lock.json'))
  if (!locked) {
    console.error(words.missingFile('package-lock.json'))
    return false
  }
  const installed = () => lockEntries(path.join(root, 'node_modules', '.package-lock.json'))
  const isInstalled = () => matches(locked, installed())
  if (isInstalled()) return true
  try {
    const lock = await takeInstallLock(root, isInstalled, (holder) =>
      console.error(words.waitingForInstall(holder?.pid)),
    )
    if (lock === undefined) return true
    return await install(words, lock, locked, installed() !== undefined).finally(lock.release)
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error)
    console.error(words.notWritable(root, code ?? message))
    return false
  }
}

/**
 * @param {import('./words.mjs').Words} words
 * @param {import('./install-lock.mjs').InstallLock} lock
 * @param {Record<string, LockEntry>} locked
 * @param {boolean} isAgain
 */
async function install(words, lock, locked, isAgain) {
  const count = Object.keys(locked).filter((folder) => folder.startsWith('node_modules/')).length
  console.error(isAgain ? words.installingAgain(count) : words.installing(count))
  const began = Date.now()
  let result = await npmCi([], words.stillInstalling, lock.startedNpm)
  if (!result.ok) {
    process.stderr.write(result.output)
    // The package `node` downloads a binary in an install script. If there is none for the platform, a machine with a
    // new enough Node of its own works without it.
    if (Number.parseInt(process.versions.node, 10) >= 24) {
      console.error(words.retryWithoutScripts(process.versions.node))
      result = await npmCi(['--ignore-scripts'], words.stillInstalling, lock.startedNpm)
    }
  }
  console.error(result.ok ? words.installed(Math.round((Date.now() - began) / 1000)) : words.installFailed)
  return result.ok
}
