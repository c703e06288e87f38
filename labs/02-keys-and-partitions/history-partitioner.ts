/** Lab 02: a history of calls of two partitioners, which are asked about one message after the other. */
import { show } from '../engine/show.ts'
import { askAll, type HistoryTrial, type IsSound, play, type Question, type Scene } from './history.ts'
import { type Message, metadata, type Partitioner, partitionOf } from './oracle.ts'
import { readable } from './partition-checks.ts'
import type { Partitioning } from './suite.ts'

/** A message that has the property, but no partition in it. */
const unset = { partition: undefined } as unknown as Pick<Message, 'partition'>

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
