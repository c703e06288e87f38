/**
 * Partitions that are wrong in a known way: which formula, or which change to the key before it is hashed, gives all
 * the partitions that the learner's code gave? Named only if all agree, and at least one is not Kafka's (as VARIANT-1).
 */

import type { changeWords } from './messages-keys.ts'
import type { formulaWords } from './messages-partition.ts'
import { hashOf, partitionOf } from './oracle.ts'

/** A key, the number of partitions, and the partition that the learner's code gave. */
export interface Chosen {
  readonly key: Uint8Array | string
  readonly count: number
  readonly got: unknown
}

type Formula = (hash: number, n: number) => number

const formulas: readonly (readonly [Exclude<keyof typeof formulaWords, 'own-hash'>, Formula])[] = [
  ['no-mask', (h, n) => h % n],
  ['abs', (h, n) => Math.abs(h) % n],
  ['unsigned', (h, n) => (h >>> 0) % n],
  ['remainder-first', (h, n) => (h % n) & 0x7fffffff],
  ['mask-last', (h, n) => h & (0x7fffffff % n)],
  ['floor-mod', (h, n) => ((h % n) + n) % n],
  ['half-hash', (h, n) => (h >>> 1) % n],
  ['from-one', (h, n) => ((h & 0x7fffffff) % n) + 1],
  ['one-less', (h, n) => (h & 0x7fffffff) % (n - 1)],
  ['low-bits', (h, n) => h & (n - 1)],
  ['high-bits', (h, n) => h >>> (32 - Math.log2(n))],
  ['scaled', (h, n) => Math.floor(((h & 0x7fffffff) / 2 ** 31) * n)],
]

const isSame = (a: unknown, b: number) => a === b || (a === 0 && b === 0)
const anyWrong = (all: readonly Chosen[]) =>
  all.some(({ key, count, got }) => !isSame(got, partitionOf(key, count)))

/** The formula behind all these partitions, if it is a known wrong one. */
export function formulaOf(all: readonly Chosen[]): keyof typeof formulaWords | undefined {
  if (!anyWrong(all)) return undefined
  return formulas.find(([, formula]) =>
    all.every(({ key, count, got }) => isSame(got, formula(hashOf(Buffer.from(key as Uint8Array)), count))),
  )?.[0]
}

type Change = (key: Uint8Array | string) => Uint8Array
const text = (key: Uint8Array | string) => (typeof key === 'string' ? key : Buffer.from(key).toString())
const asIs = (key: Uint8Array | string) => Buffer.from(key as Uint8Array)
/** Changes strings, leaves bytes. */
const strings =
  (change: (key: string) => Uint8Array | string): Change =>
  (key) =>
    typeof key === 'string' ? Buffer.from(change(key) as Uint8Array) : asIs(key)
/** Changes both, by way of a string. */
const both =
  (change: (key: string) => string): Change =>
  (key) =>
    Buffer.from(change(text(key)))

const changes: readonly (readonly [Exclude<keyof typeof changeWords, 'own-partition'>, Change])[] = [
  ['through-text', both((key) => key)],
  ['latin1', strings((key) => Buffer.from(key, 'latin1'))],
  ['latin1', (key) => Buffer.from(text(key), 'latin1')],
  ['utf16', (key) => Buffer.from(text(key), 'utf16le')],
  ['utf16', strings((key) => Buffer.from(key, 'utf16le'))],
  ['code-units', strings((key) => Uint8Array.from(key, (letter) => letter.charCodeAt(0)))],
  ['code-units', strings((key) => Uint8Array.from({ length: key.length }, (_, i) => key.charCodeAt(i)))],
  ['code-points', strings((key) => Uint8Array.from(key, (letter) => letter.codePointAt(0) ?? 0))],
  ['composed', strings((key) => key.normalize('NFC'))],
  ['composed', both((key) => key.normalize('NFC'))],
  ['composed', strings((key) => key.normalize('NFKC'))],
  ['decomposed', strings((key) => key.normalize('NFD'))],
  ['trimmed', strings((key) => key.trim())],
  ['trimmed', both((key) => key.trim())],
  ['lower-case', strings((key) => key.toLowerCase())],
  ['lower-case', both((key) => key.toLowerCase())],
  ['no-mark', strings((key) => key.replace(/^\uFEFF/, ''))],
  ['no-mark', both((key) => key.replace(/^\uFEFF/, ''))],
  ['as-json', strings((key) => JSON.stringify(key))],
  ['escaped', strings((key) => encodeURIComponent(key))],
  [
    'hex-text',
    (key) => (typeof key === 'string' ? asIs(key) : Buffer.from(Buffer.from(key).toString('hex'))),
  ],
  ['zero-ended', strings((key) => key.replace(/\0.*$/s, ''))],
  ...[64, 100, 128, 255, 256, 1_000, 1_024, 4_096, 10_000, 65_535, 65_536].flatMap(
    (limit) =>
      [
        ['cut-key', (key) => asIs(key).subarray(0, limit)],
        ['cut-key', strings((key) => key.slice(0, limit))],
      ] as [keyof typeof changeWords & 'cut-key', Change][],
  ),
]

/** What was done to the keys before they were hashed, if it is a known change. */
export function changeOf(all: readonly Chosen[]): keyof typeof changeWords | undefined {
  if (!anyWrong(all)) return undefined
  return changes.find(([, change]) =>
    all.every(({ key, count, got }) => isSame(got, partitionOf(change(key), count))),
  )?.[0]
}
