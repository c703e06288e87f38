/**
 * Lab 02: long histories of calls, each answer held against the oracle. What is wrong with a single call is for the other
 * tests; here it is what a call leaves behind: an answer that was kept under too small a key, or by the object that it was
 * asked with, while the bytes, the list or the message in it have changed.
 *
 * Scenes of a few calls each come in any order. A scene changes one thing between two calls (the bytes of a memory, the
 * content of a list or of a message, the number of partitions) or asks about two things that are easily taken for one
 * (a key and the same key behind a byte order mark, `['a\nb']` and `['a', 'b']`).
 *
 * - a call that differs is made alone as well, in a new thread with values of its own. Only if it is right there does the
 *   check fail, since what came before matters then
 */
import type { CaseOf } from '../engine/lab.ts'
import { columns, type TablePicture } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import { toInt32 } from './hash-checks.ts'
import type { text } from './lab.ts'
import { hashOf, type Message, metadata, type Partitioner, partitionOf } from './oracle.ts'
import { readable, whatever } from './partition-checks.ts'
import type { Partitioning } from './suite.ts'

type HistoryCase = CaseOf<typeof text, 'partitioner-any-order'>
type HistoryTrial = Trial<HistoryCase>

/** One call: made here with objects that come again, or elsewhere with new ones. */
interface Question {
  /** As one would write it. */
  readonly call: string
  /** What it is about, without the objects: two questions with the same are the same question. */
  readonly about: string
  readonly wanted: string
  /** Memory, lists and messages that it was asked with. */
  readonly uses: readonly string[]
  here(): unknown
  /** `partitioner`: one that was asked before; a new one when left out. */
  alone(subject: Partitioning, partitioner?: Partitioner): unknown
  /** What it gave, so that it can be compared with `wanted`. */
  inWords(got: unknown): string
}

/** So many calls before the one that differs are shown. */
const shownMax = 5
const rounds = 2
/** So many earlier calls with the same answer are tried out. */
const candidatesMax = 3

class History {
  readonly #t: HistoryTrial
  readonly #done: Question[] = []
  readonly #isSound: IsSound
  constructor(t: HistoryTrial, isSound: IsSound) {
    this.#t = t
    this.#isSound = isSound
    t.check(true, 'differs')
  }

