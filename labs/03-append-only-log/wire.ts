/**
 * Lab 03 on the wire: a broker whose user topics are kept by the learner's log, and kafkajs around it. The
 * broker is always ours and in this process, for only there the log can be replaced.
 */
import type { LogFactory, LogPart } from 'offset-zero-broker/src/log/log-part.ts'
import type { CaseOf, Surroundings } from '../engine/lab.ts'
import { type Cell, cellIn, compareTable, type Picture } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import { KafkaBench } from '../engine/wire/bench.ts'
import type { text } from './lab.ts'

/** How long the consumer may be silent before it is given up, ms. */
const silenceMsMax = 5_000

export class LogBench {
  /** Rejects with EnvironmentTrouble when the broker did not start; only the test on the wire minds. */
  readonly kafka: Promise<KafkaBench>
  readonly #slot: { make: LogFactory | undefined }

  private constructor(kafka: Promise<KafkaBench>, slot: { make: LogFactory | undefined }) {
    this.kafka = kafka
    this.#slot = slot
  }

  /** Starts the broker before there is a log to run it on: a topic asks for one when it is created. */
  static async open(surroundings: Surroundings): Promise<LogBench> {
    const slot: { make: LogFactory | undefined } = { make: undefined }
    const log: LogFactory = (topic, partition) => {
      if (slot.make === undefined) throw new Error(`lab 03: no log was given for ${topic}-${partition}`)
      return slot.make(topic, partition)
    }
    // The rehearsal is on a broker of its own, which keeps its log itself.
    if (surroundings.isRehearsed === true)
      await KafkaBench.open({ patienceMs: surroundings.patienceMs, isRehearsed: true })
        .then((rehearsed) => rehearsed.close())
        .catch(() => {})
    const kafka = KafkaBench.open({ patienceMs: surroundings.patienceMs }, { parts: { log } })
    await kafka.catch(() => {})
    return new LogBench(kafka, slot)
  }

  useLog(make: LogFactory): void {
    this.#slot.make = make
  }

  async close(): Promise<void> {
    const kafka = await this.kafka
    await kafka.close()
  }
}

/** The learner's log, with its calls written down. */
class Witness implements LogPart {
  readonly calls: Cell[] = []
  error: unknown
  readonly #log: LogPart
  constructor(log: LogPart) {
    this.#log = log
  }
  get startOffset(): number {
    return this.#log.startOffset
  }
  get endOffset(): number {
    return this.#log.endOffset
  }
  append(batch: Uint8Array, count: number): number {
    const { length } = batch
    const name = { en: `append(${length} B, ${count})`, ru: `append(${length} Б, ${count})` }
    return this.#call(name, () => this.#log.append(batch, count))
  }
  read(offset: number, maxBytes: number): Uint8Array[] {
    return this.#call(`read(${offset})`, () => this.#log.read(offset, maxBytes))
  }
  #call<T>(name: Cell, run: () => T): T {
    const came = (what: string) => {
      const line = (lang: 'en' | 'ru') => `${cellIn(lang, name)} → ${what}`
      this.calls.push({ en: line('en'), ru: line('ru') })
    }
    try {
      const result = run()
      came(Array.isArray(result) ? `×${result.length}` : String(result))
      return result
    } catch (error) {
      // A consumer that asks beyond the end is told so by the broker: the bounds are not an accident.
      came(show(error))
      this.error ??= error
      throw error
    }
  }
}

type WireTrial = Trial<CaseOf<typeof text, 'wire-kafkajs'>>

export async function runOnBroker(t: WireTrial, makeLog: () => LogPart, bench: LogBench): Promise<void> {
  const witness = new Witness(makeLog())
  bench.useLog(() => witness)
  const kafka = await bench.kafka
  const topic = await kafka.topic('journal', 1)
  const draw = (): Picture => ({
    kind: 'timeline',
    lanes: witness.calls.slice(0, 10).map((call, i) => ({ name: `${i + 1}`, cells: [call], wrong: [] })),
  })
  const mustNotThrow = () => {
    const message = witness.error instanceof Error ? witness.error.message : show(witness.error)
    t.check(witness.error === undefined, 'threw', { message }, draw)
  }
  const sent: string[] = []
  let inside = 0
  const producer = kafka.client({ retry: { retries: 0 } }).producer()
  await producer.connect()
  try {
    for (const count of t.dice.shuffle([2, 3, 4, 5])) {
      const messages = t.dice.freshWords(count).map((value) => ({ value }))
      const wanted = sent.length
      const answer = await producer.send({ topic, messages }).catch((error: unknown) => error)
      mustNotThrow()
      const got = Array.isArray(answer) ? String(answer[0]?.baseOffset) : show(answer)
      t.check(got === String(wanted), 'acknowledged', { got, wanted }, draw)
      // The last record of the second batch: inside it, and not at its beginning.
      if (inside === 0 && wanted > 0) inside = wanted + count - 1
      sent.push(...messages.map(({ value }) => value))
    }
  } finally {
    await producer.disconnect()
  }
  t.check(witness.calls.length > 0, 'unused')
  // From the beginning, and from the middle of a batch: kafkajs skips what lies before.
  for (const from of [0, inside]) {
    const got = await readFrom(kafka, topic, from, sent.length - from)
    mustNotThrow()
    t.check(
      got.length >= sent.length - from,
      'silence',
      { got: got.length, wanted: sent.length - from },
      draw,
    )
    const rows = Array.from({ length: Math.max(got.length, sent.length - from) }, (_, i) => ({
      left: [],
      expected: i + from < sent.length ? `${i + from}: ${sent[i + from]}` : '—',
      got: got[i] ?? '—',
    }))
    const isSame = rows.every((row) => row.expected === row.got)
    t.check(isSame, 'differs', {}, () => compareTable(rows, []))
  }
}

/** What a consumer gets that starts at `from`, as `offset: value`; fewer than `count` when it falls silent. */
async function readFrom(kafka: KafkaBench, topic: string, from: number, count: number): Promise<string[]> {
  const got: string[] = []
  const consumer = kafka.client().consumer({ groupId: kafka.topicName('reader'), maxWaitTimeInMs: 50 })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  let timer: NodeJS.Timeout | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(resolve, silenceMsMax)
      const eachMessage = async ({ message }: { message: { offset: string; value: Buffer | null } }) => {
        got.push(`${message.offset}: ${message.value?.toString() ?? null}`)
        if (got.length >= count) resolve()
      }
      consumer.run({ autoCommit: false, eachMessage }).catch(reject)
      if (from > 0) consumer.seek({ topic, partition: 0, offset: String(from) })
    })
  } finally {
    clearTimeout(timer)
    await Promise.race([consumer.disconnect(), new Promise((resolve) => setTimeout(resolve, 1_000))])
  }
  return got
}
