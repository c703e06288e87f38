import { describe, expect, test } from 'vitest'
import { ChannelStage, HEARTBEAT, heartbeatAnswer } from '../../test/far-node.ts'
import { SeededRandom } from '../sim/seeded-random.ts'
import { ErrorCode } from '../wire/errors.ts'

describe('a node that answers', () => {
  test('CHANNEL-1, CHANNEL-2: requests go out in order, the next one after the response of the last', () => {
    const stage = new ChannelStage()
    stage.ask('a')
    stage.ask('b')
    expect([stage.links.length, stage.results]).toEqual([1, []])
    stage.link.open()
    expect(stage.link.groups).toEqual(['a'])
    stage.link.answer()
    expect(stage.told()).toEqual(['a ok 0'])
    expect(stage.link.groups).toEqual(['a', 'b'])
    stage.link.answer(ErrorCode.REBALANCE_IN_PROGRESS)
    expect(stage.told()).toEqual(['b ok 27'])
    stage.time.run(120_000)
    expect([stage.told(), stage.links.length, stage.timersLeft]).toEqual([[], 1, 0])
  })

  test('CHANNEL-1: as many may be unanswered as the purpose allows', () => {
    const stage = new ChannelStage({ inFlightMax: 2 })
    for (const name of ['a', 'b', 'c']) stage.ask(name)
    stage.link.open()
    expect(stage.link.groups).toEqual(['a', 'b'])
    const [, a, b] = stage.link.received
    stage.link.answer(1, a)
    expect(stage.link.groups).toEqual(['a', 'b', 'c'])
    stage.link.answer(2, b)
    stage.link.answer(3)
    expect(stage.told()).toEqual(['a ok 1', 'b ok 2', 'c ok 3'])
  })

  test('a response may come byte by byte, and two in one piece', () => {
    const stage = new ChannelStage({ inFlightMax: 2 })
    stage.ask('a')
    stage.link.open()
    for (const byte of heartbeatAnswer(stage.link.last, 5)) {
      expect(stage.results).toEqual([])
      stage.link.push(Uint8Array.of(byte))
    }
    expect(stage.told()).toEqual(['a ok 5'])
    stage.ask('b')
    stage.ask('c')
    const [b, c] = stage.link.received.slice(-2)
    stage.link.push(Uint8Array.of(...heartbeatAnswer(b!, 6), ...heartbeatAnswer(c!, 7)))
    expect(stage.told()).toEqual(['b ok 6', 'c ok 7'])
  })

  test('the memory of received bytes may be reused after the call', () => {
    const stage = new ChannelStage()
    for (const cut of [1, 3, 4, 7, 10]) {
      stage.ask('a')
      if (cut === 1) stage.link.open()
      const frame = heartbeatAnswer(stage.link.last, 5)
      const shared = new Uint8Array(frame.length)
      for (const part of [frame.subarray(0, cut), frame.subarray(cut)]) {
        shared.set(part)
        stage.link.push(shared.subarray(0, part.length))
        shared.fill(0xff)
      }
      expect(stage.told()).toEqual(['a ok 5'])
    }
  })

  test('names itself in its requests', () => {
    const stage = new ChannelStage()
    stage.ask('a')
    stage.link.open()
    expect(stage.link.received.map(({ clientId }) => clientId)).toEqual(['tester', 'tester'])
  })
})

