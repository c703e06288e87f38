/** The comparison itself: two of our own brokers, and scenarios with intentional faults. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningBroker, startBroker } from '../src/node/index.ts'
import { LEDGER } from './ledger/all.ts'
import { compare } from './run.ts'
import type { Recorder, Scenario } from './scenario.ts'
import { playOn } from './scenario.ts'

let brokers: RunningBroker[]
let ours: string
let kafka: string
beforeAll(async () => {
  brokers = await Promise.all([startBroker(), startBroker()])
  ;[ours, kafka] = brokers.map(({ bootstrap }) => bootstrap) as [string, string]
})
afterAll(async () => void (await Promise.all(brokers.map((broker) => broker.stop()))))

const testScenario = (name: string, play: Scenario['play'], more: Partial<Scenario> = {}): Scenario => ({
  name,
  standsFor: 'a test',
  play,
  ...more,
})

test('DIFFERENCES-1, COMPARE-RUN-3: an unexplained difference fails, and so does a scenario that throws', async () => {
  const { unexplained } = await compare(ours, kafka, [
    testScenario('alike', async ({ note }) => note('it', 1)),
    testScenario('differs', async ({ note, bootstrap }) => note('it', bootstrap === ours ? 1 : 2)),
    testScenario('breaks off on both', async () => {
      throw new Error('no more')
    }),
  ])
  expect(unexplained.map(({ scenario, ours, kafka }) => [scenario, ours, kafka])).toEqual([
    ['differs', 1, 2],
    ['breaks off on both', 'no more', 'no more'],
  ])
})

test('DIFFERENCES-2: an entry of the ledger that explains nothing in its scenario is stale', async () => {
  const entry = LEDGER.find(({ scenario }) => !scenario.includes('*'))!
  const { stale } = await compare(ours, kafka, [
    testScenario(entry.scenario, async ({ note }) => note('it', 1)),
  ])
  expect(stale).toContain(entry)
  expect((await compare(ours, kafka, [testScenario('another', async () => {})])).stale).not.toContain(entry)
})

test('COMPARE-RUN-1, COMPARE-RUN-2: some scenarios run before all others, some after; results are in the given order', async () => {
  const order: string[] = []
  const play =
    (name: string): Scenario['play'] =>
    async ({ bootstrap, quietly }) => {
      await quietly('ApiVersions', 0, {})
      if (bootstrap === ours) order.push(name)
    }
  const { compared } = await compare(ours, kafka, [
    testScenario('alone', play('alone'), { alone: true }),
    testScenario('one', play('one')),
    testScenario('two', play('two')),
    testScenario('first', play('first'), { first: true }),
  ])
  expect([order[0], order.slice(1, 3).sort(), order[3]]).toEqual(['first', ['one', 'two'], 'alone'])
  expect(compared.map(({ scenario }) => scenario.name)).toEqual(['alone', 'one', 'two', 'first'])
})

test('COMPARE-RUN-4: a difference that does not occur again is reported as unsteady', async () => {
  let times = 0
  const { compared, unexplained } = await compare(ours, kafka, [
    testScenario('once', async ({ note, bootstrap }) => {
      if (bootstrap === ours) times++
      note('it', bootstrap === ours && times === 1 ? 'late' : 'in time')
    }),
  ])
  expect(unexplained).toEqual([])
  expect(compared[0]!.unsteady.map(({ ours }) => ours)).toEqual(['late'])
  expect(times).toBe(2)
})

test('SCENARIO-1: responses are in the order of their requests, even if a later one came first', async () => {
  let came: string[] = []
  const { answers } = await playOn(
    ours,
    'run',
    testScenario('waits', async ({ call, another, topic }: Recorder) => {
      const { name } = await topic()
      const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }]
      const fetch = { maxWaitMs: 300, minBytes: 1, topics: [{ topic: name, partitions }] }
      came = []
      await Promise.all([
        another()
          .call('Fetch', 11, fetch)
          .then(() => came.push('Fetch')),
        call('ApiVersions', 0, {}).then(() => came.push('ApiVersions')),
      ])
    }),
  )
  expect(came).toEqual(['ApiVersions', 'Fetch'])
  expect(answers.map(({ to }) => to)).toEqual(['Fetch v11', 'ApiVersions v0'])
})

test('SCENARIO-2: a scenario that throws keeps its responses, and the error', async () => {
  const order = await playOn(
    ours,
    'run',
    testScenario('breaks off', async ({ call }) => {
      await call('ApiVersions', 0, {})
      throw new Error('no more')
    }),
  )
  expect(order.answers.map(({ to }) => to)).toEqual(['ApiVersions v0'])
  expect(order.brokeOff).toBe('no more')
})

test('COMPARE-LINE-2: a closed connection is recorded as the response, and the next request gets its response', async () => {
  const partitionData = [{ index: 0, records: new Uint8Array(0) }]
  const nowhere = { acks: 0, timeoutMs: 100, topicData: [{ name: 'nowhere', partitionData }] }
  const { answers } = await playOn(
    ours,
    'run',
    testScenario('hangs up', async ({ call }) => {
      await call('Produce', 7, nowhere)
      await call('ApiVersions', 0, {})
    }),
  )
  expect(answers[0]).toEqual({ to: 'Produce v7', response: 'hung up' })
  expect(answers[1]!.response).toMatchObject({ errorCode: 0 })
})
