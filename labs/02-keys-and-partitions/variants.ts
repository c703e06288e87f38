/**
 * Hashes that are wrong in one step: which of them gives, on every input of a failed check, what the learner's gave?
 *
 * VARIANT-1  a variant is named only if all outputs of the check are its outputs, and at least one is not Kafka's
 * VARIANT-2  of several that agree, the first in the list is named: simpler ones stand first
 */
import type { VariantId } from './messages-variants.ts'
import { byteAt, cook, kafka, littleEndian, m, type Recipe, seed } from './recipe.ts'

export interface Variant {
  /** The case of the lab's text. */
  readonly id: VariantId
  readonly recipe: Recipe
  readonly facts?: Readonly<Record<string, string | number>>
}

/** One input of a check, and the hash that the learner's function gave, as a signed int. */
export interface Sample {
  readonly bytes: Uint8Array
  readonly got: number
}

const bigEndian = (bytes: Uint8Array, at: number) =>
  (byteAt(bytes, at) << 24) |
  (byteAt(bytes, at + 1) << 16) |
  (byteAt(bytes, at + 2) << 8) |
  byteAt(bytes, at + 3)
const signedByte = (bytes: Uint8Array, at: number) => (byteAt(bytes, at) << 24) >> 24
const signedLittleEndian = (join: (a: number, b: number) => number) => (bytes: Uint8Array, at: number) =>
  [0, 1, 2, 3].reduce(
    (k, i) => (at + i < bytes.length ? join(k, signedByte(bytes, at + i) << (8 * i)) : k),
    0,
  )
const or = (a: number, b: number) => a | b
const xor = (a: number, b: number) => a ^ b
const plus = (a: number, b: number) => (a + b) | 0

const change = (id: VariantId, part: Partial<Recipe>): Variant => ({ id, recipe: { ...kafka, ...part } })

const mixWith =
  (shift: (k: number) => number): Recipe['mix'] =>
  (k, multiply) => {
    const once = multiply(k, m)
    return multiply(once ^ shift(once), m)
  }
const finishWith =
  (first: (h: number) => number, last: (h: number) => number): Recipe['finish'] =>
  (h, multiply) => {
    const once = multiply(h ^ first(h), m)
    return once ^ last(once)
  }
const tailWith =
  (read: (rest: Uint8Array) => number): Recipe['tail'] =>
  (h, rest, multiply) =>
    rest.length === 0 ? h : multiply(h ^ read(rest), m)
const eachTailByte =
  (step: (h: number, byte: number, i: number, multiply: Recipe['multiply']) => number): Recipe['tail'] =>
  (h, rest, multiply) =>
    rest.reduce((sum, byte, i) => step(sum, byte, i, multiply), h)

const arithmetic13 = finishWith(
  (h) => h >> 13,
  (h) => h >> 15,
)
const signedMix = mixWith((k) => k >> 24)
const lossy = (a: number, b: number) => (a * b) | 0
const lossyUnsigned = (a: number, b: number) => ((a >>> 0) * (b >>> 0)) | 0
const cutAt = (bytes: number): Variant => ({
  id: 'cut',
  facts: { limit: bytes },
  recipe: { ...kafka, input: (given) => given.subarray(0, bytes) },
})
const throughText =
  (encoding: BufferEncoding): Recipe['input'] =>
  (bytes) =>
    Buffer.from(Buffer.from(bytes).toString(encoding), encoding === 'latin1' ? 'utf8' : encoding)

