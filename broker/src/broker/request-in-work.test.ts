import { expect, test } from 'vitest'
import { FuzzedBroker } from '../../test/long/fuzz/fuzzed-broker.ts'
import { api } from '../api/api.ts'
import { mapInTurns } from '../api/in-turns.ts'
import { MetadataRequest, MetadataResponse } from '../messages/metadata.ts'
import { SeededRandom } from '../sim/seeded-random.ts'
import { frameOf } from '../sim/sim-client.ts'

const CLIENTS = 60
const TOPICS = Array.from({ length: 1000 }, (_, i) => `topic-${i}`)

/** Many clients ask for a list at the same time. Returns how many lists were begun and not yet sent, at most. */
function mostInWork(isLarge: boolean): number {
  const broker = new FuzzedBroker(new SeededRandom(1))
  const { time } = broker
  let begun = 0
  const listing = api({
    request: MetadataRequest,
    response: MetadataResponse,
    isLarge: () => isLarge,
    *steps({ turns }) {
      begun++
      return { topics: yield* mapInTurns(turns, TOPICS, (name) => ({ name })) }
    },
  })
  Object.assign(broker.broker.services, { apis: new Map([[MetadataRequest.apiKey, listing]]) })
  // Each read of the clock takes a tenth of a ms: so the list and its encoding take many turns.
  let lookedMs = 0
  const monotonicMs = time.monotonicMs.bind(time)
  time.monotonicMs = () => {
    lookedMs += 0.1
    return monotonicMs() + lookedMs
  }
  const clients = Array.from({ length: CLIENTS }, () => broker.connect())
  const ask = frameOf(MetadataRequest, 9, 2, 1, { topics: null })
  for (const { connection } of clients) connection.receive(ask)
  const answered = (): number => clients.reduce((sum, { frames }) => sum + frames.length, 0)
  let most = 0
  while (answered() < CLIENTS && time.step()) most = Math.max(most, begun - answered())
  expect([answered(), begun, broker.errors]).toEqual([CLIENTS, CLIENTS, []])
  return most
}

test('of many large responses eight are in work at a time, from the first item to the last byte', () => {
  expect(mostInWork(true)).toBe(8)
  expect(mostInWork(false)).toBeGreaterThan(30)
})

test('the place of a request whose client disconnects is given to the next one', () => {
  const broker = new FuzzedBroker(new SeededRandom(1))
  let begun = 0
  const listing = api({
    request: MetadataRequest,
    response: MetadataResponse,
    isLarge: () => true,
    *steps() {
      begun++
      for (;;) yield
    },
  })
  Object.assign(broker.broker.services, { apis: new Map([[MetadataRequest.apiKey, listing]]) })
  const clients = Array.from({ length: 20 }, () => broker.connect())
  const ask = frameOf(MetadataRequest, 9, 2, 1, { topics: null })
  let lookedMs = 0
  const monotonicMs = broker.time.monotonicMs.bind(broker.time)
  broker.time.monotonicMs = () => {
    lookedMs += 1
    return monotonicMs() + lookedMs
  }
  for (const { connection } of clients) connection.receive(ask)
  for (let i = 0; i < 100; i++) broker.time.step()
  expect(begun).toBe(8)
  // Those in work, and some that wait.
  for (const { connection } of clients.slice(0, 11)) connection.closed()
  for (let i = 0; i < 100; i++) broker.time.step()
  expect(begun).toBeGreaterThanOrEqual(15)
})
