/** The terminal of lab 13: what a line does, and what it may not do on a cluster that was given. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, run, runAll, stateOf } from '../../13-command-line/terminal.ts'
import { startLabBroker } from '../../engine/wire/bench.ts'

describe('a terminal', { timeout: 60_000 }, () => {
  let broker: Awaited<ReturnType<typeof startLabBroker>>
  beforeAll(async () => {
    broker = await startLabBroker()
  })
  afterAll(() => broker.stop())
  const ours = () => ({ bootstrap: broker.bootstrap, ours: true })
  const given = () => ({ bootstrap: broker.bootstrap, ours: false })

  it('runs lines until one fails', async () => {
    const create = 'kafka-topics --create --topic a --partitions 2'
    const ran = await runAll(ours(), [create, create, 'kafka-topics --list'], ['a'])
    expect(ran.map(({ code }) => code)).toEqual([0, 1])
    expect(await stateOf(ours(), 'a')).toMatchObject({ partitions: 2 })
    expect(await stateOf(ours(), 'b')).toBeUndefined()
  })

  it('a line that no tool understands ends with 1 and says why', async () => {
    const ran = await run(ours(), 'kafka-topics --creat', [])
    expect(ran).toMatchObject({ code: 1, hasEnded: true, err: ['creat is not a recognized option'] })
  })

  it('TERMINAL-1: a line that waits is ended', async () => {
    await run(ours(), 'kafka-topics --create --topic waits', [])
    const ran = await run(ours(), 'kafka-console-consumer --topic waits', [])
    expect(ran).toMatchObject({ code: 0, hasEnded: false, out: [] })
  })

  it('TERMINAL-2: what a case does not mention is left alone on a cluster that was given', async () => {
    await run(ours(), 'kafka-topics --create --topic theirs', [])
    for (const line of [
      'kafka-topics --delete --topic theirs',
      'kafka-configs --alter --entity-type topics --entity-name theirs --add-config retention.ms=1',
      'kafka-configs --alter --entity-type brokers --entity-default --add-config message.max.bytes=5000',
      'kafka-console-consumer --topic mine --group theirs --timeout-ms 100',
      'kafka-consumer-groups --reset-offsets --group mine --topic theirs:0 --to-latest --execute',
    ]) {
      const { code, err } = await run(given(), line, ['mine'])
      expect([line, code, err.at(-1)]).toEqual([line, 1, expect.stringContaining('was not run')])
    }
    expect(await stateOf(ours(), 'theirs')).toBeDefined()
  })

  it('reads once on our broker, and again elsewhere', async () => {
    let reads = 0
    const read = async () => ++reads
    expect(await eventually(ours(), read, (value) => value === 3)).toBe(1)
    expect(await eventually(given(), read, (value) => value === 3)).toBe(3)
  })
})
