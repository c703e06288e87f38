/** Lab 05: what is wrong with an answer of `assign`, and how it is shown. */
import type { Dice } from '../engine/dice.ts'
import { columns, type Picture } from '../engine/picture.ts'
import type { Facts } from '../engine/trial.ts'
import type { shareCases } from './messages-assign.ts'
import type { Member, Share, Topic, TopicPartition } from './subject.ts'

export type ShareCase = keyof typeof shareCases

export interface Question {
  readonly members: readonly Member[]
  readonly topics: readonly Topic[]
}

export const nameOf = ({ topic, partition }: TopicPartition) => `${topic}-${partition}`

/** Names that are there already where a plain object serves as a map. */
export const bornNames = ['constructor', 'toString', '__proto__'] as const

/** Topics whose places come out alike when name and number are put in a row: kora and 10, kora1 and 0. */
export function gluedTopics(dice: Dice): Topic[] {
  const word = dice.freshWord()
  return [
    { topic: word, partitions: dice.int(12, 14) },
    { topic: `${word}1`, partitions: dice.int(3, 4) },
  ]
}

export const partitionsOf = (topics: readonly Topic[]): TopicPartition[] =>
  topics.flatMap(({ topic, partitions }) =>
    Array.from({ length: partitions }, (_, partition) => ({ topic, partition })),
  )

/** What an answer gives to a member; nothing if the member is not in it. */
export function given(answer: readonly Share[], id: string): readonly TopicPartition[] {
  const partitions: unknown = answer.find((share) => share.id === id)?.partitions
  return Array.isArray(partitions) ? (partitions as TopicPartition[]) : []
}

/** Each looks for one kind of fault, and for no other. */
const findings: Readonly<
  Record<ShareCase, (question: Question, answer: readonly Share[]) => Facts | undefined>
> = {
  count: ({ members }, answer) =>
    answer.length === members.length ? undefined : { wanted: members.length, got: answer.length },
  order: ({ members }, answer) => {
    const [wanted, got] = [members, answer].map((list) => list.map(({ id }) => idInWords(id)).join(', '))
    return wanted === got ? undefined : { wanted: short(wanted ?? ''), got: short(got ?? '') }
  },
  unknown: ({ members, topics }, answer) => {
    const real = new Set(partitionsOf(topics).map(nameOf))
    for (const { id, topics: reads } of members)
      for (const one of given(answer, id))
        if (reads.includes(one.topic) && !real.has(nameOf(one))) return { id, partition: nameOf(one) }
    return undefined
  },
  foreign: ({ members }, answer) => {
    for (const { id, topics } of members)
      for (const one of given(answer, id))
        if (!topics.includes(one.topic)) return { id, partition: nameOf(one) }
    return undefined
  },
  twice: ({ members }, answer) => {
    const owner = new Map<string, string>()
    for (const { id } of members)
      for (const one of given(answer, id)) {
        const other = owner.get(nameOf(one))
        if (other !== undefined) return { partition: nameOf(one), one: other, other: id }
        owner.set(nameOf(one), id)
      }
    return undefined
  },
  unread: ({ members, topics }, answer) => {
    const got = new Set(members.flatMap(({ id }) => given(answer, id).map(nameOf)))
    for (const one of partitionsOf(topics)) {
      const reader = members.find((member) => member.topics.includes(one.topic))
      if (reader !== undefined && !got.has(nameOf(one))) return { partition: nameOf(one), id: reader.id }
    }
    return undefined
  },
  uneven: ({ members }, answer) => {
    for (const fuller of members)
      for (const emptier of members) {
        const [more, less] = [given(answer, fuller.id), given(answer, emptier.id)]
        if (more.length < less.length + 2) continue
        const one = more.find(({ topic }) => emptier.topics.includes(topic))
        if (one !== undefined)
          return {
            fuller: fuller.id,
            emptier: emptier.id,
            more: more.length,
            less: less.length,
            partition: nameOf(one),
          }
      }
    return undefined
  },
}

const short = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text)

/** What is wrong, if it is wrong in this way. */
export function faultOf(question: Question, answer: readonly Share[], kind: ShareCase): Facts | undefined {
  const facts = findings[kind](question, answer)
  if (facts === undefined) return undefined
  const names = ['id', 'one', 'other', 'fuller', 'emptier']
  return Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [
      name,
      names.includes(name) ? idInWords(String(fact)) : fact,
    ]),
  )
}

/** An id as it is, or with quotation marks when it has spaces or characters that cannot be seen. */
export const idInWords = (id: string): string =>
  /^[\w-]+$/.test(id) ? id : JSON.stringify(id).replace('\ufeff', '\\ufeff')

/** How many partitions stayed with a member that owned them. */
export function keptIn({ members }: Question, answer: readonly Share[]): number {
  return members.reduce((sum, { id, owned }) => {
    const now = new Set(given(answer, id).map(nameOf))
    return sum + owned.filter((one) => now.has(nameOf(one))).length
  }, 0)
}

/** How many can stay if all members subscribe to all topics, and `owned` is up to date. */
export function keepable({ members, topics }: Question): number {
  const total = partitionsOf(topics).length
  const [floor, rest] = [Math.floor(total / members.length), total % members.length]
  const counts = members.map(({ owned }) => owned.length)
  const fuller = counts.filter((count) => count > floor).length
  return counts.reduce((sum, count) => sum + Math.min(count, floor), 0) + Math.min(rest, fuller)
}

const listOf = (partitions: readonly TopicPartition[]) =>
  partitions.length === 0 ? '—' : short(partitions.map(nameOf).join(' '))

/** A row for each member: what it reads, owned and got. */
export function pictureOf({ members }: Question, answer: readonly Share[]): Picture {
  const shown = members.slice(0, 8)
  return {
    kind: 'table',
    columns: [
      { en: 'member', ru: 'участник' },
      { en: 'reads', ru: 'читает' },
      { en: 'owned', ru: 'владел' },
      columns.got,
    ],
    rows: shown.map(({ id, topics, owned }) => [
      idInWords(id),
      short(topics.join(' ')),
      listOf(owned),
      listOf(given(answer, id)),
    ]),
    wrong: [],
  }
}

/** Shares out as `assign` should: for states that a test begins with. Keeps nothing. */
export function fairShare({ members, topics }: Question): Share[] {
  const shares = members.map(({ id, topics: reads }) => ({
    id,
    reads,
    partitions: [] as TopicPartition[],
  }))
  for (const one of partitionsOf(topics)) {
    const readers = shares.filter(({ reads }) => reads.includes(one.topic))
    readers.sort((a, b) => a.partitions.length - b.partitions.length)[0]?.partitions.push(one)
  }
  for (let moved = true; moved; ) {
    moved = false
    for (const from of shares)
      for (const to of shares) {
        const at = from.partitions.findIndex(({ topic }) => to.reads.includes(topic))
        if (at === -1 || from.partitions.length < to.partitions.length + 2) continue
        to.partitions.push(...from.partitions.splice(at, 1))
        moved = true
      }
  }
  return shares.map(({ id, partitions }) => ({ id, partitions }))
}