export const fixed: readonly Variant[] = [
  change('big-endian', { word: bigEndian }),
  change('signed-shift', { mix: signedMix, finish: arithmetic13 }),
  change('signed-shift-words', { mix: signedMix }),
  change('signed-shift-end', { finish: arithmetic13 }),
  change('signed-shift-end', {
    finish: finishWith(
      (h) => h >> 13,
      (h) => h >>> 15,
    ),
  }),
  change('signed-shift-end', {
    finish: finishWith(
      (h) => h >>> 13,
      (h) => h >> 15,
    ),
  }),
  change('plain-multiplication', { multiply: lossy }),
  change('plain-multiplication', { multiply: lossyUnsigned }),
  change('no-tail', { tail: (h) => h }),
  change('tail-not-read', { tail: (h, rest, multiply) => (rest.length === 0 ? h : multiply(h, m)) }),
  change('tail-reversed', { tail: tailWith((rest) => rest.reduce((word, byte) => (word << 8) | byte, 0)) }),
  change('tail-reversed', {
    tail: tailWith((rest) => rest.reduce((word, byte, i) => word | (byte << (8 * (2 - i))), 0)),
  }),
  change('tail-unshifted', { tail: tailWith((rest) => rest.reduce(xor, 0)) }),
  change('tail-first-byte', { tail: tailWith((rest) => byteAt(rest, 0)) }),
  change('tail-not-multiplied', { tail: (h, rest) => h ^ littleEndian(rest, 0) }),
  change('tail-always-multiplied', { tail: (h, rest, multiply) => multiply(h ^ littleEndian(rest, 0), m) }),
  change('tail-as-word', {
    tail: (h, rest, multiply) =>
      rest.length === 0 ? h : kafka.join(h, kafka.mix(littleEndian(rest, 0), multiply), multiply),
  }),
  change('tail-each-multiplied', {
    tail: eachTailByte((h, byte, i, multiply) => multiply(h ^ (byte << (8 * i)), m)),
  }),
  change('tail-each-multiplied', {
    tail: (h, rest, multiply) =>
      [...rest.keys()].reverse().reduce((sum, i) => multiply(sum ^ (byteAt(rest, i) << (8 * i)), m), h),
  }),
  change('signed-tail', { tail: tailWith((rest) => signedLittleEndian(xor)(rest, 0)) }),
  change('signed-tail', { tail: tailWith((rest) => signedLittleEndian(or)(rest, 0)) }),
  ...[or, xor, plus].flatMap((join) => [
    change('signed-bytes', {
      word: signedLittleEndian(join),
      tail: tailWith((rest) => signedLittleEndian(xor)(rest, 0)),
    }),
    change('signed-bytes', { word: signedLittleEndian(join) }),
  ]),
  change('big-endian-both', {
    word: bigEndian,
    tail: tailWith((rest) => rest.reduce((word, byte) => (word << 8) | byte, 0)),
  }),
  change('no-end', { finish: (h) => h }),
  change('half-end', { finish: (h) => h ^ (h >>> 13) }),
  change('half-end', { finish: (h, multiply) => multiply(h ^ (h >>> 13), m) }),
  change('half-end', {
    finish: (h) =>
      finishWith(
        (one) => one >>> 13,
        (one) => one >>> 15,
      )(h, (a) => a),
  }),
  change('no-shift-in-words', { mix: (k, multiply) => multiply(multiply(k, m), m) }),
  change('k-once', {
    mix: (k, multiply) => {
      const once = multiply(k, m)
      return once ^ (once >>> 24)
    },
  }),
  change('k-once', { mix: (k, multiply) => multiply(k ^ (k >>> 24), m) }),
  change('h-not-multiplied', { join: xor }),
  change('xor-first', { join: (h, k, multiply) => multiply(h ^ k, m) }),
  change('add', { join: (h, k, multiply) => plus(multiply(h, m), k) }),
  change('no-length', { start: () => seed }),
  change('length-added', { start: (length) => plus(seed, length) }),
  change('short-length', { start: (length) => seed ^ (length & 0xff) }),
  change('short-length', { start: (length) => seed ^ (length & 0xffff) }),
  change('length-in-words', { start: (length) => seed ^ (length >> 2) }),
  ...[
    64,
    100,
    128,
    255,
    256,
    512,
    1_000,
    1_024,
    2_048,
    4_096,
    8_192,
    10_000,
    16_384,
    32_767,
    32_768,
    65_535,
    65_536,
    100_000,
    2 ** 17,
    2 ** 18,
    2 ** 19,
    1_000_000,
  ].map(cutAt),
  change('through-text', { input: throughText('utf8') }),
  change('through-text', { input: throughText('latin1') }),
  change('through-text', { input: throughText('ascii') }),
]

