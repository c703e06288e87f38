/** The broker as a program: what it prints, where, and how it exits. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const CLI = fileURLToPath(new URL('./cli.ts', import.meta.url))
/** Node reads TypeScript by itself since 23.6. */
const LOADER = process.features.typescript ? [] : ['--import', 'tsx']

/** The running program, and its output so far. */
class Program {
  stdout = ''
  stderr = ''
  readonly child: ChildProcess
  readonly exit: Promise<number | null>

  constructor(...args: string[]) {
    this.child = spawn(process.execPath, [...LOADER, CLI, ...args])
    this.child.stdout!.on('data', (text) => {
      this.stdout += text
    })
    this.child.stderr!.on('data', (text) => {
      this.stderr += text
    })
    this.exit = new Promise((resolve) => this.child.once('close', resolve))
    running.push(this)
  }

  /** The address after `ready`. Throws if the program exits before that. */
  async ready(): Promise<string> {
    const ended = this.exit.then((code) => {
      throw new Error(`exit ${code}: ${this.stderr}`)
    })
    while (!this.stdout.includes('\n')) {
      await Promise.race([new Promise((resolve) => this.child.stdout!.once('data', resolve)), ended])
    }
    ended.catch(() => {})
    return /^ready (.*)\n/.exec(this.stdout)![1]!
  }
}

const running: Program[] = []
let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'cli-'))
})
afterEach(async () => {
  for (const { child, exit } of running.splice(0)) {
    child.kill('SIGKILL')
    await exit
  }
  rmSync(data, { recursive: true, force: true })
})

describe('serving', () => {
  test('CLI-1: one line on stdout, the rest on stderr; SIGTERM ends it cleanly', async () => {
    const program = new Program('--port', '0', '--data', data)
    const bootstrap = await program.ready()
    expect(bootstrap).toMatch(/^127\.0\.0\.1:\d+$/)
    program.child.kill('SIGTERM')
    expect(await program.exit).toBe(0)
    expect(program.stdout).toBe(`ready ${bootstrap}\n`)
    expect(program.stderr).toMatch(/INFO stopped\n$/)
    expect(readdirSync(data)).toContain('.kafka_cleanshutdown')
    expect(readdirSync(data)).not.toContain('.lock')
  })

  test('CLI-2: without --data: a temporary folder, which is printed, and removed at the end', async () => {
    const program = new Program('--port', '0', '--brokers', '3')
    expect((await program.ready()).split(',')).toHaveLength(3)
    // Under npm, Ctrl-C sends two signals to the broker: one from the terminal, one from npm.
    program.child.kill('SIGINT')
    program.child.kill('SIGINT')
    expect(await program.exit).toBe(0)
    const folder = /records are kept in (\S+)/.exec(program.stderr)![1]!
    expect(existsSync(folder)).toBe(false)
  })

  test('a warning is logged when others can reach the address', async () => {
    const program = new Program('--port', '0', '--host', '0.0.0.0')
    const [host] = (await program.ready()).split(':')
    expect(host).not.toBe('0.0.0.0')
    program.child.kill('SIGTERM')
    await program.exit
    expect(program.stderr).toContain('WARN listening on 0.0.0.0')
  })

  test('after kill -9, the next start can use the folder', async () => {
    const first = new Program('--port', '0', '--data', data)
    await first.ready()
    first.child.kill('SIGKILL')
    await first.exit
    expect(readdirSync(data)).toContain('.lock')
    const second = new Program('--port', '0', '--data', data)
    await second.ready()
    second.child.kill('SIGTERM')
    expect(await second.exit).toBe(0)
  })
})

describe('a failed start: one line says why, and the exit code is 2', () => {
  async function refused(...args: string[]): Promise<string> {
    const program = new Program(...args)
    expect(await program.exit).toBe(2)
    expect(program.stdout).toBe('')
    expect(program.stderr.match(/\n/g)).toHaveLength(1)
    return program.stderr
  }

  test('an unknown option, an unknown key', async () => {
    expect(await refused('--prot', '1')).toBe('broker: unknown option --prot; --help lists all options\n')
    expect(await refused('--set', 'a.b=1')).toBe('broker: Unknown configuration a.b\n')
  })

  test('a folder in use, a port in use', async () => {
    const program = new Program('--port', '0', '--data', data)
    const [, port] = (await program.ready()).split(':')
    expect(await refused('--port', '0', '--data', data)).toContain(
      `in use by another broker, process ${program.child.pid}`,
    )
    expect(await refused('--port', port!)).toContain(
      `port ${port} on 127.0.0.1 is in use by another process; choose another with --port`,
    )
    const socket = connect(Number(port), '127.0.0.1')
    await new Promise((resolve) => socket.once('connect', resolve))
    socket.destroy()
  })
})
