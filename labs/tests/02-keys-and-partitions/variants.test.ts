import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { variantWords } from '../../02-keys-and-partitions/messages-variants.ts'
import { hashOf } from '../../02-keys-and-partitions/oracle.ts'
import { cook, kafka, type Recipe, stepsBeside } from '../../02-keys-and-partitions/recipe.ts'
import { fixed, type Sample, variantOf } from '../../02-keys-and-partitions/variants.ts'
import { Dice } from '../../engine/dice.ts'

const kafkajsMurmur2 = createRequire(import.meta.url)(
  'kafkajs/src/producer/partitioners/default/murmur2.js',
) as (key: Buffer) => number

const dice = new Dice(7, 'variants')
const lengths = [4, 8, 9, 10, 11, 13, 16, 22, 36]
const keys = lengths.map((length) => dice.bytes(length))
const samplesOf = (hash: (bytes: Uint8Array) => number): Sample[] =>
  keys.map((bytes) => ({ bytes, got: hash(bytes) }))

describe('murmur2 step by step', () => {
  it('RECIPE-1: gives what Kafka gives, for all lengths', () => {
    for (let length = 0; length < 300; length++) {
      const bytes = dice.bytes(length)
      expect(cook(kafka, bytes)).toBe(kafkajsMurmur2(Buffer.from(bytes)) | 0)
    }
  })

  it('VARIANT-1: names no variant for the right hash, nor for one that is wrong in another way', () => {
    expect(variantOf(samplesOf(hashOf))).toBeUndefined()
    expect(variantOf(samplesOf((bytes) => hashOf(bytes) ^ 1))).toBeUndefined()
    const mostlyBigEndian = samplesOf(hashOf)
    expect(
      variantOf(mostlyBigEndian.map((one, i) => (i === 0 ? { ...one, got: one.got + 1 } : one))),
    ).toBeUndefined()
  })

  it('names another seed, whichever it is', () => {
    for (const seed of [0, 1, 0x12345678, -5]) {
      const recipe: Recipe = { ...kafka, start: (length) => seed ^ length }
      const variant = variantOf(samplesOf((bytes) => cook(recipe, bytes)))
      expect(variant?.id).toBe('other-seed')
      expect(variant?.facts?.seed).toBe(`0x${(seed >>> 0).toString(16).padStart(8, '0')}`)
    }
  })

  it('names the width of a wrong shift', () => {
    const mix: Recipe['mix'] = (k, multiply) => {
      const once = multiply(k, 0x5bd1e995)
      return multiply(once ^ (once >>> 23), 0x5bd1e995)
    }
    expect(variantOf(samplesOf((bytes) => cook({ ...kafka, mix }, bytes)))).toMatchObject({
      id: 'other-r',
      facts: { r: 23 },
    })
  })

  it('shows the steps up to the first that differs', () => {
    const key = dice.bytes(12)
    const recipe: Recipe = { ...kafka, tail: (h) => Math.imul(h, 0x5bd1e995) }
    const picture = stepsBeside(recipe, key)
    expect(picture.rows.map(([at]) => at)).toEqual([
      'bytes[0…3]',
      'bytes[4…7]',
      'bytes[8…11]',
      '—',
      '>>> 13, >>> 15',
    ])
    expect(picture.wrong).toEqual([3])
  })

  it('VARIANT-2: each variant differs from Kafka on some key, and is named by its id or by a simpler one that agrees', () => {
    const long = [...keys, ...[300, 70_001].map((length) => dice.bytes(length))]
    for (const { id, recipe } of fixed) {
      const samples = long.map((bytes) => ({ bytes, got: cook(recipe, bytes) }))
      const named = variantOf(samples)
      if (named === undefined) expect(samples.every(({ bytes, got }) => got === hashOf(bytes))).toBe(true)
      else expect([id, named.id], id).toContain(named.id)
      expect(variantWords[id]).toBeDefined()
    }
  })
})
