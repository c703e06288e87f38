import { describe, expect, it } from 'vitest'
import { errorName, KafkaError } from '../wire/errors.ts'
import { buildBatch } from './batch-builder.ts'
import { soleBatch } from './sole-batch.ts'

const batch = () => buildBatch([{ key: null, value: new Uint8Array(9), timestamp: 5 }])
const joined = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]))

function verdict(bytes: Uint8Array): string {
  try {
    return `${soleBatch(bytes).length} bytes`
  } catch (error) {
    return error instanceof KafkaError ? errorName(error.code) : String(error)
  }
}

function changed(at: number, ...values: number[]): Uint8Array {
  const bytes = batch()
  bytes.set(values, at)
  return bytes
}

describe('the only batch of a partition', () => {
  it('is found, without an incomplete batch after it', () => {
    const size = batch().length
    expect(verdict(batch())).toBe(`${size} bytes`)
    expect(verdict(joined(batch(), new Uint8Array(7)))).toBe(`${size} bytes`)
    expect(verdict(joined(batch(), batch().subarray(0, 50)))).toBe(`${size} bytes`)
  })

  it.each([
    ['nothing', new Uint8Array(0)],
    ['half a batch', batch().subarray(0, 50)],
    ['two batches', joined(batch(), batch())],
    ['magic 1', changed(16, 1)],
    ['a length beyond the end', changed(8, 0, 0, 1, 0)],
  ])('SOLE-BATCH-1: is not found in %s', (_, bytes) => {
    expect(verdict(bytes)).toBe('INVALID_RECORD')
  })

  it.each([
    ['a length of 13', changed(8, 0, 0, 0, 13)],
    ['a length below 0', changed(8, 255, 255, 255, 255)],
    ['magic 3', changed(16, 3)],
    ['nonsense behind it', joined(batch(), new Uint8Array(12))],
  ])('reading stops at %s', (_, bytes) => {
    expect(verdict(bytes)).toBe('CORRUPT_MESSAGE')
  })
})