  /** Asks, and compares. False: the call is wrong, and would be so without a history. */
  async ask(question: Question): Promise<boolean> {
    const { got, error } = this.#t.attempt(() => whatever(() => question.here()))
    const gave = error === undefined ? question.inWords(got) : show(error)
    if (gave !== question.wanted) {
      if ((await this.#inNewThread([question], this.#isSound)) !== question.wanted) return false
      await this.#fail(question, gave)
    }
    this.#t.check(true, 'differs')
    this.#done.push(question)
    return true
  }

  /**
   * What the last of these questions gives when nothing else was ever asked; undefined when it throws, or when the code there
   * is not sound: a wrong function may be right about one question by luck.
   */
  async #inNewThread(
    questions: readonly Question[],
    isSound: IsSound = () => true,
  ): Promise<string | undefined> {
    const thread = await this.#t.tools.thread()
    try {
      const subject = thread.subject as Partitioning
      const partitioner = subject.createPartitioner()
      let gave: string | undefined
      for (const question of questions) {
        const { got, error } = this.#t.attempt(() => whatever(() => question.alone(subject, partitioner)))
        gave = error === undefined ? question.inWords(got) : undefined
      }
      return isSound(subject) ? gave : undefined
    } catch {
      return undefined
    } finally {
      await thread.end()
    }
  }

  async #fail(question: Question, gave: string): Promise<void> {
    const isRelated = (one: Question) => one.uses.some((use) => question.uses.includes(use))
    const draw = (before?: Question) => () => this.#picture(question, gave, isRelated, before)
    const told = this.#done.filter((one) => one.wanted === gave && one.about !== question.about)
    const [wanted, got] = beside(question.wanted, gave)
    const facts = { call: question.call, got, wanted }
    const before = told.findLast(isRelated)
    if (before !== undefined) this.#t.check(false, 'stale', { ...facts, before: before.call }, draw(before))
    // The same answer may be a coincidence. Only if these two calls alone give it again, the one is taken for the other.
    const others = [...new Map(told.map((one) => [one.about, one])).values()].slice(-candidatesMax)
    for (const other of others.reverse())
      if ((await this.#inNewThread([other, question])) === gave)
        this.#t.check(false, 'mixed-up', { ...facts, before: other.call }, draw(other))
    this.#t.check(false, 'differs', facts, draw())
  }

  /** The last calls with the same objects, and the very last one. */
  #picture(
    question: Question,
    gave: string,
    isRelated: (one: Question) => boolean,
    before: Question | undefined,
  ): TablePicture {
    const [last] = this.#done.slice(-1)
    const related = this.#done.filter(isRelated).slice(2 - shownMax)
    const shown = this.#done.filter((one) => one === last || one === before || related.includes(one))
    return {
      kind: 'table',
      columns: [columns.call, columns.expected, columns.got],
      rows: [
        ...shown.map(({ call, wanted }) => [call, ...beside(wanted, wanted)]),
        [question.call, ...beside(question.wanted, gave)],
      ],
      wrong: [shown.length],
    }
  }
}

/** A message that has the property, but no partition in it. */
const unset = { partition: undefined } as unknown as Pick<Message, 'partition'>

/** Whether plain questions about values that were never asked about are answered rightly. */
type IsSound = (subject: Partitioning) => boolean

const longMax = 70

/** Two answers as they are to be shown: of long ones the part where they differ first. */
function beside(wanted: string, gave: string): [string, string] {
  const differs = [...wanted].findIndex((letter, i) => letter !== gave[i])
  const from = differs > longMax / 2 ? differs - longMax / 2 : 0
  const part = (text: string) =>
    `${from > 0 ? '…' : ''}${text.slice(from, from + longMax)}${text.length > from + longMax ? '…' : ''}`
  return [part(wanted), part(gave)]
}

type Scene = (history: History) => Promise<boolean>

/** Scenes in any order, twice. */
async function play(t: HistoryTrial, isSound: IsSound, scenes: readonly Scene[]): Promise<void> {
  const history = new History(t, isSound)
  for (let round = 0; round < rounds; round++)
    for (const scene of t.dice.shuffle(scenes)) if (!(await scene(history))) return
}

/** The questions one after the other. */
async function askAll(history: History, questions: Iterable<Question>): Promise<boolean> {
  for (const question of questions) if (!(await history.ask(question))) return false
  return true
}

// murmur2 and partitionForKey

/** Bytes that lie somewhere: what is handed over, what is in it, and the name of the memory. */
interface Lying {
  readonly handed: Uint8Array
  readonly content: Uint8Array
  readonly uses: readonly string[]
}

const bits = (hash: unknown) => {
  const word = typeof hash === 'number' ? toInt32(hash) : undefined
  return word === undefined ? show(hash) : `0x${(word >>> 0).toString(16).padStart(8, '0')}`
}

/** Both functions on the same bytes. */
function* ofBytes(
  subject: Partitioning,
  { handed, content, uses }: Lying,
  count: number,
): Iterable<Question> {
  const name = content.length > 12 ? `${show(content.subarray(0, 12))} … ${content.length} B` : show(content)
  const about = Buffer.from(content).toString('latin1')
  yield {
    call: `murmur2(${name})`,
    about,
    wanted: bits(hashOf(content)),
    uses,
    here: () => subject.murmur2(handed),
    alone: (one) => one.murmur2(content.slice()),
    inWords: bits,
  }
  yield {
    call: `partitionForKey(${name}, ${count})`,
    about: `${about} ${count}`,
    wanted: String(partitionOf(content, count)),
    uses,
    here: () => subject.partitionForKey(handed, count),
    alone: (one) => one.partitionForKey(content.slice(), count),
    inWords: show,
  }
}

export async function checkBytesAnyOrder(t: HistoryTrial, subject: Partitioning): Promise<void> {
  const memory = t.tools.memory(24_000)
  const long = t.dice.bytes(20_001)
  const count = () => t.dice.pick([997, 10_000, 4_096, t.dice.int(300, 990)])
  const own = (content: Uint8Array): Lying => ({ handed: content, content, uses: [] })
  /** The same memory with one content after the other, nothing else in between; each question by one function. */
  const reused =
    (kind: 'Buffer' | 'Uint8Array', at: number, contents: () => readonly Uint8Array[]): Scene =>
    async (history) => {
      const n = count()
      for (const which of [0, 1]) {
        for (const content of contents()) {
          memory.write(at, content)
          const lying = { handed: memory.view(at, content.length, kind), content, uses: [`${at} ${kind}`] }
          const [hash, partition] = [...ofBytes(subject, lying, n)] as [Question, Question]
          if (!(await history.ask(which === 0 ? hash : partition))) return false
        }
      }
      return true
    }
  const some = (length: number) => () => Array.from({ length: 3 }, () => t.dice.bytes(length))
  /** The same bytes but for one. */
  const nearly = (length: number, at: number) => () => {
    const one = length > 1_000 ? long.slice(0, length) : t.dice.bytes(length)
    return [1, 2, 3].map((n) => {
      const bytes = one.slice()
      bytes[at] = ((bytes[at] ?? 0) + n) & 0xff
      return bytes
    })
  }
  const alike =
    (pairs: () => readonly Uint8Array[]): Scene =>
    async (history) => {
      const n = count()
      for (const content of [...pairs(), ...pairs()])
        if (!(await askAll(history, ofBytes(subject, own(content), n)))) return false
      return true
    }
  const word = () => t.dice.freshWord()
  const isSound: IsSound = (one) =>
    t.dice
      .freshWords(6)
      .map((text) => Buffer.from(text))
      .every(
        (key) =>
          toInt32(one.murmur2(key)) === hashOf(key) &&
          one.partitionForKey(key, 997) === partitionOf(key, 997),
      )
  await play(t, isSound, [
    reused('Buffer', 0, some(11)),
    reused('Uint8Array', 0, some(16)),
    reused('Buffer', 3, some(64)),
    reused('Uint8Array', 5, some(1)),
    reused('Buffer', 7, some(1_000)),
    reused('Buffer', 0, nearly(30, 29)),
    reused('Uint8Array', 8, nearly(40, 0)),
    reused('Buffer', 64, nearly(900, 450)),
    reused('Uint8Array', 16, nearly(20_001, 19_000)),
    // One view shorter than the other, and none at all.
    reused('Buffer', 12, () => [t.dice.bytes(9), t.dice.bytes(8), new Uint8Array(0), t.dice.bytes(9)]),
    alike(() => [Uint8Array.of(0xff, 1, 2), Uint8Array.of(0xfe, 1, 2), Buffer.from('\ufffd\u0001\u0002')]),
    alike(() => [Buffer.from('\ufeffab'), Buffer.from('ab')]),
    alike(() => [new Uint8Array(0), Uint8Array.of(0), Uint8Array.of(0, 0), new Uint8Array(0)]),
    alike(() => [Uint8Array.of(1, 23), Uint8Array.of(12, 3), Uint8Array.of(123)]),
    alike(() => [Buffer.from('é'), Buffer.from('e\u0301'), Buffer.from('é', 'latin1')]),
    // The same key with other counts.
    async (history) => {
      const content = Buffer.from(word())
      for (const n of [997, 300, 997, 10_000, 1, 997])
        if (!(await askAll(history, ofBytes(subject, own(content), n)))) return false
      return true
    },
  ])
}

// createPartitioner

interface Sent {
  readonly partitioner: Partitioner
  readonly topic: string
  readonly count: number
  readonly message: Message
  /** What it is called with, where that is not made of the above: objects that are used again. */
  readonly handed?: Parameters<Partitioner>[0]
  /** The bytes in `message.key`, if that is a part of a memory. */
  readonly content?: Uint8Array
  readonly uses?: readonly string[]
}

function sending({ partitioner, topic, count, message, handed, content, uses = [] }: Sent): Question {
  const key = content ?? message.key
  const name = key === null || key === undefined ? String(key) : readable(key)
  const part = message.partition === undefined ? '' : `, partition: ${message.partition}`
  const plain: Message =
    content === undefined ? message : { ...message, key: Buffer.from(Buffer.from(content)) }
  const isKeyless = (key === null || key === undefined) && message.partition === undefined
  const inside = `0 … ${count - 1}`
  const isInside = (got: unknown) => Number.isInteger(got) && Number(got) >= 0 && Number(got) < count
  return {
    call: `partitioner({ key: ${name}${part} }), ${count} partitions, topic ${topic}`,
    about: `${Buffer.from((key ?? '') as Uint8Array).toString('latin1')} ${part} ${count}`,
    wanted: isKeyless ? inside : String(message.partition ?? partitionOf(key ?? '', count)),
    uses,
    here: () => partitioner(handed ?? { topic, partitionMetadata: metadata(count), message }),
    alone: (subject, asked = subject.createPartitioner()) =>
      asked({ topic, partitionMetadata: metadata(count), message: plain }),
    inWords: (got) => (isKeyless && isInside(got) ? inside : show(got)),
  }
}

/** A topic of a history, and how many partitions it has. */
interface Topic {
  readonly topic: string
  readonly count: number
}

export async function checkPartitionerAnyOrder(t: HistoryTrial, subject: Partitioning): Promise<void> {
  const partitioners = [subject.createPartitioner(), subject.createPartitioner()] as const
  // Partitions are never taken away: only a topic of its own grows.
  const topics: Topic[] = [97, 61, 64].map((count) => ({ topic: t.dice.freshWord(), count }))
  const memory = t.tools.memory(24_000)
  const word = () => t.dice.freshWord()
  const value = () => `v${t.dice.int(1, 99)}`
  const keyed = (key: Message['key'], more: Partial<Sent> = {}): Sent => ({
    partitioner: t.dice.pick(partitioners),
    ...t.dice.pick(topics),
    message: { key, value: value() },
    ...more,
  })
  /** Keys that are easily taken for one another: to one partitioner and topic, back and forth, then to the other. */
  const alike =
    (...keys: (Buffer | string | null)[]): Scene =>
    async (history) => {
      const to = t.dice.pick(topics)
      for (const partitioner of t.dice.int(0, 1) === 0 ? partitioners : [...partitioners].reverse())
        for (const key of [...keys, ...[...keys].reverse()])
          if (!(await history.ask(sending(keyed(key, { partitioner, ...to }))))) return false
      return true
    }
  /** One memory as the key of message after message, in new messages and in one that is used again. */
  const reusedKey =
    (at: number, length: number): Scene =>
    async (history) => {
      const [to, partitioner] = [t.dice.pick(topics), t.dice.pick(partitioners)]
      const key = memory.view(at, length) as Buffer
      const kept = t.tools.keep<Message>({ key, value: 'v' })
      for (let n = 0; n < 4; n++) {
        const content = t.dice.bytes(length)
        memory.write(at, content)
        const message = n < 2 ? { key, value: 'v' } : kept.value
        const sent = { partitioner, ...to, message: { key, value: 'v' }, content, uses: [`key ${at}`] }
        const handed = { topic: to.topic, partitionMetadata: metadata(to.count), message }
        if (!(await history.ask(sending({ ...sent, handed })))) return false
      }
      return true
    }
  /** One message object, changed in place: other keys, none, a partition of its own. */
  const reusedMessage: Scene = async (history) => {
    const messages: Message[] = [
      { key: word(), value: 'v' },
      { key: word(), value: 'v' },
      { key: null, value: 'v' },
      { key: word(), value: 'v', partition: 5 },
      { key: word(), value: 'v', ...unset },
      { key: Buffer.from(word()), value: 'v' },
      { key: '', value: 'v' },
    ]
    const [to, partitioner] = [t.dice.pick(topics), t.dice.pick(partitioners)]
    const kept = t.tools.keep<Message>({ key: 'first', value: 'v' })
    for (const message of messages) {
      kept.become(message)
      const handed = { topic: to.topic, partitionMetadata: metadata(to.count), message: kept.value }
      if (!(await history.ask(sending({ partitioner, ...to, message, handed, uses: ['message'] }))))
        return false
    }
    return true
  }
  /** One list of metadata, to which partitions are added. */
  const reusedList: Scene = async (history) => {
    const [topic, partitioner, key] = [word(), t.dice.pick(partitioners), word()]
    const list = t.tools.keep(metadata(41))
    for (const count of [41, 42, 61, 97]) {
      list.become(metadata(count))
      for (const one of [key, null, word()]) {
        const message = { key: one, value: value() }
        const handed = { topic, partitionMetadata: list.value, message }
        const sent = { partitioner, topic, count, message, handed, uses: [`metadata of ${topic}`] }
        if (!(await history.ask(sending(sent)))) return false
      }
    }
    return true
  }
  /** One object of arguments, for other messages to other topics. */
  const reusedArgs: Scene = async (history) => {
    const partitioner = t.dice.pick(partitioners)
    const args = t.tools.keep({
      topic: 'x',
      partitionMetadata: metadata(2),
      message: { value: 'v' } as Message,
    })
    for (const to of [...topics, ...topics]) {
      const message = { key: word(), value: 'v' }
      args.become({ topic: to.topic, partitionMetadata: metadata(to.count), message })
      const sent = { partitioner, ...to, message, handed: args.value, uses: ['arguments'] }
      if (!(await history.ask(sending(sent)))) return false
    }
    return true
  }
  /** One key to topics of other sizes; what goes in between has no key, or a partition of its own. */
  const between: Scene = async (history) => {
    const [key, partitioner] = [word(), t.dice.pick(partitioners)]
    for (const to of [...topics, ...topics]) {
      const one = { partitioner, ...to }
      const asks = [keyed(key, one), keyed(null, one), keyed(undefined, one), keyed(key, one)]
      if (!(await askAll(history, asks.map(sending)))) return false
      const named = { ...one, message: { key, value: 'v', partition: t.dice.int(0, 40) } }
      if (!(await history.ask(sending(named)))) return false
    }
    return true
  }
  const [a, b] = [word(), word()]
  const isSound: IsSound = (one) => {
    const partitioner = one.createPartitioner()
    return t.dice
      .freshWords(6)
      .every(
        (key) =>
          partitioner({ topic: word(), partitionMetadata: metadata(97), message: { key, value: 'v' } }) ===
          partitionOf(key, 97),
      )
  }
  await play(t, isSound, [
    alike(a, Buffer.from(`\ufeff${a}`), `\ufeff${a}`, Buffer.from(a)),
    alike(`${b}\u0000`, b, Buffer.from(`${b}\u0000`)),
    alike(Buffer.from([0xff, 0x41]), Buffer.from([0xfe, 0x41]), '\ufffdA'),
    alike('é', 'e\u0301', Buffer.from('é', 'latin1'), Buffer.from('é')),
    alike('Ã©', 'é', Buffer.from('Ã©', 'latin1')),
    alike('', Buffer.alloc(0), null, '\u0000', ' '),
    alike('null', null, 'undefined', '0', 'NaN'),
    alike(a.toUpperCase(), a, ` ${a}`, `${a} `),
    alike('__proto__', 'constructor', 'toString', '__proto__'),
    alike('1', '01', '1.0', '1e0'),
    alike(Buffer.from('ab').toString('hex'), 'ab', Buffer.from('ab').toString('base64')),
    alike(`${'x'.repeat(300)}1`, `${'x'.repeat(300)}2`, `3${'x'.repeat(300)}`, `4${'x'.repeat(300)}`),
    reusedKey(0, 9),
    reusedKey(24, 40),
    reusedKey(100, 20_000),
    reusedMessage,
    reusedList,
    reusedArgs,
    between,
  ])
}

// movedKeys

const listInWords = (keys: readonly unknown[]) => `[${keys.map(show).join(', ')}]`

export async function checkMovedAnyOrder(t: HistoryTrial, subject: Partitioning): Promise<void> {
  const words = (count: number) => t.dice.freshWords(count)
  let [last, lists]: [unknown, number] = [undefined, 0]
  const question = (
    keys: readonly string[],
    before: number,
    after: number,
    handed?: string[],
    use?: string,
  ): Question => ({
    call: `movedKeys(${show(keys)}, ${before}, ${after})`,
    about: JSON.stringify([keys, before, after]),
    wanted: listInWords(keys.filter((key) => partitionOf(key, before) !== partitionOf(key, after))),
    uses: use === undefined ? [] : [use],
    here: () => {
      last = subject.movedKeys(handed ?? [...keys], before, after)
      return last
    },
    alone: (one) => one.movedKeys([...keys], before, after),
    inWords: (got) => (Array.isArray(got) ? listInWords(got) : show(got)),
  })
  const counts = [6, 9] as const
  const moving = (count: number, from: number, to: number) => {
    const found: string[] = []
    while (found.length < count) {
      const [key = ''] = words(1)
      if (partitionOf(key, from) !== partitionOf(key, to)) found.push(key)
    }
    return found
  }
  /** Lists that look the same when they are written as one text: one after the other, there and back. */
  const alike =
    (...all: (readonly string[])[]): Scene =>
    (history) =>
      askAll(
        history,
        [...all, ...[...all].reverse()].map((keys) => question(keys, ...counts)),
      )
  /** The same list object, changed in place between calls. */
  const changed: Scene = async (history) => {
    const first = words(7)
    const use = `list ${++lists}`
    const list = t.tools.keep(first)
    const others = [
      first,
      [...first.slice(1), ...words(1)],
      words(7),
      [...first].reverse(),
      first.slice(0, 3),
      [],
    ]
    for (const keys of others) {
      list.become(keys)
      if (!(await history.ask(question(keys, ...counts, list.value, use)))) return false
      if (!(await history.ask(question(keys, 9, 14, list.value, use)))) return false
    }
    return true
  }
  /** The caller writes over the result; its own list stays as it is. */
  const overwritten =
    (keysOf: () => string[], before: number, after: number): Scene =>
    async (history) => {
      const keys = keysOf()
      const use = `list ${++lists}`
      const list = t.tools.keep(keys)
      for (let n = 0; n < 3; n++) {
        if (!(await history.ask(question(keys, before, after, list.value, use)))) return false
        t.tools.overwrite(last, t.dice.int(1, 255))
      }
      return true
    }
  const pair = () => moving(2, ...counts) as [string, string]
  const joined = (by: string): Scene => {
    const [one, two] = pair()
    return alike([`${one}${by}${two}`], [one, two])
  }
  const isSound: IsSound = (one) => {
    const keys = words(20)
    return listInWords(one.movedKeys(keys, 6, 9)) === question(keys, 6, 9).wanted
  }
  await play(t, isSound, [
    alike([], [''], []),
    ...['\n', ',', '\u0000', ' ', '|', '', '","', '\u0001'].map(joined),
    alike(['1', '23'], ['12', '3'], ['123']),
    changed,
    overwritten(() => moving(12, 2, 3), 2, 3),
    overwritten(() => words(12), 5, 8),
    overwritten(() => [], 5, 8),
    overwritten(() => words(12).filter((key) => partitionOf(key, 3) === partitionOf(key, 6)), 3, 6),
    // The same list with other counts: 1 and 12, 11 and 2, written one behind the other.
    async (history) => {
      const keys = words(9)
      for (const [before, after] of [
        [1, 12],
        [11, 20],
        [1, 120],
        [6, 9],
        [256, 512],
        [512, 1_024],
        [1, 12],
      ] as const)
        if (!(await history.ask(question(keys, before, after)))) return false
      return true
    },
    // The same first and last keys.
    async (history) => {
      const [first = '', lastKey = '', ...rest] = words(8)
      for (const middle of [rest, [...rest].reverse(), words(6), rest])
        if (!(await history.ask(question([first, ...middle, lastKey], ...counts)))) return false
      return true
    },
  ])
}
