import { describe, expect, test } from 'vitest'
import { bytesOf, type Core } from '../core.ts'
import { VirtualTime } from '../sim/virtual-time.ts'
import { Turns } from '../turns.ts'
import { FrameAssembler, InvalidFrameError } from '../wire/framing.ts'
import { MalformedError } from '../wire/reader.ts'
import { type Answer, Connection } from './connection.ts'
import { FrameMemory } from './frame-memory.ts'
import { RequestMemory } from './request-memory.ts'
import { ResponseMemory } from './response-memory.ts'

const frame = (...body: number[]): Uint8Array => Uint8Array.of(0, 0, 0, body.length, ...body)
const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]))

describe('frames', () => {
  test('FRAMING-1: a stream cut at any place gives the same frames', () => {
    const stream = join(frame(1, 2, 3), frame(), frame(9))
    for (let cut = 0; cut <= stream.length; cut++) {
      const frames = new FrameAssembler(100)
      const got: number[][] = []
      for (const piece of [stream.slice(0, cut), stream.slice(cut)]) {
        frames.push(piece)
        for (let next = frames.next(); next; next = frames.next()) got.push([...next])
      }
      expect(got).toEqual([[1, 2, 3], [], [9]])
    }
  })

  test('FRAMING-2: a negative size and one above the limit are refused before their bytes are there', () => {
    for (const size of [Uint8Array.of(0xff, 0xff, 0xff, 0xff), Uint8Array.of(0, 0, 0, 101)]) {
      const frames = new FrameAssembler(100)
      frames.push(size)
      expect(() => frames.next()).toThrow(InvalidFrameError)
    }
  })
})

const NO_TIMERS: Core['timers'] = {
  set: () => {
    throw new Error('nobody waits')
  },
}

/** Turns under the test's control: `settle` runs all that wait. */
function ownTurns() {
  const later: (() => void)[] = []
  const turns = new Turns({
    clock: { monotonicMs: () => 0 },
    timers: { ...NO_TIMERS, soon: (fire) => void later.push(fire) },
  })
  const settle = (): void => {
    for (let next = later.shift(); next; next = later.shift()) next()
  }
  return { turns, settle }
}

/** The handler does not keep a frame that begins with this byte. */
const LENT = 7

/** A connection whose handler holds each reply until the test sends it. */
function connected(
  options: { slow?: boolean; memory?: RequestMemory; frameMemory?: FrameMemory; frameBytesMax?: number } = {},
) {
  const sent: number[][] = []
  const waiting: {
    frame: number[]
    buffer: ArrayBufferLike
    reply: (answer: Answer, throttleMs?: number) => void
  }[] = []
  const events: string[] = []
  const timers: { ms: number; fire: () => void; cancel: () => void }[] = []
  const set = (ms: number, fire: () => void) => {
    const timer = { ms, fire, cancel: () => void timers.splice(timers.indexOf(timer), 1) }
    timers.push(timer)
    return timer
  }
  const { turns, settle } = ownTurns()
  const connection = new Connection({
    id: 1,
    turns,
    core: { log: (_level, message) => events.push(message), timers: { set } } as Pick<
      Core,
      'log' | 'timers'
    > as Core,
    frameBytesMax: options.frameBytesMax ?? 100,
    memory: options.memory ?? new RequestMemory(-1, { set }),
    frameMemory: options.frameMemory ?? new FrameMemory(),
    responses: new ResponseMemory(1000),
    readAheadBytes: 1,
    transport: {
      remoteHost: '127.0.0.1',
      send: (chunks) => {
        sent.push(chunks.flatMap((chunk) => [...bytesOf(chunk)]))
        return !options.slow
      },
      close: () => events.push('hung up'),
      resume: () => events.push('resume'),
    },
    handle: (bytes, connection, reply) => {
      if (bytes[0] === 66) throw new MalformedError('66 makes no sense')
      if (bytes[0] === LENT) connection.reuseAfterReply(bytes)
      const replyAndSettle: typeof reply = (...answer) => {
        reply(...answer)
        settle()
      }
      waiting.push({ frame: [...bytes], buffer: bytes.buffer, reply: replyAndSettle })
    },
    onClosed: () => events.push('closed'),
  })
  return { connection, sent, waiting, events, timers, settle }
}

