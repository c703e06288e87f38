/** The checks of groups at work: sharing, spare members, stickiness, rolling updates, order. */
import { AssignerProtocol, type Consumer, type PartitionAssigner } from 'kafkajs'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { Exchange } from '../engine/wire/exchange.ts'
import {
  Crew,
  type Hand,
  has,
  lastTold,
  namesOf,
  shown,
  topicWith,
  Written,
  whereOf,
  wordOf,
  write,
} from './crew.ts'
import { nameOf } from './shares.ts'
import type { Checks, Handed, TopicPartition } from './subject.ts'

type GroupId = 'share' | 'more-members' | 'sticky' | 'rolling' | 'one-by-one'

export const groupChecks: Checks<GroupId> = {
  share: (t, subject, rooms) =>
    rooms.use(t, async (bench) => {
      const crew = new Crew(t, subject, bench)
      const { dice } = t
      const { topic, all } = await topicWith(bench, dice.freshWord(), 6)
      const written = new Written()
      const early = [dice.freshForeignWord(), null, '']
      await write(bench, written, all, early)
      const before = written.size
      try {
        const groupId = ` ${bench.topicName(dice.freshWord())} `
        const first = await crew.join({ groupId, topics: [topic] })
        await crew.told(first, all)
        await t.until(() => first.handed.length >= before, { ms: crew.patienceMs })
        t.check(first.handed.length > 0, 'skipped', { count: before })
        const second = await crew.join({ groupId, topics: [topic] })
        await crew.shared([first, second], all)
        const other = await crew.join({
          groupId: `\ufeff${bench.topicName(dice.freshWord())}`,
          topics: [topic],
        })
        await t.until(() => has(other).length >= all.length, { ms: crew.patienceMs })
        t.check(has(other).length === all.length, 'otherGroup', {
          got: has(other).length,
          wanted: all.length,
        })
        await write(bench, written, all, [dice.freshWord(), `${dice.freshWord()}e\u0301 `], early.length)
        const handed = () => [...first.handed, ...second.handed]
        const isThere = () =>
          written.among(handed()) === written.size && written.among(other.handed) === written.size
        await t.until(isThere, { ms: crew.patienceMs })
        await t.quiet(() => handed().length + other.handed.length, 100)
        written.check(t, handed())
        written.check(t, other.handed)
        const [unasked] = crew.hands.flatMap(({ tooSoon }) => tooSoon)
        t.check(unasked === undefined, 'tooSoon', { partition: whereOf(unasked).partition })
      } finally {
        await crew.end()
      }
    }),

  'more-members': (t, subject, rooms) =>
    rooms.use(t, async (bench) => {
      const crew = new Crew(t, subject, bench)
      const { topic, all } = await topicWith(bench, t.dice.freshWord(), 2)
      const terms = { groupId: `${bench.topicName(t.dice.freshWord())}е\u0306`, topics: [topic] }
      try {
        const hands = [await crew.join(terms), await crew.join(terms)]
        await crew.shared(hands, all)
        const third = await crew.join(terms)
        await crew.shared([...hands, third], all)
        const spare = [third, ...hands].find((hand) => has(hand).length === 0) ?? third
        t.check(spare.told.length > 0, 'notIdle', { got: lastTold(spare) })
        await crew.toldEachTime([...hands, third])
        const busy = [...hands, third].find((hand) => hand !== spare)
        if (busy === undefined) return
        const ms = crew.patienceMs
        crew.stop(busy)
        await t.until(() => has(spare).length > 0, { ms })
        t.check(has(spare).length > 0, 'notTaken', { seconds: ms / 1_000, got: lastTold(spare) })
      } finally {
        await crew.end()
      }
    }),

  sticky: (t, subject, rooms) =>
    rooms.use(t, async (bench) => {
      const crew = new Crew(t, subject, bench)
      const { topic, all } = await topicWith(bench, t.dice.freshWord(), 8)
      const terms = { groupId: `${bench.topicName(t.dice.freshWord())}🦉`, topics: [topic] }
      const ours = new Leader(bench, terms.groupId, topic)
      const these = (numbers: readonly number[]) => all.filter(({ partition }) => numbers.includes(partition))
      try {
        await ours.join()
        const first = crew.start(terms)
        const refusals = () =>
          first.client
            .asked('JoinGroup')
            .filter(({ errors }) => errors.includes('INCONSISTENT_GROUP_PROTOCOL'))
        const ended = first.starting.then(
          () => true,
          () => refusals().length > 0 || first.starting,
        )
        await t.until(() => refusals().length > 0, { during: ended, ms: crew.patienceMs })
        const [refused] = refusals()
        t.check(refused === undefined, 'otherName', { got: protocolsOf(refused).join(', ') || '—' })
        await first.starting
        await crew.told(first, these(ours.shareOf(1, 2)))
        const second = await crew.join(terms)
        await crew.told(first, these(ours.shareOf(1, 3)))
        await crew.told(second, these(ours.shareOf(2, 3)))
        await ours.leave()
        await crew.shared([first, second], all)
        const owned = [
          [first, [], these(ours.shareOf(1, 2)), these(ours.shareOf(1, 3))],
          [second, [], these(ours.shareOf(2, 3))],
        ] as const
        for (const [hand, ...before] of owned) {
          const said = saidBy(hand)
          for (const [i, partitions] of before.entries()) {
            const facts = { worker: hand.name, wanted: shown(partitions), got: inWords(said[i]) }
            t.check(isSaid(said[i], partitions), 'notSaid', facts)
          }
        }
        for (const [hand, place] of [
          [first, 1],
          [second, 2],
        ] as const) {
          const kept = these(ours.shareOf(place, 3))
          const facts = { worker: hand.name, before: shown(kept), got: lastTold(hand), could: shown(kept) }
          const now = new Set(has(hand).map(nameOf))
          t.check(
            kept.every((one) => now.has(nameOf(one))),
            'moved',
            facts,
          )
        }
      } finally {
        await Promise.all([crew.end(), ours.leave()])
      }
    }),

  rolling: (t, subject, rooms) =>
    rooms.use(t, async (bench) => {
      const crew = new Crew(t, subject, bench)
      const [old, fresh] = [
        await topicWith(bench, t.dice.freshWord(), 3),
        await topicWith(bench, t.dice.freshWord(), 3),
      ]
      const groupId = bench.topicName(t.dice.freshWord())
      try {
        const first = await crew.join({ groupId, topics: [old.topic] })
        await crew.told(first, old.all)
        const second = crew.start({ groupId, topics: [old.topic, fresh.topic] })
        const got = () => has(second).filter(({ topic }) => topic === fresh.topic).length
        await t.until(() => got() === 3, { ms: crew.patienceMs })
        t.check(got() === 3, 'unread', { topic: wordOf(fresh.topic), wanted: 3, got: got() })
        await second.starting
        await crew.shared([first, second], [...old.all, ...fresh.all])
      } finally {
        await crew.end()
      }
    }),

  'one-by-one': (t, subject, rooms) =>
    rooms.use(t, async (bench) => {
      const crew = new Crew(t, subject, bench)
      const { topic, all } = await topicWith(bench, t.dice.freshWord(), 3)
      const written = new Written()
      await write(bench, written, all, t.dice.freshWords(5))
      const atWork = new Map<string, Handed>()
      const early: { readonly at: Handed; readonly next: Handed }[] = []
      const work = async (record: Handed) => {
        const at = atWork.get(nameOf(record))
        if (at !== undefined) early.push({ at, next: record })
        atWork.set(nameOf(record), record)
        await new Promise((resolve) => setTimeout(resolve, 8))
        if (atWork.get(nameOf(record)) === record) atWork.delete(nameOf(record))
      }
      try {
        const hand = await crew.join({ groupId: bench.topicName(t.dice.freshWord()), topics: [topic], work })
        await t.until(() => written.among(hand.handed) === written.size, { ms: crew.patienceMs })
        t.check(hand.handed.length > 0, 'none', { seconds: crew.patienceMs / 1_000 })
        const [found] = early
        const facts = { ...whereOf(found?.at), next: whereOf(found?.next).offset }
        t.check(found === undefined, 'early', facts)
        written.check(t, hand.handed)
        for (const one of all) {
          const offsets = hand.handed
            .filter((record) => nameOf(record) === nameOf(one))
            .map(({ offset }) => Number(offset))
          const isSorted = offsets.every((offset, i) => i === 0 || (offsets[i - 1] ?? 0) < offset)
          t.check(isSorted, 'order', { partition: shown([one]), got: offsets.join(', ') })
        }
      } finally {
        await crew.end()
      }
    }),
}

