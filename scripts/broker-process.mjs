/**
 * The broker of `npm start`, in a separate process: its log goes to a file, and a crash of the broker does not stop the
 * site.
 *
 * It has its own process group. Ctrl-C sends a signal to the whole group, and npm sends another one: a broker in the
 * group would get both, and exit at once instead of flushing. So only this process signals it.
 */
import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { heapFlags } from './heap-limit.mjs'
import { root } from './installed.mjs'

/** How long a broker may take to stop cleanly before it is killed. */
const stopMsMax = 15_000

/**
 * Starts `broker/dist/cli.js` and waits for its line `ready HOST:PORT`.
 * @param {{ port: number, data: string, log: string }} options
 * @returns {Promise<{
 *   bootstrap: string,
 *   ended: Promise<number | string>,
 *   stop: () => Promise<void>
 * } | { failed: number, why: string }>} ended: the exit code or signal; why: the last line that it said
 */
export function startBrokerProcess({ port, data, log }) {
  mkdirSync(path.dirname(log), { recursive: true })
  mkdirSync(path.dirname(data), { recursive: true })
  const logFile = openSync(log, 'w')
  const child = spawn(
    process.execPath,
    [...heapFlags(), path.join(root, 'broker', 'dist', 'cli.js'), '--port', String(port), '--data', data],
    { stdio: ['ignore', 'pipe', logFile], detached: true, windowsHide: true },
  )
  closeSync(logFile)
  /** @type {Promise<number | string>} */
  const ended = new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('exit', (code, signal) => resolve(code ?? signal ?? 1))
  })
  const stop = async () => {
    child.kill('SIGTERM')
    const force = setTimeout(() => child.kill('SIGKILL'), stopMsMax)
    await ended
    clearTimeout(force)
  }
  return new Promise((resolve) => {
    let said = ''
    child.stdout?.on('data', (/** @type {Buffer} */ chunk) => {
      said += chunk
      const ready = /^ready (\S+)$/m.exec(said)
      if (ready?.[1]) resolve({ bootstrap: ready[1], ended, stop })
    })
    ended.then((code) => {
      const lines = readFileSync(log, 'utf8').trim().split('\n')
      resolve({ failed: typeof code === 'number' ? code : 1, why: lines.at(-1) ?? '' })
    })
  })
}
