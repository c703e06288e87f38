import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Kafka } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inRepository } from './catalog.ts'
import { instance } from './instance.ts'
import { runSuite } from './judge/run-suite.ts'
import { WorkerPool } from './judge/worker-pool.ts'
import { defineSuite, type LabText } from './lab.ts'
import type { Trial } from './trial.ts'
import { KafkaBench } from './wire/bench.ts'
import { learnerClient } from './wire/learner-client.ts'

// What a suite can do with instances of a program: crash them, hold their requests, make zombies of them; and hand
// functions to them. The suite is made here, its one test is the body of each `it`.
interface Program {
  consume(kafka: Kafka, options: Options): Promise<{ stop(): Promise<void>; readonly group: string }>
  ask(store: unknown, key: string): Promise<unknown>
  within(store: unknown): Promise<unknown>
  caught(fail: (kind: string) => Promise<never>, kind: string): Promise<unknown>
  ticks(clock: { now(): number }): Promise<number[]>
  send(kafka: Kafka, topic: string, value: string): Promise<string>
}
interface Options {
  readonly topic: string
  readonly group: string
  readonly handler: (record: Got) => Promise<void>
}
interface Got {
  readonly partition: number
  readonly offset: number
  readonly value: string
}

const source = `
import type { Kafka } from 'kafkajs'
export async function consume(kafka: Kafka, { topic, group, handler }: any) {
  const consumer = kafka.consumer({ groupId: group, sessionTimeout: 30_000 })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message }) => {
      await handler({ partition, offset: Number(message.offset), value: String(message.value) })
      await consumer.commitOffsets([{ topic, partition, offset: String(Number(message.offset) + 1) }])
    },
  })
  return { group, stop: () => consumer.disconnect() }
}
export async function ask(store: any, key: string) {
  const again = store
  const before = await store.get(key)
  await again.put(key, (before ?? 0) + 1)
  try { await store.fail() } catch (error: any) { return [before, store.name, error.name, error.message, error.code] }
}
export async function caught(fail: any, kind: string) {
  return fail(kind).then(() => 'nothing', (error: any) => [typeof error, String(error)])
}
export async function within(store: any) {
  return store.transaction(async (tx: any) => (await tx.get('a')) + 1)
}
export async function ticks(clock: any) {
  return [clock.now(), clock.now(), clock.now()]
}
export async function send(kafka: Kafka, topic: string, value: string) {
  const producer = kafka.producer()
  await producer.connect()
  const [{ baseOffset }] = await producer.send({ topic, messages: [{ value }] })
  await producer.disconnect()
  return baseOffset!
}
`
const both = (text: string) => ({ en: text, ru: text })
const text = {
  id: '99',
  slug: 'trial',
  file: 'program.ts',
  track: 'use',
  title: both('Trial'),
  summary: both('Trial'),
  exports: ['consume', 'ask', 'caught', 'within', 'ticks', 'send'],
  hints: [both('1'), both('2'), both('3')],
  examples: [],
  tests: { one: { name: both('one'), says: { wrong: both('It was {got}.') } } },
} as const satisfies LabText

const folder = mkdtempSync(join(inRepository('labs'), '.instances-'))
const file = join(folder, 'program.ts')
const pool = new WorkerPool({ isClientNeeded: true })
let bench: KafkaBench

beforeAll(async () => {
  writeFileSync(file, source)
  bench = await KafkaBench.open({
    patienceMs: 8_000,
    ...(process.env.LAB_BOOTSTRAP === undefined ? {} : { bootstrap: process.env.LAB_BOOTSTRAP }),
  })
})
afterAll(async () => {
  await bench.close()
  await pool.renew(0)
  rmSync(folder, { recursive: true, force: true })
})

type Test = (t: Trial<'wrong'>, subject: Program, kafka: KafkaBench) => Promise<void>

async function judge(test: Test) {
  const suite = defineSuite<typeof text, Program, KafkaBench>(text, {
    parallel: true,
    wants: 'promise',
    isClientNeeded: true,
    gives: {
      consume: { object: { group: 'string', stop: { function: 'anything' } } },
      ask: 'anything',
      caught: 'anything',
      within: 'anything',
      ticks: { list: 'number' },
      send: 'string',
    },
    tests: { one: test },
  })
  const run = await runSuite(suite as never, bench, { file, seed: 1, patienceMs: 8_000, pool })
  const [result] = run.results
  if (result === undefined) throw new Error(JSON.stringify(run.trouble))
  return result
}

