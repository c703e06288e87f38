import { describe, expect, it } from 'vitest'
import { Model } from '../../03-append-only-log/model.ts'
import { readFault, stampFault } from '../../03-append-only-log/reading.ts'
import { Dice } from '../../engine/dice.ts'

const dice = new Dice(3, 'reading')
const model = new Model(1_000)
for (const count of [5, 3, 4, 6]) model.append(dice.bytes(70 + count), count)
const [a, b, c, d] = model.batches.map(({ bytes }) => bytes) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
]
const fault = (got: Uint8Array[], offset = 1_000, maxBytes = 10_000) =>
  readFault(model, got, model.read(offset, maxBytes))?.says

describe('what is wrong with a read', () => {
  it('finds nothing wrong with the right batches, whatever their stamps', () => {
    expect(fault([a, b, c, d])).toBeUndefined()
    expect(fault([new Uint8Array([...new Uint8Array(8), ...a.subarray(8)]), b, c, d])).toBeUndefined()
  })

  it.each([
    ['nothing', [], 1_000],
    ['later', [c, d], 1_006],
    ['earlier', [a, b, c, d], 1_006],
    ['gap', [a, c, d], 1_000],
    ['order', [d, c, b, a], 1_000],
    ['twice', [a, a, b, c, d], 1_000],
    ['fewer', [a, b], 1_000],
    ['joined', [Buffer.concat([a, b, c, d])], 1_000],
    ['cut', [b.subarray(10), c, d], 1_006],
    ['cut', [b.subarray(0, 20), c, d], 1_006],
    ['altered', [dice.bytes(75), b, c, d], 1_000],
    ['alien', [dice.bytes(76), b, c, d], 1_000],
  ] as const)('%s', (says, got, offset) => {
    expect(fault([...got], offset)).toBe(says)
  })

  it('more than fits', () => {
    expect(fault([a, b, c], 1_000, a.length + b.length)).toBe('more')
  })
})

describe('what stands in place of the base offset', () => {
  const base = 2 ** 48 + 2 ** 33 + 12_345
  const given = dice.bytes(40)
  const log = new Model(base)
  log.append(given, 3)
  const [batch] = log.batches
  const stampOf = (write: (view: DataView, bytes: Uint8Array) => void) => {
    const bytes = given.slice()
    write(new DataView(bytes.buffer), bytes)
    if (batch === undefined) throw new Error('no batch')
    return stampFault(bytes, batch, { given, start: base - 5, number: 1 })?.says
  }

  it.each([
    [undefined, (view: DataView) => view.setBigInt64(0, BigInt(base))],
    ['not-stamped', () => {}],
    ['little-endian', (view: DataView) => view.setBigInt64(0, BigInt(base), true)],
    ['four-bytes', (view: DataView) => view.setInt32(0, base | 0)],
    ['low-bits', (view: DataView) => view.setBigInt64(0, BigInt(base >>> 0))],
    ['low-48-bits', (view: DataView) => view.setBigInt64(0, BigInt.asUintN(48, BigInt(base)))],
    ['floating-point', (view: DataView) => view.setFloat64(0, base)],
    ['last-offset', (view: DataView) => view.setBigInt64(0, BigInt(base + 2))],
    ['next-offset', (view: DataView) => view.setBigInt64(0, BigInt(base + 3))],
    ['from-start', (view: DataView) => view.setBigInt64(0, 5n)],
    ['ordinal', (view: DataView) => view.setBigInt64(0, 1n)],
    ['stamp', (view: DataView) => view.setBigInt64(0, -7n)],
  ] as const)('%s', (says, write) => {
    expect(stampOf(write)).toBe(says)
  })
})