/** The assignors that a JoinGroup asks with, and their metadata. */
function protocolsIn(exchange: Exchange | undefined): { name: string; metadata: Uint8Array }[] {
  const { protocols } = (exchange?.request ?? {}) as { protocols?: { name: string; metadata: Uint8Array }[] }
  return protocols ?? []
}

const protocolsOf = (exchange: Exchange | undefined) => protocolsIn(exchange).map(({ name }) => name)

/**
 * The user data of a worker's JoinGroup requests, one for each generation that it has come to. Before the first it asks
 * twice: without a member id, and with the one that it was given.
 */
function saidBy(hand: Hand): string[] {
  const answered = hand.client.answered('JoinGroup').filter(({ errors }) => errors.length === 0)
  return answered.map((exchange) => {
    const [protocol] = protocolsIn(exchange)
    if (protocol === undefined) return ''
    return AssignerProtocol.MemberMetadata.decode(Buffer.from(protocol.metadata))?.userData.toString() ?? ''
  })
}

/** Whether user data says, as the page wants it, that a member owns exactly these. */
function isSaid(userData: string | undefined, partitions: readonly TopicPartition[]): boolean {
  if (userData === undefined) return false
  try {
    const owned = Object.entries(JSON.parse(userData || '{}') as Record<string, number[]>)
    const said = owned.flatMap(([topic, numbers]) => numbers.map((partition) => ({ topic, partition })))
    return namesOf(said) === namesOf(partitions)
  } catch {
    return false
  }
}

