/**
 * Two first commands at once, as real processes in a repository of their own. Its npm is slow, deletes node_modules
 * first, like `npm ci`, and detects a second npm.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isHeld } from './install-lock.mjs'

const fakeNpm = `
const { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
appendFileSync('npm.log', 'began\\n')
if (existsSync('npm.runs')) appendFileSync('npm.log', 'not alone\\n')
writeFileSync('npm.runs', '')
rmSync('node_modules', { recursive: true, force: true })
const goOn = setInterval(() => {
  if (!existsSync('may-finish')) return
  clearInterval(goOn)
  mkdirSync('node_modules/tiny', { recursive: true })
  writeFileSync('node_modules/.package-lock.json', readFileSync('package-lock.json'))
  rmSync('npm.runs', { force: true })
  appendFileSync('npm.log', 'ended\\n')
}, 20)
`
const command = `
import { ensureInstalled } from './installed.mjs'
import { wordsIn } from './words.mjs'
process.exit((await ensureInstalled(wordsIn(process.argv[2]))) ? 0 : 1)
`

let root = ''
let running: ChildProcess[] = []

beforeEach(() => {
  running = []
  root = mkdtempSync(join(os.tmpdir(), 'offset-zero-install-'))
  mkdirSync(join(root, 'scripts'))
  for (const file of readdirSync(import.meta.dirname).filter((name) => name.endsWith('.mjs')))
    copyFileSync(join(import.meta.dirname, file), join(root, 'scripts', file))
  writeFileSync(join(root, 'scripts', 'command.mjs'), command)
  writeFileSync(join(root, 'npm-cli.cjs'), fakeNpm)
  const packages = { '': {}, 'node_modules/tiny': { version: '1.0.0' } }
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }))
})
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true, maxRetries: 5 })
})

function start(language = 'en') {
  const env = {
    ...process.env,
    npm_execpath: join(root, 'npm-cli.cjs'),
    npm_node_execpath: process.execPath,
  }
  const child = spawn(process.execPath, [join(root, 'scripts', 'command.mjs'), language], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.push(child)
  const said = { text: '' }
  child.stderr.on('data', (chunk) => {
    said.text += chunk
  })
  return { child, said, ended: once(child, 'exit').then(([code]) => code as number | null) }
}
const log = () => (existsSync(join(root, 'npm.log')) ? readFileSync(join(root, 'npm.log'), 'utf8') : '')
const until = (what: () => void) => vi.waitFor(what, { timeout: 10_000, interval: 20 })
const mayFinish = () => writeFileSync(join(root, 'may-finish'), '')
const lockFile = () => join(root, '.offset-zero', 'install.lock')

describe('two first commands at once', () => {
  it('INSTALLED-3: one installs, the other prints what it waits for, and both continue', async () => {
    const first = start()
    await until(() => expect(log()).toBe('began\n'))
    const second = start()
    const third = start('ru')
    await until(() => expect(second.said.text).toContain(`(process ${first.child.pid})`))
    await until(() => expect(third.said.text).toContain('Жду'))
    mayFinish()
    expect(await Promise.all([first.ended, second.ended, third.ended])).toEqual([0, 0, 0])
    expect(log()).toBe('began\nended\n')
    expect(second.said.text.trim().split('\n')).toHaveLength(1)
    expect(existsSync(lockFile())).toBe(false)
  })

  it('of five that start at the same moment, one installs', async () => {
    const all = Array.from({ length: 5 }, () => start())
    await until(() => expect(log()).toContain('began'))
    mayFinish()
    expect(await Promise.all(all.map(({ ended }) => ended))).toEqual([0, 0, 0, 0, 0])
    expect(log()).toBe('began\nended\n')
  })

  it('when the first is stopped by Ctrl-C, the second installs', async () => {
    const first = start()
    await until(() => expect(log()).toBe('began\n'))
    const second = start()
    await until(() => expect(second.said.text).toContain('Waiting'))
    first.child.kill('SIGINT')
    expect(await first.ended).toBe(130)
    rmSync(join(root, 'npm.runs'), { force: true })
    mayFinish()
    expect(await second.ended).toBe(0)
    expect(log()).toBe('began\nbegan\nended\n')
  })

  it('if the first is killed, the second waits for its npm, which continues to install', async () => {
    const first = start()
    await until(() => expect(log()).toBe('began\n'))
    first.child.kill('SIGKILL')
    await first.ended
    const second = start()
    await until(() => expect(second.said.text).toContain('Waiting'))
    mayFinish()
    expect(await second.ended).toBe(0)
    expect(log()).toBe('began\nended\n')
  })

  it('INSTALL-LOCK-2, INSTALL-LOCK-3: a lock whose processes are dead is taken over by one process', async () => {
    const dead = start()
    dead.child.kill('SIGKILL')
    await dead.ended
    mkdirSync(join(root, '.offset-zero'), { recursive: true })
    writeFileSync(lockFile(), JSON.stringify({ id: 'x', host: os.hostname(), pid: dead.child.pid }))
    mayFinish()
    const all = [start(), start(), start()]
    expect(await Promise.all(all.map(({ ended }) => ended))).toEqual([0, 0, 0])
    expect(log().match(/began/g)?.length).toBe(1)
    expect(log()).not.toContain('not alone')
  })
})

describe('a lock', () => {
  const holder = { id: 'x', host: os.hostname(), pid: 1, npm: 2 }
  const alive =
    (...pids: number[]) =>
    (pid: number) =>
      pids.includes(pid)

  it('INSTALL-LOCK-1: is held while the launcher or its npm is alive', () => {
    expect(isHeld(holder, 1_000, alive(1))).toBe(true)
    expect(isHeld(holder, 60_000, alive(2))).toBe(true)
    expect(isHeld(holder, 0, alive())).toBe(false)
  })

  it('INSTALL-LOCK-2: is not held for ever by a process id that another program may have by now', () => {
    expect(isHeld(holder, 11 * 60_000, alive(1, 2))).toBe(false)
  })

  it('of another machine, or incomplete, is held while it is touched', () => {
    expect(isHeld({ ...holder, host: 'elsewhere' }, 1_000, alive())).toBe(true)
    expect(isHeld({ ...holder, host: 'elsewhere' }, 20_000, alive(1))).toBe(false)
    expect(isHeld(undefined, 1_000, alive())).toBe(true)
    expect(isHeld(undefined, 20_000, alive())).toBe(false)
  })
})