describe('a connection', () => {
  test('CONNECTION-1: requests that came in one piece are handled one per turn', () => {
    const { connection, waiting, sent } = connected()
    connection.receive(join(frame(1), frame(2), frame(3)))
    for (let i = 0; i < 3; i++) waiting[i]!.reply([Uint8Array.of(i)])
    expect(sent).toEqual([[0], [1], [2]])
  })

  test('CONNECTION-2: requests that came before the client disconnected are not handled', () => {
    const { connection, waiting, events, settle } = connected()
    connection.receive(join(frame(1), frame(2), frame(3)))
    connection.closed()
    waiting[0]!.reply([Uint8Array.of(1)])
    settle()
    expect(waiting).toHaveLength(1)
    expect(events).toEqual(['closed'])
  })

  test('CONNECTION-8: requests that came before a FIN are handled, then the connection closes', () => {
    const { turns, settle } = ownTurns()
    const said: string[] = []
    const connection = new Connection({
      id: 1,
      turns,
      core: { log: () => {} } as Pick<Core, 'log'> as Core,
      frameBytesMax: 100,
      memory: new RequestMemory(-1, NO_TIMERS),
      frameMemory: new FrameMemory(),
      responses: new ResponseMemory(1000),
      transport: { remoteHost: 'x', send: () => true, close: () => said.push('hung up') },
      handle: (bytes, _connection, reply) => {
        said.push(`handled ${bytes[0]}`)
        reply('no response')
      },
      onClosed: () => {},
    })
    connection.receive(join(frame(1), frame(2), frame(3), Uint8Array.of(0, 0, 0, 9, 4)))
    connection.ended()
    settle()
    expect(said).toEqual(['handled 1', 'handled 2', 'handled 3', 'hung up'])
  })

  test('CONNECTION-8: a FIN while a request is delayed counts as a disconnect', () => {
    const { connection, waiting, events } = connected()
    const forgotten: number[] = []
    connection.receive(join(frame(1), frame(2)))
    connection.onDisconnect(() => forgotten.push(1))
    connection.ended()
    expect(forgotten).toEqual([1])
    expect(waiting).toHaveLength(1)
    expect(events).toEqual(['closed', 'hung up'])
  })

  test('CONNECTION-4: a throttled client gets its response at once, and is not read from until the throttle time ends', () => {
    const { connection, sent, waiting, events, timers, settle } = connected()
    connection.receive(join(frame(1), frame(2)))
    waiting[0]!.reply([Uint8Array.of(10)], 250)
    expect(sent).toEqual([[10]])
    expect(waiting).toHaveLength(1)
    expect(connection.wantsBytes).toBe(false)
    expect(timers.map(({ ms }) => ms)).toEqual([250])
    timers[0]!.fire()
    settle()
    expect(waiting.map((each) => each.frame)).toEqual([[1], [2]])
    waiting[1]!.reply([Uint8Array.of(20)])
    expect(connection.wantsBytes).toBe(true)
    expect(events).toEqual(['resume'])
  })

  test('a rejected client is not read from, and is disconnected when the throttle time ends', () => {
    const { connection, waiting, events, timers } = connected()
    connection.closeAfter(500)
    connection.receive(frame(1))
    expect(waiting).toEqual([])
    timers[0]!.fire()
    expect(events).toEqual(['closed', 'hung up'])
  })

  test('CONNECTION-4: a throttled client that disconnects leaves no timer behind', () => {
    const { connection, waiting, timers } = connected()
    connection.receive(frame(1))
    waiting[0]!.reply('no response', 250)
    connection.closed()
    expect(timers).toEqual([])
  })

  test('CONNECTION-1: the second request is handled only after the first is answered', () => {
    const { connection, sent, waiting } = connected()
    connection.receive(join(frame(1), frame(2)))
    expect(waiting.map((each) => each.frame)).toEqual([[1]])
    expect(connection.wantsBytes).toBe(false)
    waiting[0]!.reply([Uint8Array.of(10)])
    expect(waiting.map((each) => each.frame)).toEqual([[1], [2]])
    waiting[1]!.reply([Uint8Array.of(20)])
    expect(sent).toEqual([[10], [20]])
    expect(connection.wantsBytes).toBe(true)
  })

  test('CONNECTION-1: while a client does not read its response, its next request waits', () => {
    const { connection, waiting, events, settle } = connected({ slow: true })
    connection.receive(join(frame(1), frame(2)))
    waiting[0]!.reply([Uint8Array.of(10)])
    expect(waiting.length).toBe(1)
    connection.drained()
    settle()
    expect(waiting.length).toBe(2)
    expect(events).toEqual(['resume'])
  })

  test('CONNECTION-2: a reply after the close is dropped', () => {
    const { connection, sent, waiting } = connected()
    connection.receive(frame(1))
    connection.closed()
    waiting[0]!.reply([Uint8Array.of(10)])
    expect(sent).toEqual([])
  })

  test('CONNECTION-3: malformed bytes close the connection, with one log line that says why', () => {
    const { connection, waiting, events } = connected()
    connection.receive(join(frame(66), frame(1)))
    expect(events).toEqual(['closed 127.0.0.1: 66 makes no sense', 'closed', 'hung up'])
    connection.receive(frame(2))
    expect(waiting).toEqual([])
  })

  test('a thousand requests in one piece, answered within the call, do not grow the stack', () => {
    let served = 0
    const { turns, settle } = ownTurns()
    const connection = new Connection({
      id: 1,
      turns,
      core: { log: () => {} } as Pick<Core, 'log'> as Core,
      frameBytesMax: 100,
      memory: new RequestMemory(-1, NO_TIMERS),
      frameMemory: new FrameMemory(),
      responses: new ResponseMemory(1000),
      transport: { remoteHost: 'x', send: () => true, close: () => {} },
      handle: (_bytes, _connection, reply) => {
        served++
        reply('no response')
      },
      onClosed: () => {},
    })
    connection.receive(join(...Array.from({ length: 20_000 }, () => frame(7))))
    settle()
    expect(served).toBe(20_000)
  })

  test('CONNECTION-7: the memory of a frame is reused after its answer, if its handler keeps nothing, and not before', () => {
    const frameMemory = new FrameMemory()
    const givenBack: ArrayBufferLike[] = []
    frameMemory.release = ({ buffer }) => void givenBack.push(buffer)
    const { connection, waiting } = connected({ frameMemory, frameBytesMax: 10_000 })
    const large = (first: number) => Uint8Array.of(0, 0, 0x20, 0, first, ...new Uint8Array(0x1fff))
    const isGivenBack = (i: number): boolean => givenBack.includes(waiting[i]!.buffer)
    for (const [i, first] of [LENT, 1].entries()) {
      connection.receive(large(first))
      expect(isGivenBack(i)).toBe(false)
      waiting[i]!.reply('no response')
      expect(isGivenBack(i)).toBe(first === LENT)
    }
  })

  test('CONNECTION-7: if a client disconnects before its answer, the handler keeps the memory of the frame', () => {
    const frameMemory = new FrameMemory()
    const { connection, waiting } = connected({ frameMemory, frameBytesMax: 10_000 })
    connection.receive(Uint8Array.of(0, 0, 0x20, 0, LENT, ...new Uint8Array(0x1fff)))
    connection.closed()
    const others = frameMemory.take(0x2000)
    waiting[0]!.reply('no response')
    expect(frameMemory.take(0x2000).buffer).not.toBe(others.buffer)
  })

  test('after `receive` returns, the caller may reuse the memory of the piece', () => {
    const { connection, waiting } = connected()
    const piece = new Uint8Array(6)
    const stream = join(frame(1, 2, 3), frame(4, 5), frame(6, 8, 9, 10))
    for (let at = 0; at < stream.length; at += piece.length) {
      const length = Math.min(piece.length, stream.length - at)
      piece.set(stream.subarray(at, at + length))
      connection.receive(piece.subarray(0, length))
      piece.fill(0xee)
    }
    for (let i = 0; i < 3; i++) waiting[i]!.reply('no response')
    expect(waiting.map(({ frame }) => frame)).toEqual([
      [1, 2, 3],
      [4, 5],
      [6, 8, 9, 10],
    ])
  })

  test('CONNECTION-5, REQUEST-MEMORY-1: a frame is read when memory is available, and releases it after it is handled', () => {
    const time = new VirtualTime()
    const memory = new RequestMemory(10, { set: (delayMs, fire) => time.after(delayMs, fire) }, 0)
    const [one, two, three] = [connected({ memory }), connected({ memory }), connected({ memory })]
    const large = Uint8Array.of(0, 0, 0, 20)
    one.connection.receive(large)
    expect(one.connection.wantsBytes).toBe(true)
    two.connection.receive(frame(2))
    expect(two.connection.wantsBytes).toBe(false)
    three.connection.receive(frame(3))
    three.connection.closed()
    one.connection.receive(new Uint8Array(20))
    expect(one.waiting).toHaveLength(1)
    expect(two.waiting).toHaveLength(0)
    time.run(1)
    two.settle()
    expect(two.waiting.map((each) => each.frame)).toEqual([[2]])
    expect(two.events).toEqual(['resume'])
    expect(three.waiting).toHaveLength(0)
  })

  test('CONNECTION-5, REQUEST-MEMORY-1: a connection that closes in the middle of a frame releases its memory', () => {
    const time = new VirtualTime()
    const memory = new RequestMemory(10, { set: (delayMs, fire) => time.after(delayMs, fire) }, 0)
    const [one, two] = [connected({ memory }), connected({ memory })]
    one.connection.receive(Uint8Array.of(0, 0, 0, 20, 1))
    two.connection.receive(frame(2))
    expect(two.waiting).toHaveLength(0)
    one.connection.closed()
    time.run(1)
    two.settle()
    expect(two.waiting).toHaveLength(1)
  })

  test('REQUEST-MEMORY-3: a client that stalls in the middle of a large frame is disconnected when others wait for memory', () => {
    const time = new VirtualTime()
    const memory = new RequestMemory(10, { set: (delayMs, fire) => time.after(delayMs, fire) }, 5)
    const [one, two, small] = [connected({ memory }), connected({ memory }), connected({ memory })]
    one.connection.receive(Uint8Array.of(0, 0, 0, 20, 1))
    time.run(60_000)
    expect(one.events).toEqual([])
    two.connection.receive(frame(2, 2, 2, 2, 2, 2))
    small.connection.receive(frame(3))
    expect(small.waiting).toHaveLength(1)
    time.run(21_000)
    two.settle()
    expect(one.events).toContain(
      'closed 127.0.0.1: the client stopped in the middle of a request, and other clients wait for its memory',
    )
    expect(two.waiting).toHaveLength(1)
    expect(time.step()).toBe(false)
  })

  test('CONNECTION-6: a disconnect cancels the delayed request; after the answer there is nothing to cancel', () => {
    const { connection, waiting } = connected()
    const forgotten: number[] = []
    connection.receive(join(frame(1), frame(2)))
    connection.onDisconnect(() => forgotten.push(1))
    waiting[0]!.reply([Uint8Array.of(10)])
    connection.onDisconnect(() => forgotten.push(2))
    connection.closed()
    expect(forgotten).toEqual([2])
    connection.onDisconnect(() => forgotten.push(3))
    connection.closed()
    expect(forgotten).toEqual([2])
  })

  test('CONNECTION-3: a failure in the middle of an answer closes this connection, and throws nothing to the caller', () => {
    const { connection, events } = connected()
    connection.receive(frame(1))
    connection.fail(new Error('encode: our mistake'))
    expect(events).toEqual(['closed 127.0.0.1: encode: our mistake', 'closed', 'hung up'])
  })
})