const passed = async (test: Test) => {
  const { status, says, did } = await judge(test)
  expect([status, says?.en, status === 'passed' ? undefined : did?.en]).toEqual([
    'passed',
    undefined,
    undefined,
  ])
}

/** A topic with so many records in one partition, and names that go with it. */
async function records(count: number) {
  const topic = await bench.topic('events', 1)
  await bench.fill(
    topic,
    Array.from({ length: count }, (_, i) => ({ partition: 0, value: `v${i}` })),
  )
  return { topic, group: bench.topicName('group') }
}

describe('functions among the arguments', { timeout: 60_000 }, () => {
  it('FUNCTIONS-1: an object with methods is called through; what one throws is thrown with name, message and data', () =>
    passed(async (t, subject) => {
      const held = new Map<string, number>([['a', 41]])
      const store = {
        name: 'memory',
        get: async (key: string) => held.get(key),
        put: async (key: string, value: number) => void held.set(key, value),
        fail: async () => {
          throw Object.assign(new RangeError('no such row'), { code: 'E_ROW' })
        },
      }
      const got = await subject.ask(store, 'a')
      t.check(JSON.stringify(got) === '[41,"memory","RangeError","no such row","E_ROW"]', 'wrong', {
        got: JSON.stringify(got),
      })
      t.check(held.get('a') === 42, 'wrong', { got: String(held.get('a')) })
    }))

  it('FUNCTIONS-1: what is no error is thrown as it is: a text, nothing', () =>
    passed(async (t, subject) => {
      const thrown: Record<string, unknown> = { text: 'no room', nothing: undefined, number: 0 }
      const fail = (kind: string) => Promise.reject(thrown[kind])
      for (const [kind, value] of Object.entries(thrown)) {
        const got = JSON.stringify(await subject.caught(fail, kind))
        t.check(got === JSON.stringify([typeof value, String(value)]), 'wrong', { got })
      }
    }))

  it('the learner’s code hands functions to it', () =>
    passed(async (t, subject) => {
      const store = {
        transaction: async (work: (tx: object) => Promise<unknown>) => work({ get: async () => 6 }),
      }
      t.check((await subject.within(store)) === 7, 'wrong', { got: 'another' })
    }))

  it('one that answers at once is not awaited', () =>
    passed(async (t, subject) => {
      let now = 100
      const got = await subject.ticks({ now: t.tools.atOnce(() => now++) })
      t.check(got.join() === '100,101,102', 'wrong', { got: got.join() })
    }))

  it('FUNCTIONS-2: an assertion that fails in one ends the check, and what was called is told', async () => {
    const { topic, group } = await records(3)
    const result = await judge(async (t, subject, kafka) => {
      const handler = async ({ offset }: Got) => t.check(offset === 0, 'wrong', { got: offset })
      const running = subject.consume(learnerClient(t, kafka).kafka, { topic, group, handler })
      await t.until(() => false, { during: running.then(() => new Promise(() => {})) })
    })
    expect(result).toMatchObject({ status: 'failed', case: 'wrong', says: { en: 'It was 1.' } })
    expect(result.did?.en).toContain('Your code called: handler ×2 (1 threw')
    expect(result.did?.ru).toContain('Ваш код вызвал: handler ×2')
  })

  it('an answer that comes later may be an object with methods', async () => {
    const { topic, group } = await records(2)
    await passed(async (t, subject, kafka) => {
      const seen: number[] = []
      const client = learnerClient(t, kafka)
      const handler = async ({ offset }: Got) => void seen.push(offset)
      const running = await subject.consume(client.kafka, { topic, group, handler })
      t.check((await t.until(() => seen.length === 2)) === 'holds', 'wrong', { got: seen.join() })
      t.check(running.group === group, 'wrong', { got: running.group })
      await running.stop()
      t.check((await client.hungUp()) === 0, 'wrong', { got: 'open' })
      t.check((await kafka.committed(group, topic))[0]?.offset === 2, 'wrong', { got: 'not committed' })
    })
  })
})

