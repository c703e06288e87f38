/**
 * A group at work: workers of the learner's, each with a client of its own, and a note of all that they were told and
 * handed. What a check starts here, `end` stops.
 */
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { type LearnerClient, learnerClient } from '../engine/wire/learner-client.ts'
import type { recordCases } from './messages-group.ts'
import { nameOf } from './shares.ts'
import type { ConsumerGroups, Handed, Settings, TopicPartition, Worker } from './subject.ts'

type RecordCase = keyof typeof recordCases

/** One worker of the group. */
export interface Hand {
  /** 'A' is the first that joined. */
  readonly name: string
  readonly client: LearnerClient
  readonly settings: Settings
  /** What onAssigned was called with, call by call. */
  readonly told: (readonly TopicPartition[])[]
  readonly handed: Handed[]
  /** Records of partitions that it had not been told of, when they came. */
  readonly tooSoon: Handed[]
  readonly starting: Promise<unknown>
  worker: Worker | undefined
}

interface Terms {
  readonly groupId: string
  readonly topics: readonly string[]
  readonly sessionMs?: number
  readonly heartbeatMs?: number
  /** What the handler does with a record, before its promise is fulfilled. */
  readonly work?: (record: Handed) => Promise<void>
}

/** Short enough that a rebalance takes a moment; long enough that heartbeats cost little. */
const heartbeats = [110, 130, 150] as const
/** A broker allows 6 s at least, if nobody has set it otherwise. */
const sessionMs = { least: 6_100, most: 7_900 }

export class Crew {
  readonly hands: Hand[] = []
  readonly #t: Trial<string>
  readonly #subject: ConsumerGroups
  readonly bench: KafkaBench
  readonly #gates: { open(): void }[] = []

  constructor(t: Trial<string>, subject: ConsumerGroups, bench: KafkaBench) {
    this.#t = t
    this.#subject = subject
    this.bench = bench
  }

  /** How long a rebalance may take, as the page says, ms. A cluster that is not ours waits for three seconds before a first one. */
  get patienceMs(): number {
    return this.bench.ours ? 5_000 : 9_000
  }

  /** A gate that is opened when the check ends, whatever comes. */
  gate() {
    const gate = this.#t.gate()
    this.#gates.push(gate)
    return gate
  }

  /** Waits until a record has come to a worker that waits at this gate. */
  async inHand(gate: { readonly waiting: number }): Promise<void> {
    await this.#t.until(() => gate.waiting > 0, { ms: this.patienceMs })
    this.#t.check(gate.waiting > 0, 'none', { seconds: this.patienceMs / 1_000 })
  }

  /** Begins to start a worker. */
  start(terms: Terms): Hand {
    const t = this.#t
    const name = String.fromCharCode(65 + this.hands.length)
    const client = learnerClient(t, this.bench, { name: { en: `Worker ${name}`, ru: `Воркер ${name}` } })
    const told: (readonly TopicPartition[])[] = []
    const handed: Handed[] = []
    const tooSoon: Handed[] = []
    const settings: Settings = {
      groupId: terms.groupId,
      topics: terms.topics,
      sessionMs: terms.sessionMs ?? t.dice.int(sessionMs.least, sessionMs.most),
      heartbeatMs: terms.heartbeatMs ?? t.dice.pick(heartbeats),
      onAssigned: async (partitions) => {
        told.push(Array.isArray(partitions) ? partitions : [])
      },
      onRecord: async (record) => {
        const isTold = told.at(-1)?.some((one) => nameOf(one) === nameOf(record)) === true
        if (!isTold) tooSoon.push(record)
        handed.push(record)
        await terms.work?.(record)
      },
    }
    const call = this.#subject.startWorker(client.kafka, settings)
    const starting = call.then((worker) => {
      hand.worker = worker
    })
    starting.catch(() => {})
    const hand: Hand = { name, client, settings, told, handed, tooSoon, starting, worker: undefined }
    this.hands.push(hand)
    return hand
  }

  /** Starts a worker, and waits until it runs. */
  async join(terms: Terms): Promise<Hand> {
    const hand = this.start(terms)
    await hand.starting
    return hand
  }

  /** Waits until a worker has been told that it has exactly these. */
  async told(hand: Hand, wanted: readonly TopicPartition[]): Promise<void> {
    const [names, ms] = [namesOf(wanted), this.patienceMs]
    await this.#t.until(() => namesOf(has(hand)) === names, { ms })
    const facts = { worker: hand.name, wanted: shown(wanted), got: lastTold(hand) }
    this.#t.check(namesOf(has(hand)) === names, 'untold', facts)
  }

