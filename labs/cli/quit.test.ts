/**
 * Quit works: `q`, Ctrl-C, a signal or a closed terminal end watch mode at once, whatever it is doing, and nothing that it
 * has started lives on. The program runs as a process of its own that takes its pipes for a terminal; which processes
 * it has started is looked up before the end.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { inRepository, labFolder, labs, solutionsFolder } from '../engine/catalog.ts'

const lab = labs[2]!
/** A file that keeps its judge busy for ever. */
const endless = 'export function createLog() {\n  for (;;) {}\n}\n'
const asTerminal = `
process.stdin.isTTY = process.stdout.isTTY = true
process.stdout.columns = 80
process.stdout.rows = 24
process.argv = [process.argv[0], 'main.ts', '${lab.id}']
await import(${JSON.stringify(inRepository('labs/cli/main.ts'))})
`

let home = ''
let running: ChildProcess | undefined
const file = () => join(home, labFolder(lab).replace('labs/', ''), lab.file)

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'offset-zero-quit-'))
  mkdirSync(dirname(file()), { recursive: true })
})
afterEach(() => {
  running?.kill('SIGKILL')
  rmSync(home, { recursive: true, force: true })
})

function start(source: string) {
  if (source.endsWith('.ts')) cpSync(inRepository(`${solutionsFolder(lab)}/${source}`), file())
  else writeFileSync(file(), source)
  const { NO_COLOR: _color, CI: _ci, ...env } = process.env
  const child = spawn(process.execPath, ['--input-type=module', '--eval', asTerminal], {
    env: { ...env, TERM: 'xterm-256color', OFFSET_ZERO_LAB_HOME: home, LANG: 'en_US.UTF-8' },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  running = child
  const screen = { text: '' }
  child.stdout?.on('data', (chunk) => {
    screen.text += chunk
  })
  return { child, screen, ended: once(child, 'exit') }
}

/** Pairs of process and parent. */
function processes(): [number, number][] {
  if (!existsSync('/proc/self/stat'))
    return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number) as [number, number])
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        return state === 'Z' ? [] : [[Number(pid), Number(parent)] as [number, number]]
      } catch {
        return []
      }
    })
}

function startedBy(root: number): number[] {
  const all = processes()
  const below = (parent: number): number[] =>
    all.flatMap(([pid, of]) => (of === parent ? [pid, ...below(pid)] : []))
  return below(root)
}

const sees = (screen: { text: string }, words: string) =>
  vi.waitFor(() => expect(screen.text).toContain(words), { timeout: 30_000, interval: 20 })

/** Ends it; gives how long the program and its last child took, ms. */
async function endBy(program: ReturnType<typeof start>, how: string): Promise<number> {
  const started = startedBy(program.child.pid ?? 0)
  const began = performance.now()
  if (how.startsWith('SIG')) program.child.kill(how as NodeJS.Signals)
  else if (how === 'closed') program.child.stdin?.end()
  else program.child.stdin?.write(how)
  await program.ended
  await vi.waitFor(() => expect(processes().filter(([pid]) => started.includes(pid))).toEqual([]), {
    timeout: 10_000,
    interval: 20,
  })
  return performance.now() - began
}

const atOnceMs = 2_000

const hasStarted = (program: ReturnType<typeof start>) =>
  vi.waitFor(() => expect(startedBy(program.child.pid ?? 0)).not.toEqual([]), {
    timeout: 30_000,
    interval: 20,
  })

const ways: [string, string][] = [
  ['q', 'q'],
  ['й, the same key on a Russian keyboard', 'й'],
  ['Ctrl-C', '\u0003'],
  ['SIGTERM', 'SIGTERM'],
  ['SIGHUP', 'SIGHUP'],
  ['a closed terminal', 'closed'],
]

describe('LAB-WATCH-1, GRADER-4: watch mode ends at once, with all that it has started', {
  timeout: 90_000,
}, () => {
  it.each(ways)('by %s while a file that never ends is checked', async (_name, how) => {
    const program = start(endless)
    await sees(program.screen, 'checking')
    await hasStarted(program)
    expect(await endBy(program, how)).toBeLessThan(atOnceMs)
    expect(program.screen.text).toContain('\u001b[?1049l')
  })

  it.each([ways[0]!, ways[5]!])('by %s after a check, and the terminal is as it was', async (_name, how) => {
    const program = start('starter.ts')
    await sees(program.screen, 'not written yet')
    await hasStarted(program)
    expect(await endBy(program, how)).toBeLessThan(atOnceMs)
    const { text } = program.screen
    expect(text.lastIndexOf('\u001b[?1049l')).toBeGreaterThan(text.lastIndexOf('\u001b[?1049h'))
  })
})