/** Wrong numbers: shifts of another width. */
function* otherShifts(): Generator<Variant> {
  for (let r = 1; r < 32; r++) {
    if (r !== 24) yield { ...change('other-r', { mix: mixWith((k) => k >>> r) }), facts: { r } }
  }
  for (let first = 1; first < 32; first++)
    for (let last = 1; last < 32; last++)
      if (first !== 13 || last !== 15)
        yield {
          ...change('other-end', {
            finish: finishWith(
              (h) => h >>> first,
              (h) => h >>> last,
            ),
          }),
          facts: { first, last },
        }
}

/** `*` in some of the five places where murmur2 multiplies, and Math.imul in the others. */
function* someMultiplications(): Generator<Variant> {
  for (let places = 1; places < 31; places++) {
    const at = (place: number): Recipe['multiply'] => ((places >> place) & 1 ? lossy : Math.imul)
    yield change('plain-multiplication', {
      mix: (k) => {
        const once = at(0)(k, m)
        return at(1)(once ^ (once >>> 24), m)
      },
      join: (h, k) => at(2)(h, m) ^ k,
      tail: (h, rest) => kafka.tail(h, rest, at(3)),
      finish: (h) => kafka.finish(h, at(4)),
    })
  }
}

/** The variant that gives all these outputs, if there is one. */
export function variantOf(samples: readonly Sample[]): Variant | undefined {
  if (!samples.some(({ bytes, got }) => cook(kafka, bytes) !== got)) return undefined
  const gives = ({ recipe }: Variant) => samples.every(({ bytes, got }) => cook(recipe, bytes) === got)
  const known = fixed.find(gives) ?? seedOf(samples)
  if (known !== undefined) return known
  // Hundreds of recipes: on short keys only.
  if (samples.some(({ bytes }) => bytes.length > 1_000)) return undefined
  for (const variant of someMultiplications()) if (gives(variant)) return variant
  for (const variant of otherShifts()) if (gives(variant)) return variant
  return undefined
}

/** m times this is 1, in 32 bits: with it the hash can be undone. */
const inverse = inverseOf(m)

function inverseOf(odd: number): number {
  let x = odd
  for (let i = 0; i < 5; i++) x = Math.imul(x, 2 - Math.imul(odd, x))
  return x
}

/** What h was at the start, if all but the start was done as Kafka does it: every step of murmur2 can be undone. */
function startBehind({ bytes, got }: Sample): number {
  const unshift = (h: number, by: number) => {
    let before = h
    for (let done = by; done < 32; done += by) before = h ^ (before >>> by)
    return before
  }
  const tail = bytes.length & 3
  const whole = bytes.length - tail
  let h = unshift(Math.imul(unshift(got, 15), inverse), 13)
  if (tail > 0) h = Math.imul(h, inverse) ^ littleEndian(bytes.subarray(whole), 0)
  for (let at = whole - 4; at >= 0; at -= 4)
    h = Math.imul(h ^ kafka.mix(littleEndian(bytes, at), Math.imul), inverse)
  return h
}

/** A hash that began with another seed, whichever it is. */
function seedOf(samples: readonly Sample[]): Variant | undefined {
  const seeds = new Set(samples.map((sample) => startBehind(sample) ^ sample.bytes.length))
  const [other] = seeds
  if (seeds.size !== 1 || other === undefined || samples.length < 3) return undefined
  const facts = { seed: `0x${(other >>> 0).toString(16).padStart(8, '0')}` }
  return { ...change('other-seed', { start: (length) => other ^ length }), facts }
}
