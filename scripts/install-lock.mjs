/**
 * Allows one install at a time. `npm ci` begins by deleting node_modules, so two of them in one folder destroy each other:
 * a second first command (`npm run lab` while `npm start` installs) waits for the first.
 *
 *   .offset-zero/install.lock = { id, host, pid, npm? }      made with O_EXCL, touched once a second while held
 *
 * INSTALL-LOCK-1  it is held while the process that took it is alive, or the npm that this process has started: if a
 *     launcher is killed, its npm continues to install
 * INSTALL-LOCK-2  a lock whose processes are dead is taken over at once. So is one that was not touched for ten minutes:
 *     its process id may belong to another program by now
 * INSTALL-LOCK-3  if several processes take over a stale lock, one gets it: the lock is first renamed, and a process that
 *     renamed another lock than the stale one restores it
 * INSTALL-LOCK-4  this file runs before anything is installed, so it imports Node's own modules only
 */
import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const touchEveryMs = 1_000
const lookEveryMs = 200
/** A lock that was touched within this time counts as held. */
const freshMs = 10_000
const untouchedMsMax = 10 * 60_000

/** @typedef {{ id: string, host: string, pid: number, npm?: number | undefined }} Holder */
/** @typedef {{ startedNpm: (pid: number | undefined) => void, release: () => void }} InstallLock */

/**
 * Waits until no other process installs, then takes the lock.
 * @param {string} root the repository
 * @param {() => boolean} isInstalled whether there is nothing left to do
 * @param {(holder: Holder | undefined) => void} onWait called once, if it has to wait
 * @returns {Promise<InstallLock | undefined>} undefined: another process has installed meanwhile; rejects with the
 *   system's error if the folder is not writable
 */
export async function takeInstallLock(root, isInstalled, onWait) {
  const file = path.join(root, '.offset-zero', 'install.lock')
  mkdirSync(path.dirname(file), { recursive: true })
  /** @type {Holder} */
  const own = { id: randomUUID(), host: os.hostname(), pid: process.pid }
  let hasSaid = false
  while (!create(file, own)) {
    const other = read(file)
    if (other === undefined) continue
    if (!isHeld(other.holder, other.untouchedMs)) takeAway(file, other.holder)
    else {
      if (!hasSaid) onWait(other.holder)
      hasSaid = true
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
      if (isInstalled()) return undefined
    }
  }
  const lock = hold(file, own)
  if (!isInstalled()) return lock
  lock.release()
  return undefined
}

/**
 * @param {string} file
 * @param {Holder} own
 * @returns {InstallLock}
 */
function hold(file, own) {
  const touch = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date())
    } catch {
      // Deleted by hand, with its folder.
    }
  }, touchEveryMs)
  touch.unref()
  const release = () => {
    clearInterval(touch)
    process.off('exit', release)
    if (read(file)?.holder?.id === own.id) rmSync(file, { force: true })
  }
  process.on('exit', release)
  const startedNpm = (/** @type {number | undefined} */ npm) =>
    writeFileSync(file, JSON.stringify({ ...own, npm }))
  return { startedNpm, release }
}

/**
 * @param {string} file
 * @param {Holder} holder
 * @returns {boolean} false if there is a lock already
 */
function create(file, holder) {
  try {
    writeFileSync(file, JSON.stringify(holder), { flag: 'wx' })
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false
    throw error
  }
}

/**
 * @param {string} file
 * @returns {{ holder: Holder | undefined, untouchedMs: number } | undefined} undefined: it was removed meanwhile;
 *   without a holder: it is being written, or is incomplete
 */
function read(file) {
  try {
    const untouchedMs = Date.now() - statSync(file).mtimeMs
    const text = readFileSync(file, 'utf8')
    return { holder: parse(text), untouchedMs }
  } catch {
    return undefined
  }
}

/** @param {string} text @returns {Holder | undefined} */
function parse(text) {
  try {
    const holder = JSON.parse(text)
    return typeof holder?.id === 'string' ? holder : undefined
  } catch {
    return undefined
  }
}

/**
 * @param {Holder | undefined} holder
 * @param {number} untouchedMs
 * @param {(pid: number) => boolean} [isAlive]
 */
export function isHeld(holder, untouchedMs, isAlive = lives) {
  // The processes of a container that shares the folder are not visible; an incomplete lock names none.
  if (holder === undefined || holder.host !== os.hostname()) return untouchedMs < freshMs
  if (!isAlive(holder.pid) && !(holder.npm !== undefined && isAlive(holder.npm))) return false
  return untouchedMs < untouchedMsMax
}

/** @param {number} pid */
function lives(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

/**
 * Removes a stale lock (INSTALL-LOCK-3).
 * @param {string} file
 * @param {Holder | undefined} stale
 */
function takeAway(file, stale) {
  const aside = `${file}.${randomUUID()}`
  try {
    renameSync(file, aside)
  } catch {
    return
  }
  const moved = read(aside)?.holder
  const isStale = moved?.id === stale?.id
  try {
    if (!isStale) writeFileSync(file, readFileSync(aside), { flag: 'wx' })
  } finally {
    rmSync(aside, { force: true })
  }
}
