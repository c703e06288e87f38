/** The comparison itself: two of our own brokers, and scenarios with intentional faults. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningBroker, startBroker } from '../src/node/index.ts'
import { LEDGER } from './ledger/all.ts'
import { compare } from './run.ts'
import type { Scenario, Teller } from './scenario.ts'
import { tellTo } from './scenario.ts'

let brokers: RunningBroker[]
let ours: string
let kafka: string
beforeAll(async () => {
  brokers = await Promise.all([startBroker(), startBroker()])
  ;[ours, kafka] = brokers.map(({ bootstrap }) => bootstrap) as [string, string]
})
afterAll(async () => void (await Promise.all(brokers.map((broker) => broker.stop()))))

const story = (name: string, tell: Scenario['tell'], more: Partial<Scenario> = {}): Scenario => ({
  name,
  standsFor: 'a test',
  tell,
  ...more,
})

test('DIFFERENCES-1, COMPARE-RUN-3: an unexplained difference fails, and so does a scenario that throws', async () => {
  const { unexplained } = await compare(ours, kafka, [
    story('alike', async ({ note }) => note('it', 1)),
    story('differs', async ({ note, bootstrap }) => note('it', bootstrap === ours ? 1 : 2)),
    story('breaks off on both', async () => {
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
  const { stale } = await compare(ours, kafka, [story(entry.scenario, async ({ note }) => note('it', 1))])
  expect(stale).toContain(entry)
  expect((await compare(ours, kafka, [story('another', async () => {})])).stale).not.toContain(entry)
})

test('COMPARE-RUN-1, COMPARE-RUN-2: some scenarios run before all others, some after; results are in the given order', async () => {
  const told: string[] = []
  const tell =
    (name: string): Scenario['tell'] =>
    async ({ bootstrap, quietly }) => {
      await quietly('ApiVersions', 0, {})
      if (bootstrap === ours) told.push(name)
    }
  const { compared } = await compare(ours, kafka, [
    story('alone', tell('alone'), { alone: true }),
    story('one', tell('one')),
    story('two', tell('two')),
    story('first', tell('first'), { first: true }),
  ])
  expect([told[0], told.slice(1, 3).sort(), told[3]]).toEqual(['first', ['one', 'two'], 'alone'])
  expect(compared.map(({ scenario }) => scenario.name)).toEqual(['alone', 'one', 'two', 'first'])
})

test('COMPARE-RUN-4: a difference that does not occur again is reported as unsteady', async () => {
  let times = 0
  const { compared, unexplained } = await compare(ours, kafka, [
    story('once', async ({ note, bootstrap }) => {
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
  const { answers } = await tellTo(
    ours,
    'run',
    story('waits', async ({ call, another, topic }: Teller) => {
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
  const told = await tellTo(
    ours,
    'run',
    story('breaks off', async ({ call }) => {
      await call('ApiVersions', 0, {})
      throw new Error('no more')
    }),
  )
  expect(told.answers.map(({ to }) => to)).toEqual(['ApiVersions v0'])
  expect(told.brokeOff).toBe('no more')
})

test('COMPARE-LINE-2: a closed connection is recorded as the response, and the next request gets its response', async () => {
  const partitionData = [{ index: 0, records: new Uint8Array(0) }]
  const nowhere = { acks: 0, timeoutMs: 100, topicData: [{ name: 'nowhere', partitionData }] }
  const { answers } = await tellTo(
    ours,
    'run',
    story('hangs up', async ({ call }) => {
      await call('Produce', 7, nowhere)
      await call('ApiVersions', 0, {})
    }),
  )
  expect(answers[0]).toEqual({ to: 'Produce v7', response: 'hung up' })
  expect(answers[1]!.response).toMatchObject({ errorCode: 0 })
})
