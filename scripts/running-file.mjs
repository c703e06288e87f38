/**
 * .offset-zero/running.json: the addresses of the broker and the site of `npm start`. `npm run lab` shows the addresses and
 * runs a finished lab on that broker, whatever its port.
 *
 * - it exists while `npm start` runs; a file that a killed process has left is detected, because its process is gone
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './installed.mjs'

/** @typedef {{ pid: number, bootstrap: string, site?: string | undefined }} Running site: the front page, English, ends with / */

const file = path.join(root, '.offset-zero', 'running.json')

/** @param {{ bootstrap: string, site?: string | undefined }} what */
export function writeRunning(what) {
  try {
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, `${JSON.stringify({ pid: process.pid, ...what })}\n`)
    process.off('exit', remove).on('exit', remove)
  } catch {
    // Without the file, readers use the default ports.
  }
}

function remove() {
  if (readRunning()?.pid === process.pid) rmSync(file, { force: true })
}

/** @returns {Running | undefined} */
export function readRunning() {
  try {
    const running = JSON.parse(readFileSync(file, 'utf8'))
    process.kill(running.pid, 0)
    return typeof running.bootstrap === 'string' ? running : undefined
  } catch {
    return undefined
  }
}