/** User data for a message, cut, and without what makes topics differ from run to run. */
function inWords(userData: string | undefined): string {
  if (userData === undefined || userData === '') return '—'
  return userData.replace(/-[a-z0-9]{6}-\d+"/g, '"').slice(0, 80)
}

/**
 * A member of ours that leads the group: it joins first and shares out by a list, in a way that nobody hits by chance.
 */
class Leader {
  readonly #consumer: Consumer
  readonly #topic: string
  /** The members in the order in which they came. */
  readonly #order: string[] = []
  #isThere = false

  constructor(bench: KafkaBench, groupId: string, topic: string) {
    this.#topic = topic
    this.#consumer = bench.client().consumer({
      groupId,
      maxWaitTimeInMs: 50,
      heartbeatInterval: 100,
      partitionAssigners: [this.#assigner],
    })
  }

  /** Partitions of the member in this place (0 is ours), in a group of so many. */
  shareOf(place: number, count: number): readonly number[] {
    const shares = [
      [[0, 1, 2, 3, 4, 5, 6, 7]],
      [
        [2, 4, 5, 7],
        [0, 1, 3, 6],
      ],
      // The second is left without any; the third has odd numbers and even ones.
      [[0, 1, 3, 4, 6], [], [2, 5, 7]],
    ]
    return shares[count - 1]?.[place] ?? []
  }

  async join(): Promise<void> {
    const joined = new Promise<void>((resolve) => {
      this.#consumer.on(this.#consumer.events.GROUP_JOIN, () => resolve())
    })
    await this.#consumer.connect()
    this.#isThere = true
    await this.#consumer.subscribe({ topics: [this.#topic] })
    await this.#consumer.run({ eachMessage: async () => {} })
    await joined
  }

  async leave(): Promise<void> {
    if (!this.#isThere) return
    this.#isThere = false
    await this.#consumer.disconnect()
  }

  readonly #assigner: PartitionAssigner = () => ({
    name: 'sticky-lab',
    version: 0,
    protocol: ({ topics }) => ({
      name: 'sticky-lab',
      metadata: AssignerProtocol.MemberMetadata.encode({ version: 0, topics, userData: Buffer.from('{}') }),
    }),
    assign: async ({ members }) => {
      for (const { memberId } of members) if (!this.#order.includes(memberId)) this.#order.push(memberId)
      const order = this.#order.filter((id) => members.some(({ memberId }) => memberId === id))
      return order.map((memberId, place) => ({
        memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode({
          version: 0,
          assignment: { [this.#topic]: [...this.shareOf(place, order.length)] },
          userData: Buffer.alloc(0),
        }),
      }))
    },
  })
}