describe('versions', () => {
  test('a request goes out in the highest version that both nodes know', () => {
    const stage = new ChannelStage()
    stage.ask('a')
    stage.link.accept()
    expect(stage.link.last).toMatchObject({ apiKey: 18, version: 4 })
    stage.link.agree({ min: 1, max: 3 })
    expect(stage.link.last).toMatchObject({ apiKey: 12, version: 3 })
    stage.link.answer()
    expect(stage.told()).toEqual(['a ok 0'])
  })

  test('KIP-511: a node that does not know our ApiVersions is asked in a version that it knows', () => {
    const stage = new ChannelStage()
    stage.ask('a')
    stage.link.accept()
    const apiKeys = [{ apiKey: 18, minVersion: 0, maxVersion: 2 }]
    stage.link.answerVersions({ errorCode: ErrorCode.UNSUPPORTED_VERSION, apiKeys }, 0)
    expect(stage.link.last).toMatchObject({ apiKey: 18, version: 2 })
    stage.link.agree()
    stage.link.answer()
    expect(stage.told()).toEqual(['a ok 0'])
  })

  test('KIP-511: without a range version 0 is tried, and then the connection is closed', () => {
    const stage = new ChannelStage()
    stage.ask('a')
    stage.link.accept()
    stage.link.answerVersions({ errorCode: ErrorCode.UNSUPPORTED_VERSION }, 0)
    expect(stage.link.last).toMatchObject({ apiKey: 18, version: 0 })
    stage.link.answerVersions({ errorCode: ErrorCode.UNSUPPORTED_VERSION }, 0)
    stage.time.run(0)
    expect([stage.told(), stage.link.isClosed]).toEqual([['a not connected'], true])
  })

  test('CHANNEL-3: no common version fails this request only, and later than `send`', () => {
    for (const served of ['none' as const, { min: 5, max: 7 }]) {
      const stage = new ChannelStage()
      stage.ask('a')
      stage.link.accept()
      stage.link.agree(served)
      expect(stage.results).toEqual([])
      stage.time.run(0)
      expect(stage.told()).toEqual(['a unsupported version'])
      stage.ask('b')
      expect(stage.results).toEqual([])
      stage.time.run(0)
      expect([stage.told(), stage.link.isClosed, stage.timersLeft]).toEqual([
        ['b unsupported version'],
        false,
        0,
      ])
    }
  })

  test('a request that can not be made in the agreed version fails as well, and the next one goes out', () => {
    const stage = new ChannelStage()
    const outcomes: string[] = []
    stage.channel.send(
      HEARTBEAT,
      (version) => {
        throw new Error(`nothing to say in version ${version}`)
      },
      (result) => outcomes.push(result.ok ? 'ok' : `${result.failure}: ${result.reason}`),
    )
    stage.ask('b')
    stage.link.open()
    stage.link.answer()
    stage.time.run(0)
    expect(outcomes).toEqual(['unsupported version: nothing to say in version 4'])
    expect(stage.told()).toEqual(['b ok 0'])
  })
})

