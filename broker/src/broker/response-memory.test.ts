import { describe, expect, test } from 'vitest'
import type { Chunk, Core } from '../core.ts'
import { VirtualTime } from '../sim/virtual-time.ts'
import { Turns } from '../turns.ts'
import { Connection } from './connection.ts'
import { FrameMemory } from './frame-memory.ts'
import { RequestMemory } from './request-memory.ts'
import { ResponseMemory } from './response-memory.ts'

const MEGABYTE = 1_048_576

/** Ten megabytes for all; each reader notes what of it is dropped. */
function memory() {
  const responses = new ResponseMemory(10 * MEGABYTE)
  const dropped: string[] = []
  const reader = (name: string) => ({
    dropUnread: (bytes: number) => dropped.push(`${name} ${bytes / MEGABYTE}`),
  })
  const response = (megabytes: number): Chunk[] => [new Uint8Array(megabytes * MEGABYTE)]
  return { responses, dropped, reader, response }
}

describe('RESPONSE-MEMORY-1: unread responses', () => {
  test('are all held up to the limit', () => {
    const { responses, dropped, reader, response } = memory()
    for (const name of ['a', 'b']) responses.hold(reader(name), response(5))
    expect(dropped).toEqual([])
  })

  test('above the limit, those that wait longest are dropped', () => {
    const { responses, dropped, reader, response } = memory()
    for (const name of ['a', 'b', 'c', 'd']) responses.hold(reader(name), response(3))
    expect(dropped).toEqual(['a 3'])
    responses.hold(reader('e'), response(7))
    expect(dropped).toEqual(['a 3', 'b 3', 'c 3'])
  })

  test('the newest one is held, however large it is', () => {
    const { responses, dropped, reader, response } = memory()
    responses.hold(reader('a'), response(1))
    responses.hold(reader('b'), response(40))
    expect(dropped).toEqual(['a 1'])
  })

  test('a response that was read, a small one, and slices of files do not count', () => {
    const { responses, dropped, reader, response } = memory()
    const a = reader('a')
    responses.hold(a, response(9))
    responses.release(a)
    responses.release(a)
    const slice = { length: 50 * MEGABYTE } as Exclude<Chunk, Uint8Array>
    responses.hold(reader('b'), [new Uint8Array(100), slice])
    for (let i = 0; i < 1000; i++) responses.hold(reader('small'), [new Uint8Array(60_000)])
    responses.hold(reader('c'), response(9))
    expect(dropped).toEqual([])
  })
})

test('RESPONSE-MEMORY-1: a client that asks and does not read is disconnected when others need the memory, at once', () => {
  const time = new VirtualTime()
  const timers = { set: (delayMs: number, fire: () => void) => time.after(delayMs, fire) }
  const turns = new Turns({ clock: time, timers })
  const responses = new ResponseMemory(10 * MEGABYTE)
  const story: string[] = []
  const connect = (id: number): Connection =>
    new Connection({
      id,
      turns,
      core: { log: (_level: string, message: string) => story.push(message), timers } as unknown as Core,
      frameBytesMax: 100,
      memory: new RequestMemory(-1, timers),
      responses,
      frameMemory: new FrameMemory(),
      transport: {
        remoteHost: `host ${id}`,
        send: () => false,
        close: () => story.push(`${id} closed`),
        abort: () => story.push(`${id} aborted`),
      },
      handle: (_frame, _connection, reply) => reply([new Uint8Array(6 * MEGABYTE)]),
      onClosed: () => {},
    })
  const ask = Uint8Array.of(0, 0, 0, 1, 7)
  const [first, second, third] = [connect(1), connect(2), connect(3)]
  first.receive(ask)
  time.run(10)
  expect(story).toEqual([])
  second.receive(ask)
  time.run(10)
  expect(story).toEqual([
    'closed host 1: the client does not read its response, and others need its memory',
    '1 aborted',
  ])
  expect(first.isClosed).toBe(true)
  second.drained()
  third.receive(ask)
  time.run(10)
  expect(second.isClosed).toBe(false)
  expect(story).toHaveLength(2)
})
