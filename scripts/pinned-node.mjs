/**
 * Runs a program on the Node version that the project pins (the npm package `node`), whatever the machine has.
 *
 * All learners use the same Node: it runs TypeScript directly, and labs get the same verdicts everywhere. `npm run` puts
 * node_modules/.bin first in the path, so from the second call on this process already runs on that Node.
 *
 * - flags that must be given at the start (the heap limit) need no second process if the system can replace one program
 *   by another
 *
 * PINNED-NODE-1  plain JavaScript with Node's own modules only: the machine's own Node reads this file
 * PINNED-NODE-2  the exit code is the program's; signals that this process gets are passed on to it
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './installed.mjs'

/** The oldest Node that the launchers run on, before the pinned one is there. */
export const oldestNode = '20.19.0'

/** Whether version a is at least version b, by numbers. @param {string} a @param {string} b */
export function atLeast(a, b) {
  const have = a.split('.').map(Number)
  for (const [i, want] of b.split('.').map(Number).entries()) {
    if (have[i] !== want) return (have[i] ?? 0) > want
  }
  return true
}

/**
 * Exits with one line if Node is too old for the launchers.
 * @param {import('./words.mjs').Words} words
 */
export function checkNode(words) {
  if (atLeast(process.versions.node, oldestNode)) return
  console.error(words.oldNode(process.versions.node, oldestNode))
  process.exit(1)
}

/**
 * @returns {{ file: string, here: boolean } | undefined} the Node to use, and whether it is the running one; undefined
 *   if the pinned one is not installed and ours is older than its major version
 */
function pinnedNode() {
  const folder = path.join(root, 'node_modules', 'node')
  const file = path.join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  const own = process.versions.node
  const own24 = Number.parseInt(own, 10) >= 24
  if (!existsSync(file)) return own24 ? { file: process.execPath, here: true } : undefined
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
  return version === own ? { file: process.execPath, here: true } : { file, here: false }
}

/**
 * Runs a program on the pinned Node: in this process if it already is that Node, else in a child. Never returns before
 * the program has been loaded; the process exits with the program's exit code.
 * @param {string} program path from the repository's root
 * @param {string[]} args
 * @param {import('./words.mjs').Words} words
 * @param {readonly string[]} [flags] for Node itself
 */
export async function runOnPinnedNode(program, args, words, flags = []) {
  const file = path.join(root, program)
  if (!existsSync(file)) {
    console.error(words.missingFile(program))
    process.exit(1)
  }
  const node = pinnedNode()
  if (!node) {
    console.error(words.noPinnedNode(`${process.platform}-${process.arch}`, process.versions.node))
    process.exit(1)
  }
  if (node.here) {
    // The same process continues with the flags, under the same process id, so it gets its signals directly.
    if (flags.length > 0) replaceProcess([...flags, ...process.execArgv, file, ...args])
    process.argv = [process.execPath, file, ...args]
    await import(pathToFileURL(file).href)
    return
  }
  runAsChild(node.file, [...flags, file, ...args])
}

/**
 * Returns if the system, or this version of Node, can't do it: then the program runs without the flags.
 * @param {string[]} args
 */
function replaceProcess(args) {
  const { execve } =
    /** @type {{ execve?: (file: string, args: string[], env: NodeJS.ProcessEnv) => void }} */ (process)
  try {
    execve?.call(process, process.execPath, [process.execPath, ...args], process.env)
  } catch {
    // Windows does not have this call.
  }
}

/**
 * Ctrl-C in a terminal goes to the whole group, so the child gets it already, and a second signal would mean "exit at
 * once"; a signal that was sent only to this process is passed on.
 * @param {string} node
 * @param {string[]} args
 */
function runAsChild(node, args) {
  const child = spawn(node, args, { stdio: 'inherit' })
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGHUP', () => child.kill('SIGHUP'))
  child.on('error', (error) => {
    console.error(error.message)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))
}