describe('CHANNEL-3: what can go wrong', () => {
  test('no address, or no network: not connected, later than `send`', () => {
    const stage = new ChannelStage()
    stage.endpoint = undefined
    stage.ask('a')
    expect(stage.results).toEqual([])
    stage.time.run(0)
    expect(stage.told()).toEqual(['a not connected'])
    stage.endpoint = { host: 'far', port: 1 }
    stage.ask('b')
    stage.time.run(100)
    stage.link.open().answer()
    expect(stage.told()).toEqual(['b ok 0'])
  })

  test('refused: everything that waits is not connected', () => {
    const stage = new ChannelStage()
    stage.ask('a')
    stage.ask('b')
    stage.link.breakOff('refused')
    stage.time.run(0)
    expect(stage.told()).toEqual(['a not connected', 'b not connected'])
    expect(stage.log).toEqual(['warn no connection to node 2: refused'])
  })

  test('not accepted in time: not connected, and the next attempt has more time', () => {
    const setup = { initialMs: 1000, maxMs: 8000 }
    const stage = new ChannelStage({ setup })
    const waits: number[] = []
    for (let i = 0; i < 4; i++) {
      stage.ask('a')
      while (stage.links.length <= i) stage.time.step()
      const startMs = stage.time.now()
      while (stage.results.length === 0) stage.time.step()
      waits.push((stage.time.now() - startMs) / 1000)
      expect([stage.told(), stage.link.isClosed]).toEqual([['a not connected'], true])
    }
    for (const [i, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(0.8 * 2 ** i)
      expect(wait).toBeLessThanOrEqual(Math.min(8, 1.2 * 2 ** i))
    }
  })

  test('broken: what was sent is disconnected, what waits goes out over the next connection', () => {
    const stage = new ChannelStage()
    stage.ask('a')
    stage.ask('b')
    stage.link.open().breakOff()
    expect(stage.told()).toEqual(['a disconnected'])
    stage.time.run(100)
    expect(stage.links.length).toBe(2)
    stage.link.open().answer()
    expect(stage.told()).toEqual(['b ok 0'])
    expect(stage.links.map(({ groups }) => groups)).toEqual([['a'], ['b']])
  })

  test('broken while nothing was asked: the next request opens a connection', () => {
    const stage = new ChannelStage()
    stage.ask('a')
    stage.link.open().answer()
    stage.link.breakOff('idle')
    stage.time.run(60_000)
    expect(stage.links.length).toBe(1)
    stage.ask('b')
    stage.link.open().answer()
    expect(stage.told()).toEqual(['a ok 0', 'b ok 0'])
  })

  test('CHANNEL-6: not answered in time: timed out; a late response is not taken for another one', () => {
    const stage = new ChannelStage({ inFlightMax: 2, requestTimeoutMs: 1000 })
    stage.ask('a')
    stage.link.open()
    stage.time.run(500)
    stage.ask('b')
    stage.ask('c')
    stage.time.run(500)
    const [old] = stage.links
    expect(stage.told()).toEqual(['a timed out', 'b disconnected'])
    expect(old!.isClosed).toBe(true)
    old!.answer(1, old!.received[1])
    old!.breakOff()
    stage.time.run(100)
    stage.link.open().answer(2)
    expect(stage.told()).toEqual(['c ok 2'])
    expect(stage.timersLeft).toBe(0)
  })

  test('ApiVersions not answered in time: not connected', () => {
    const stage = new ChannelStage({ requestTimeoutMs: 1000 })
    stage.ask('a', { timeoutMs: 10_000 })
    stage.link.accept()
    stage.time.run(1000)
    expect([stage.told(), stage.link.isClosed]).toEqual([['a not connected'], true])
  })

  test('not sent in time: not connected, although the node answers others', () => {
    const stage = new ChannelStage()
    stage.ask('a')
    stage.link.open()
    stage.ask('b', { timeoutMs: 100 })
    stage.time.run(100)
    expect(stage.told()).toEqual(['b not connected'])
    stage.link.answer()
    expect([stage.told(), stage.link.groups]).toEqual([['a ok 0'], ['a']])
  })

  test('the time of a request begins anew when it is sent', () => {
    const stage = new ChannelStage({ requestTimeoutMs: 1000 })
    stage.ask('a')
    stage.time.run(900)
    stage.link.open()
    stage.time.run(900)
    expect(stage.results).toEqual([])
    stage.time.run(100)
    expect(stage.told()).toEqual(['a timed out'])
  })
})

describe('CHANNEL-5: a node that breaks the protocol', () => {
  test('a wrong correlation id ends the connection', () => {
    const stage = new ChannelStage()
    stage.ask('a')
    stage.ask('b')
    const { last } = stage.link.open()
    stage.link.answer(0, { ...last, correlationId: last.correlationId + 1 })
    expect([stage.told(), stage.link.isClosed]).toEqual([['a disconnected'], true])
    expect(stage.log.at(-1)).toMatch(/response 2 came for request 1, HeartbeatRequest/)
    stage.time.run(100)
    stage.link.open().answer()
    expect(stage.told()).toEqual(['b ok 0'])
  })

  test('a response for which no request was sent ends the connection, also in the piece of another one', () => {
    const stage = new ChannelStage()
    stage.ask('a')
    const { last } = stage.link.open()
    const answer = heartbeatAnswer(last, 0)
    stage.link.push(Uint8Array.of(...answer, ...answer))
    expect([stage.told(), stage.link.isClosed]).toEqual([['a ok 0'], true])
    stage.ask('b')
    stage.time.run(100)
    stage.link.accept()
    stage.link.agree()
    stage.link.answer()
    expect(stage.told()).toEqual(['b ok 0'])
  })

  const garbage = {
    'a body that ends too early': Uint8Array.of(0, 0, 0, 6, 0, 0, 0, 1, 0, 0),
    'a negative size': Uint8Array.of(0xff, 0xff, 0xff, 0xff),
    'no correlation id': Uint8Array.of(0, 0, 0, 2, 0, 0),
  }
  for (const [what, bytes] of Object.entries(garbage))
    test(`${what} ends the connection`, () => {
      const stage = new ChannelStage()
      stage.ask('a')
      stage.link.open().push(bytes)
      expect([stage.told(), stage.link.isClosed]).toEqual([['a disconnected'], true])
    })

  test('bytes after the end of a connection are not looked at', () => {
    const stage = new ChannelStage()
    stage.ask('a')
    const { link } = stage
    link.open().breakOff()
    link.push(Uint8Array.of(0xff, 0xff, 0xff, 0xff))
    link.breakOff()
    expect(stage.told()).toEqual(['a disconnected'])
  })
})

describe('CHANNEL-4: a caller that tries again at once', () => {
  test('opens connections further and further apart, up to the maximum', () => {
    const stage = new ChannelStage()
    const again = (): void => stage.ask('a', { after: again })
    again()
    const times: number[] = []
    while (stage.links.length < 10) {
      const { length } = stage.links
      times.push(stage.time.now())
      stage.link.breakOff('refused')
      while (stage.links.length === length) stage.time.step()
    }
    const waits = times.slice(1).map((at, i) => at - times[i]!)
    for (const [i, wait] of waits.entries()) {
      const expected = Math.min(500, 50 * 2 ** i)
      expect(wait).toBeGreaterThanOrEqual(0.8 * expected)
      expect(wait).toBeLessThanOrEqual(Math.min(500, 1.2 * expected + 1))
    }
    stage.channel.close()
  })

  test('begins with the shortest wait after a connection that worked', () => {
    const stage = new ChannelStage()
    const again = (): void => stage.ask('a', { after: again })
    again()
    for (let i = 0; i < 5; i++) {
      stage.link.breakOff('refused')
      stage.time.run(600)
    }
    stage.link.open().breakOff()
    const { length } = stage.links
    stage.time.run(39)
    expect(stage.links.length).toBe(length)
    stage.time.run(22)
    expect(stage.links.length).toBe(length + 1)
    stage.channel.close()
  })

  test('with seeds of their own two nodes do not come back at the same moment', () => {
    const waits = [1, 2, 3, 4].map((seed) => {
      const stage = new ChannelStage({}, seed)
      stage.ask('a')
      stage.link.breakOff()
      stage.ask('b')
      const startMs = stage.time.now()
      while (stage.links.length < 2) stage.time.step()
      return stage.time.now() - startMs
    })
    expect(new Set(waits).size).toBeGreaterThan(1)
  })
})

describe('CHANNEL-7, CHANNEL-2: after close', () => {
  const states: Record<string, (stage: ChannelStage) => void> = {
    'before the first request': () => {},
    'while it connects': (stage) => stage.ask('a'),
    'while it agrees on versions': (stage) => {
      stage.ask('a')
      stage.link.accept()
    },
    'with requests that are sent and that wait': (stage) => {
      stage.ask('a')
      stage.ask('b')
      stage.link.open()
    },
    'in the backoff': (stage) => {
      stage.ask('a')
      stage.link.breakOff()
      stage.ask('b')
    },
    'with a failure on its way': (stage) => {
      stage.ask('a')
      stage.link.accept()
      stage.link.agree('none')
    },
  }
  for (const [when, bring] of Object.entries(states))
    test(`${when}: no timer, no connection, no callback`, () => {
      const stage = new ChannelStage()
      bring(stage)
      stage.channel.close()
      expect(stage.timersLeft).toBe(0)
      expect(stage.links.every(({ isClosed }) => isClosed)).toBe(true)
      const { length } = stage.links
      stage.ask('late')
      stage.time.run(120_000)
      stage.channel.close()
      expect([stage.results, stage.links.length]).toEqual([[], length])
    })

  test('within a callback: the others are not called', () => {
    const stage = new ChannelStage({ inFlightMax: 3 })
    stage.ask('a', { after: () => stage.channel.close() })
    stage.ask('b')
    stage.ask('c')
    stage.link.open().breakOff()
    stage.time.run(60_000)
    expect([stage.told(), stage.timersLeft]).toEqual([['a disconnected'], 0])
  })

  test('within the callback of a response: what came behind it is not looked at', () => {
    const stage = new ChannelStage({ inFlightMax: 2 })
    stage.ask('a', { after: () => stage.channel.close() })
    stage.ask('b')
    const [, a, b] = stage.link.open().received
    stage.link.push(Uint8Array.of(...heartbeatAnswer(a!, 0), ...heartbeatAnswer(b!, 0)))
    expect([stage.told(), stage.timersLeft, stage.link.isClosed]).toEqual([['a ok 0'], 0, true])
  })
})

test('CHANNEL-8: a node that has moved is called at its new address; a request in flight still gets its response', () => {
  const stage = new ChannelStage()
  stage.ask('a')
  stage.link.open()
  stage.endpoint = { host: 'far', port: 9093 }
  stage.ask('b')
  stage.link.answer()
  expect(stage.links.map(({ address, isClosed }) => [address, isClosed])).toEqual([
    ['far:9092', true],
    ['far:9093', false],
  ])
  stage.link.open().answer()
  stage.endpoint = undefined
  stage.ask('c')
  stage.link.answer()
  expect(stage.told()).toEqual(['a ok 0', 'b ok 0', 'c ok 0'])
})

test('CHANNEL-1, CHANNEL-2, CHANNEL-7: whatever the far node does, each request is sent at most once, in order, and ends once', () => {
  const endings = new Set<string>()
  for (let seed = 0; seed < 300; seed++) {
    const random = new SeededRandom(seed)
    const stage = new ChannelStage({ inFlightMax: 1 + random.int(3), requestTimeoutMs: 2000 }, seed)
    let asked = 0
    let opened = 0
    for (let step = 0; step < 60; step++) {
      if (random.chance(50)) stage.ask(`${asked++}`)
      if (stage.links.length > opened) {
        opened = stage.links.length
        if (random.chance(30)) stage.link.breakOff()
        else if (random.chance(80)) stage.link.accept()
      }
      const link = stage.links.at(-1)
      const open = link?.received.at(-1)
      if (link && open && !link.isClosed) {
        if (open.apiKey === 18) link.agree()
        else if (random.chance(10)) link.breakOff()
        else if (random.chance(5)) link.push(Uint8Array.of(0, 0, 0, 4, 9, 9, 9, 9))
        else if (random.chance(60)) {
          const next = link.received[1 + answeredOn(stage, link.groups)]
          if (next) link.answer(0, next)
        }
      }
      stage.time.run(random.int(500))
    }
    stage.endpoint = undefined
    for (const link of stage.links) if (!link.isClosed) link.breakOff()
    stage.time.run(60_000)
    const sent = stage.links.flatMap(({ groups }) => groups.map(Number))
    expect(sent).toEqual([...new Set(sent)].sort((a, b) => a - b))
    const ended = stage.results.map((line) => Number(line.split(' ')[0])).sort((a, b) => a - b)
    expect(ended).toEqual(Array.from({ length: asked }, (_, i) => i))
    for (const line of stage.results) endings.add(line.slice(line.indexOf(' ') + 1))
    expect(stage.timersLeft).toBe(0)
  }
  expect([...endings].sort()).toEqual(['disconnected', 'not connected', 'ok 0', 'timed out'])
})

/** How many of these requests have ended. */
function answeredOn({ results }: ChannelStage, groups: readonly string[]): number {
  const ended = new Set(results.map((line) => line.split(' ')[0]))
  return groups.filter((name) => ended.has(name)).length
}