describe('a crash that the suite chooses', { timeout: 60_000 }, () => {
  it('INSTANCE-1: between handling and commit: the next instance gets the record again, without waiting for a session', async () => {
    const { topic, group } = await records(3)
    await passed(async (t, _subject, kafka) => {
      const gate = t.gate()
      const seen: string[] = []
      const handlerOf = (who: string) => async (record: Got) => {
        seen.push(`${who}${record.offset}`)
        if (who === 'a' && record.offset === 1) await gate.pass()
      }
      const one = await instance<Program>(t, kafka)
      const running = one.subject.consume(one.client().kafka, { topic, group, handler: handlerOf('a') })
      t.check((await t.until(() => gate.waiting === 1)) === 'holds', 'wrong', { got: seen.join() })
      await running
      t.check(one.members.length === 1, 'wrong', { got: `${one.members.length} members` })
      const startedAt = performance.now()
      await one.crash()
      gate.open()
      t.check((await kafka.group(group)).members.length === 0, 'wrong', { got: 'members' })
      t.inFlight(seen.length - ((await kafka.committed(group, topic))[0]?.offset ?? 0), 1)
      const two = await instance<Program>(t, kafka)
      await two.subject.consume(two.client().kafka, { topic, group, handler: handlerOf('b') })
      t.check((await t.until(() => seen.length === 4)) === 'holds', 'wrong', { got: seen.join() })
      t.check(seen.join() === 'a0,a1,b1,b2', 'wrong', { got: seen.join() })
      const ms = performance.now() - startedAt
      t.check(ms < 6_000, 'wrong', { got: `${Math.round(ms)} ms` })
      t.check(one.isGone && !two.isGone, 'wrong', { got: 'threads' })
    })
  })

  it('a request is held and never reaches the broker', async () => {
    const { topic, group } = await records(2)
    await passed(async (t, _subject, kafka) => {
      const one = await instance<Program>(t, kafka)
      const client = one.client()
      const commit = client.at('OffsetCommit', { nth: 2 }, 'hold-request')
      await one.subject.consume(client.kafka, { topic, group, handler: async () => {} })
      t.check((await t.until(() => commit.isReached)) === 'holds', 'wrong', { got: 'not reached' })
      t.check(commit.exchange.offsets?.[0]?.offset === 2, 'wrong', { got: JSON.stringify(commit.exchange) })
      t.check(client.answered('OffsetCommit').length === 1, 'wrong', { got: 'answered' })
      await one.crash()
      commit.release()
      const [committed] = await kafka.committed(group, topic)
      t.check(committed?.offset === 1, 'wrong', { got: String(committed?.offset) })
    })
  })

  it('INSTANCE-2: what each instance did is told under its name', async () => {
    const topic = await bench.topic('events', 1)
    const result = await judge(async (t, _subject, kafka) => {
      const one = await instance<Program>(t, kafka)
      const two = await instance<Program>(t, kafka, { name: { en: 'The payer', ru: 'Плательщик' } })
      await one.subject.send(one.client().kafka, topic, 'a')
      await two.subject.send(two.client().kafka, topic, 'b')
      t.check(false, 'wrong', { got: 'x' })
    })
    expect(result.did?.en).toMatch(
      /^Instance 1 asked for: .*Produce \(1 record.*The payer asked for: .*Produce/,
    )
    expect(result.did?.ru).toMatch(/^Экземпляр 1, запросы: .*Плательщик, запросы: /)
  })

  it('THREADS-1: an instance ends with its check', async () => {
    const started: { readonly isGone: boolean }[] = []
    await passed(async (t, _subject, kafka) => {
      started.push(await instance<Program>(t, kafka))
      t.check(started[0]?.isGone === false, 'wrong')
    })
    expect(started.map(({ isGone }) => isGone)).toEqual([true])
  })

  it('process.exit in an instance is the learner’s failure, a crash of the suite’s is none', async () => {
    writeFileSync(join(folder, 'program.ts'), source.replace('const again = store', 'process.exit(3)'))
    try {
      const result = await judge(async (t, _subject, kafka) => {
        const one = await instance<Program>(t, kafka)
        await one.subject.ask({ get: async () => 1 }, 'a')
        t.check(true, 'wrong')
      })
      expect(result).toMatchObject({ status: 'failed', kind: 'exit' })
    } finally {
      writeFileSync(join(folder, 'program.ts'), source)
    }
  })
})

describe('what the proxy does to single requests and answers', { timeout: 60_000 }, () => {
  for (const [what, copies] of [
    ['cut-before', 1],
    ['cut-after', 2],
  ] as const)
    it(`${what}: a producer that sends again has written ${copies}`, async () => {
      const topic = await bench.topic('events', 1)
      await passed(async (t, subject, kafka) => {
        const client = learnerClient(t, kafka)
        const cut = client.at('Produce', {}, what)
        await subject.send(client.kafka, topic, 'once')
        t.check(cut.isReached && client.asked('Produce').length === 2, 'wrong', { got: 'not cut' })
        const got = (await kafka.read(topic)).length
        t.check(got === copies, 'wrong', { got })
      })
    })

  it('an answer is held, and others write meanwhile', async () => {
    const topic = await bench.topic('events', 1)
    await passed(async (t, subject, kafka) => {
      const client = learnerClient(t, kafka)
      const point = client.at('Produce', { where: ({ records }) => records === 1 }, 'hold-answer')
      const sent = subject.send(client.kafka, topic, 'first')
      t.check((await t.until(() => point.isReached, { during: sent })) === 'holds', 'wrong', { got: 'late' })
      await kafka.fill(topic, [{ partition: 0, value: 'second' }])
      point.release()
      t.check((await sent) === '0', 'wrong', { got: await sent })
      t.check((await kafka.read(topic)).map(({ value }) => value).join() === 'first,second', 'wrong', {
        got: '',
      })
    })
  })

  it('an answer that is lost keeps the caller waiting; a client of a check that has ended is refused', async () => {
    const topic = await bench.topic('events', 1)
    let sockets = -1
    const result = await judge(async (t, subject, kafka) => {
      const client = learnerClient(t, kafka)
      const lost = client.at('Metadata', { nth: 'all' }, 'lose-answer')
      const sent = subject.send(client.kafka, topic, 'x')
      const how = await t.until(() => false, { during: sent, ms: 400 })
      sockets = client.openSockets()
      t.check(how === 'ended' && lost.isReached, 'wrong', { got: how })
    })
    expect(result).toMatchObject({ status: 'failed', says: { en: 'It was late.' } })
    expect(sockets).toBeGreaterThan(0)
  })
})

describe('pauses and zombies', { timeout: 60_000 }, () => {
  it('a zombie that was cut off and expelled is fenced when it commits', async () => {
    const { topic, group } = await records(2)
    await passed(async (t, _subject, kafka) => {
      const gate = t.gate()
      const seen: string[] = []
      const handlerOf = (who: string) => async (record: Got) => {
        seen.push(`${who}${record.offset}`)
        if (who === 'a') await gate.pass()
      }
      const one = await instance<Program>(t, kafka)
      const client = one.client()
      await one.subject.consume(client.kafka, { topic, group, handler: handlerOf('a') })
      t.check((await t.until(() => gate.waiting === 1)) === 'holds', 'wrong', { got: seen.join() })
      one.cutOff()
      await one.expel()
      const two = await instance<Program>(t, kafka)
      await two.subject.consume(two.client().kafka, { topic, group, handler: handlerOf('b') })
      t.check((await t.until(() => seen.includes('b1'))) === 'holds', 'wrong', { got: seen.join() })
      gate.letThrough(1)
      await t.quiet(() => client.asked('OffsetCommit').length)
      t.check(client.answered('OffsetCommit').length === 0, 'wrong', { got: 'not cut off' })
      one.letOn()
      const fenced = () => client.answered('OffsetCommit')[0]?.errors[0] ?? ''
      t.check((await t.until(() => fenced() !== '')) === 'holds', 'wrong', { got: 'no answer' })
      t.check(/UNKNOWN_MEMBER_ID|ILLEGAL_GENERATION/.test(fenced()), 'wrong', { got: fenced() })
    })
  })

  it('a frozen thread does nothing until it is thawed', async () => {
    const { topic, group } = await records(1)
    await passed(async (t, _subject, kafka) => {
      const one = await instance<Program>(t, kafka)
      const client = one.client()
      const seen: number[] = []
      const handler = async ({ offset }: Got) => void seen.push(offset)
      await one.subject.consume(client.kafka, { topic, group, handler })
      t.check((await t.until(() => client.answered('OffsetCommit').length === 1)) === 'holds', 'wrong')
      one.freeze()
      await t.quiet(() => client.exchanges.length, 300)
      const before = client.exchanges.length
      await kafka.fill(topic, [{ partition: 0, value: 'later' }])
      await t.quiet(() => seen.length, 400)
      t.check(client.exchanges.length === before && seen.length === 1, 'wrong', { got: seen.length })
      one.thaw()
      t.check((await t.until(() => seen.length === 2)) === 'holds', 'wrong', { got: seen.length })
    })
  })

  it('too little in flight is inconclusive, and a scenario is tried again', async () => {
    let tries = 0
    const result = await judge((t) =>
      t.tries(3, async () => {
        tries++
        t.inFlight(1, 2)
      }),
    )
    expect(tries).toBe(3)
    expect(result.status).toBe('inconclusive')
    expect(result.says?.en).toContain('1 record was in flight, and it takes 2')
    expect(result.says?.ru).toContain('была 1 запись')
  })
})
