/** Large requests: all stages run in turns, one is in memory at a time, and a disconnect cancels them. */
import { describe, expect, test } from 'vitest'
import { FuzzedBroker } from '../../test/long/fuzz/fuzzed-broker.ts'
import { ATTACKS, requestOf } from '../../test/long/requests/attacks.ts'
import { ApiVersionsRequest } from '../messages/api-versions.ts'
import { CreateTopicsRequest } from '../messages/create-topics.ts'
import { OffsetFetchRequest } from '../messages/offset-fetch.ts'
import { SeededRandom } from '../sim/seeded-random.ts'
import { frameOf } from '../sim/sim-client.ts'
import { VirtualTime } from '../sim/virtual-time.ts'
import { type Steps, Turns } from '../turns.ts'
import { MalformedError } from '../wire/reader.ts'
import { LargeRequest, LargeRequests } from './large-requests.ts'

const quietly = frameOf(ApiVersionsRequest, 0, 1, 1, {})
/** Each read of the clock takes this long. Work that does not read the clock takes no time, and is not cut into turns. */
const LOOK_MS = 0.1

/** From now on each read of the clock takes time. Returns how much time has passed in this way, in ms. */
function costlyLooks(time: VirtualTime): () => number {
  let lookedMs = 0
  const monotonicMs = time.monotonicMs.bind(time)
  time.monotonicMs = () => {
    lookedMs += LOOK_MS
    return monotonicMs() + lookedMs
  }
  return () => lookedMs
}

describe('API-3: an idle client is served while a large request is in work', () => {
  const small = ATTACKS.filter(({ name }) => !/tags|Metadata|Produce/.test(name))
  test.for(small.map((attack) => [attack.name, attack] as const))('%s', ([, attack]) => {
    const broker = new FuzzedBroker(new SeededRandom(1))
    const { time } = broker
    const attacker = broker.connect()
    const quiet = broker.connect()
    const looked = costlyLooks(time)
    const frames = [0.02, 0.2, 2].map((size) => attack.frame(size))
    attacker.connection.receive(frames.find(({ length }) => length > 50_000) ?? frames[2]!)
    let asked = 0
    const served: number[] = []
    while (attacker.frames.length === 0 && !attacker.connection.isClosed && time.step()) {
      const beforeMs = looked()
      quiet.connection.receive(quietly)
      asked++
      while (quiet.frames.length < asked && time.step()) {}
      served.push(looked() - beforeMs)
    }
    expect(broker.errors).toEqual([])
    expect(attacker.frames.length > 0 || attacker.connection.isClosed).toBe(true)
    // The request was cut into many turns, and the other client never waited longer than a few of them.
    expect(served.length).toBeGreaterThan(1)
    expect(Math.max(...served)).toBeLessThan(20)
  })
})

interface World {
  readonly time: VirtualTime
  readonly said: string[]
  request(name: string, bytes: number): LargeRequest
}

function world(): World {
  const time = new VirtualTime()
  const core = {
    clock: time,
    timers: { set: (delayMs: number, fire: () => void) => time.after(delayMs, fire) },
  }
  const turns = new Turns(core)
  const others = new LargeRequests(core.timers)
  const said: string[] = []
  const request = (name: string, bytes: number): LargeRequest => {
    const large = new LargeRequest(others, turns, {
      *decode(pace): Steps<void> {
        yield
        pace.claim(bytes)
        said.push(`decoded ${name}`)
      },
      done: () => void said.push(`handled ${name}`),
      failed: (error) => void said.push(`${name}: ${(error as Error).name}`),
    })
    large.begin()
    return large
  }
  return { time, said, request }
}
const LARGE = 5_000_000

describe('the memory of decoded requests', () => {
  test('LARGE-REQUESTS-1: the second large request waits until the first is done', () => {
    const { time, said, request } = world()
    const first = request('a', LARGE)
    request('b', LARGE)
    request('small', 1000)
    time.run(1000)
    expect(said).toEqual(['decoded a', 'handled a', 'decoded small', 'handled small'])
    first.over()
    time.run(1000)
    expect(said.slice(4)).toEqual(['decoded b', 'handled b'])
  })

  test('LARGE-REQUESTS-2: a waiting request whose client disconnected leaves the queue, and the next one starts', () => {
    const { time, said, request } = world()
    const first = request('a', LARGE)
    const gone = request('b', LARGE)
    const last = request('c', LARGE)
    gone.over()
    first.over()
    time.run(1000)
    expect(said).toEqual(['decoded a', 'handled a', 'decoded c', 'handled c'])
    last.over()
    last.over()
    request('d', LARGE)
    expect(said.slice(4)).toEqual(['decoded d', 'handled d'])
  })

  test('a request whose decoded form exceeds the limit is malformed', () => {
    const { said, request } = world()
    request('a', 2 ** 30)
    expect(said).toEqual([`a: ${new MalformedError('').name}`])
  })
})

test('a client that disconnects cancels its request', () => {
  const broker = new FuzzedBroker(new SeededRandom(1))
  const { time } = broker
  const looked = costlyLooks(time)
  const attacker = broker.connect()
  const groups = Array.from({ length: 20_000 }, (_, i) => ({ groupId: `g${i}`, topics: null }))
  attacker.connection.receive(frameOf(OffsetFetchRequest, 9, 2, 1, { groups }))
  for (let i = 0; i < 3; i++) time.step()
  attacker.connection.closed()
  const leftMs = looked()
  time.run(1000)
  expect(looked() - leftMs).toBeLessThan(20)
  expect(attacker.frames).toEqual([])
  expect(broker.errors).toEqual([])
})

describe('LARGE-REQUESTS-3: requests for the controller', () => {
  const create = (prefix: string, count: number): Uint8Array => {
    const topics = Array.from({ length: count }, (_, i) => ({
      name: `${prefix}${i}`,
      numPartitions: 1,
      replicationFactor: 1,
      assignments: [],
      configs: [],
    }))
    return requestOf(CreateTopicsRequest, 5, { topics, timeoutMs: 60_000 })
  }

  test('a large one waits until the one before is answered; a small one does not wait for it to be decoded', () => {
    const broker = new FuzzedBroker(new SeededRandom(1))
    const [first, second, small] = [broker.connect(), broker.connect(), broker.connect()]
    costlyLooks(broker.time)
    first.connection.receive(create('first', 400))
    second.connection.receive(create('second', 400))
    small.connection.receive(create('small', 1))
    const answers = () => [first, second, small].map(({ frames }) => frames.length)
    while (first.frames.length === 0 && broker.time.step()) expect(answers()[1]).toBe(0)
    while (second.frames.length === 0 && broker.time.step()) {}
    expect(answers()).toEqual([1, 1, 1])
    expect(broker.errors).toEqual([])
  })

  test('the next one is decoded although the client of the first has disconnected, after the first is decided', () => {
    const broker = new FuzzedBroker(new SeededRandom(1))
    const [first, second] = [broker.connect(), broker.connect()]
    costlyLooks(broker.time)
    first.connection.receive(create('first', 400))
    second.connection.receive(create('second', 400))
    for (let i = 0; i < 40; i++) broker.time.step()
    first.connection.closed()
    while (second.frames.length === 0 && broker.time.step()) {}
    expect(second.frames).toHaveLength(1)
    expect(broker.errors).toEqual([])
  })
})
