/** Lab 02: a history of calls of murmur2 and partitionForKey, the two that are given bytes. */
import { show } from '../engine/show.ts'
import { toInt32 } from './hash-checks.ts'
import { askAll, type HistoryTrial, type IsSound, play, type Question, type Scene } from './history.ts'
import { hashOf, partitionOf } from './oracle.ts'
import type { Partitioning } from './suite.ts'

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