  /** Waits until each of these workers was told at each rebalance that it took part in. */
  async toldEachTime(hands: readonly Hand[]): Promise<void> {
    const rebalances = ({ client }: Hand) =>
      client.answered('SyncGroup').filter(({ errors }) => errors.length === 0).length
    const untold = () => hands.find((hand) => hand.told.length < rebalances(hand))
    await this.#t.until(() => untold() === undefined, { ms: 500 })
    const hand = untold()
    this.#t.check(hand === undefined, 'untoldAgain', {
      worker: hand?.name ?? '',
      rebalances: hand === undefined ? 0 : rebalances(hand),
      got: hand?.told.length ?? 0,
    })
  }

  /** Waits until these workers share all of these partitions, evenly. */
  async shared(hands: readonly Hand[], wanted: readonly TopicPartition[]): Promise<void> {
    const isShared = () => {
      const counts = hands.map((hand) => has(hand).length)
      const isEven = Math.max(...counts) - Math.min(...counts) < 2
      return isEven && namesOf(hands.flatMap(has)) === namesOf(wanted)
    }
    await this.#t.until(isShared, { ms: this.patienceMs })
    const facts = {
      names: hands.map(({ name }) => name).join(', '),
      got: hands.map((hand) => `${hand.name}: ${lastTold(hand)}`).join('; '),
      wanted: shown(wanted),
    }
    this.#t.check(isShared(), 'unshared', facts)
  }

  /** Opens all gates and stops all workers; waits a second at most. */
  async end(): Promise<void> {
    for (const gate of this.#gates) gate.open()
    const stopping = this.hands.map(async (hand) => {
      await hand.starting.catch(() => {})
      if (!this.#stopped.has(hand)) await hand.worker?.stop()
    })
    const all = Promise.allSettled(stopping)
    await Promise.race([all, new Promise((resolve) => setTimeout(resolve, 1_000).unref())])
  }
  readonly #stopped = new Set<Hand>()

  /** Calls stop, once. */
  stop(hand: Hand): { readonly call: Promise<unknown>; isOver: boolean } {
    this.#stopped.add(hand)
    const stopping = { call: Promise.resolve<unknown>(undefined), isOver: false }
    stopping.call = (hand.worker?.stop() ?? Promise.resolve()).then(() => {
      stopping.isOver = true
    })
    stopping.call.catch(() => {})
    return stopping
  }
}

/** What a worker has, as far as it was told. */
export const has = (hand: Hand): readonly TopicPartition[] => hand.told.at(-1) ?? []

export const namesOf = (partitions: readonly TopicPartition[]): string =>
  partitions.map(nameOf).sort().join(' ')

/** The word in front of a topic's name; what follows makes it differ from run to run. */
export const wordOf = (topic: string): string => topic.replace(/-[a-z0-9]+-\d+$/, '')

/** `kora-0 kora-3`, for messages. */
export const shown = (partitions: readonly TopicPartition[]): string =>
  partitions.length === 0
    ? '[]'
    : partitions
        .map(({ topic, partition }) => nameOf({ topic: wordOf(topic), partition }))
        .sort()
        .join(' ')

/** The last call of onAssigned; a dash when there was none. */
export const lastTold = (hand: Hand): string => (hand.told.length === 0 ? '—' : shown(has(hand)))

interface Known extends TopicPartition {
  readonly offset: number
  readonly value: string | null
}

/** Known records: what was written to a topic, by partition and offset. */
export class Written {
  readonly #records = new Map<string, Known>()

  note(one: TopicPartition, offset: number, value: string | null): void {
    const record = { ...one, offset, value }
    this.#records.set(placeOf(record), record)
  }

  get size(): number {
    return this.#records.size
  }

  /** How many of them are among the records that were handed over. */
  among(handed: readonly Handed[]): number {
    const got = new Set(handed.map(placeOf))
    return [...this.#records.keys()].filter((place) => got.has(place)).length
  }

  /** Each handed over once, with its value, and nothing else. */
  check(t: Trial<RecordCase>, handed: readonly Handed[]): void {
    const times = new Map<string, number>()
    for (const record of handed) times.set(placeOf(record), 1 + (times.get(placeOf(record)) ?? 0))
    const foreign = handed.find((record) => this.#records.get(placeOf(record))?.value !== record.value)
    t.check(foreign === undefined, 'foreign', { record: show(foreign) })
    const lost = [...this.#records.values()].find((record) => !times.has(placeOf(record)))
    const facts = { got: this.among(handed), wanted: this.size, ...whereOf(lost) }
    t.check(lost === undefined, 'lost', facts)
    const twice = [...this.#records.values()].find((record) => (times.get(placeOf(record)) ?? 0) > 1)
    const count = twice === undefined ? 0 : (times.get(placeOf(twice)) ?? 0)
    t.check(twice === undefined, 'repeated', { ...whereOf(twice), times: count })
  }
}

const placeOf = ({ topic, partition, offset }: Handed) => `${topic}-${String(partition)} ${String(offset)}`

/** Where a record lies, for a message. */
export function whereOf(record: Handed | undefined): { partition: string; offset: string } {
  if (record === undefined) return { partition: '', offset: '' }
  return { partition: shown([record]), offset: String(record.offset) }
}

/** A topic, and all its partitions. */
export async function topicWith(bench: KafkaBench, word: string, partitions: number) {
  const topic = await bench.topic(word, partitions)
  const all = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }))
  return { topic, all }
}

/** Writes one record for each value to each of the partitions, and notes where they lie. */
export async function write(
  bench: KafkaBench,
  written: Written,
  partitions: readonly TopicPartition[],
  values: readonly (string | null)[],
  from = 0,
): Promise<void> {
  const [topic] = partitions.map((one) => one.topic)
  if (topic === undefined) return
  await bench.fill(
    topic,
    values.flatMap((value) => partitions.map(({ partition }) => ({ partition, value }))),
  )
  for (const [i, value] of values.entries()) for (const one of partitions) written.note(one, from + i, value)
}
