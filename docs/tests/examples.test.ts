/** The programs that pages show are run as a reader runs them: with Node, against our broker. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningBroker, startBroker } from '../../broker/src/node/index.ts'
import { SITE } from '../scripts/lib/pages.mjs'

const LINES_MS_MAX = 40_000

describe('the first program with kafkajs', { timeout: 2 * LINES_MS_MAX }, () => {
  let broker: RunningBroker
  const children: ChildProcess[] = []

  beforeAll(async () => {
    broker = await startBroker()
  })
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL')
    await broker?.stop()
  })

  /** What it prints until it has read a record; then Ctrl-C, at which it ends by itself. */
  async function run(): Promise<string[]> {
    const program = join(SITE, 'examples', 'orders.mjs')
    const child = spawn(process.execPath, [program, broker.bootstrap], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.push(child)
    let printed = ''
    const ended = once(child, 'exit')
    for await (const chunk of child.stdout) {
      printed += chunk
      if (printed.includes('read ')) child.kill('SIGINT')
    }
    expect(await ended).toEqual([0, null])
    return printed.trim().split('\n')
  }

  it('makes a topic, sends a record and reads it; a second run goes on where the first has stopped', async () => {
    expect(await run()).toEqual(['sent to partition 1, offset 0', 'read 1:0 anna created'])
    expect(await run()).toEqual(['sent to partition 1, offset 1', 'read 1:1 anna created'])
  })
})
