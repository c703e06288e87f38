/** The codec in steps gives the same results as the codec, and pauses where it should. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { messageArbitrary } from '../../test/message-arbitraries.ts'
import { CATALOG } from '../messages/catalog.ts'
import { DescribeConfigsResponse } from '../messages/describe-configs.ts'
import { FetchRequest } from '../messages/fetch.ts'
import { MetadataResponse } from '../messages/metadata.ts'
import { OffsetFetchRequest } from '../messages/offset-fetch.ts'
import type { Steps } from '../turns.ts'
import { repeated, shared } from './codec-steps.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** A turn that is always over. */
const HASTY = { isOver: true, claim: () => {} }

/** Runs all steps; returns their result, and how often they paused. */
function run<Result>(steps: Steps<Result>): { result: Result; pauses: number } {
  for (let pauses = 0; ; pauses++) {
    const step = steps.next()
    if (step.done) return { result: step.value, pauses }
  }
}

describe('CODEC-STEPS-1: the same result as without steps', () => {
  const messages = CATALOG.flatMap(({ request, response }) => [request, response])
  test.for(messages.map((message) => [message.name, message] as const))('%s', ([, message]) => {
    for (let version = message.versions.min; version <= message.versions.max; version++) {
      fc.assert(
        fc.property(messageArbitrary(message, version), (value) => {
          const atOnce = new Writer()
          message.encode(atOnce, version, value)
          const bytes = atOnce.toBytes()
          const inSteps = new Writer()
          run(message.encodeSteps(inSteps, version, value, HASTY))
          expect(inSteps.toBytes()).toEqual(bytes)
          const read = run(message.decodeSteps(new Reader(bytes), version, HASTY)).result
          expect(read).toEqual(message.decode(new Reader(bytes), version))
        }),
        { numRuns: 2 },
      )
    }
  })
})

function bytesOf(groups: number): Uint8Array {
  const writer = new Writer()
  const asked = Array.from({ length: groups }, (_, i) => ({ groupId: `g${i}`, topics: null }))
  OffsetFetchRequest.encode(writer, 9, { groups: asked })
  return writer.toBytes()
}

test('CODEC-STEPS-2: at most 64 elements are handled between two reads of the clock', () => {
  const partitions = Array.from({ length: 6400 }, (_, partition) => ({ partition }))
  const writer = new Writer()
  FetchRequest.encode(writer, 12, { topics: [{ topic: 't', partitions }] })
  expect(run(FetchRequest.decodeSteps(new Reader(writer.toBytes()), 12, HASTY)).pauses).toBe(100)
  const { pauses } = run(FetchRequest.encodeSteps(new Writer(), 12, { topics: [{ partitions }] }, HASTY))
  expect(pauses).toBe(100)
  expect(run(OffsetFetchRequest.decodeSteps(new Reader(bytesOf(640)), 9, HASTY)).pauses).toBe(10)
})

test('memory is claimed before an array is created, and a refused claim ends the decoding', () => {
  const refused = new Error('too much')
  let claimed = 0
  const claim = (bytes: number): void => {
    claimed += bytes
    if (claimed > 100_000) throw refused
  }
  const decode = (groups: number) =>
    run(OffsetFetchRequest.decodeSteps(new Reader(bytesOf(groups)), 9, { isOver: false, claim }))
  expect(decode(100).result.groups).toHaveLength(100)
  expect(claimed).toBeGreaterThan(100 * 60)
  expect(() => decode(10_000)).toThrow(refused)
})

test('CODEC-STEPS-3: an object that occurs in an array many times takes the memory of one', () => {
  const configs = Array.from({ length: 100 }, (_, i) => ({ name: `key.${i}`, value: 'x'.repeat(100) }))
  const one = { errorCode: 0, errorMessage: '', resourceType: 4, resourceName: '1', configs }
  const writer = new Writer()
  const results = new Array(3000).fill(one)
  run(DescribeConfigsResponse.encodeSteps(writer, 4, { results }, HASTY))
  const chunks = writer.chunks()
  expect(chunks.reduce((sum, { length }) => sum + length, 0)).toBeGreaterThan(30_000_000)
  const memory = new Set(chunks.map((chunk) => (chunk as Uint8Array).buffer))
  expect([...memory].reduce((sum, { byteLength }) => sum + byteLength, 0)).toBeLessThan(200_000)
  const plain = new Writer()
  DescribeConfigsResponse.encode(plain, 4, { results: results.slice(0, 3) })
  const again = new Writer()
  run(DescribeConfigsResponse.encodeSteps(again, 4, { results: results.slice(0, 3) }, HASTY))
  expect(again.toBytes()).toEqual(plain.toBytes())
})

test('CODEC-STEPS-4: an array marked as repeated takes the memory of one, wherever it occurs', () => {
  const entries = Array.from({ length: 100 }, (_, i) => ({ name: `key.${i}`, value: 'x'.repeat(100) }))
  const resultsWith = (configs: typeof entries) =>
    Array.from({ length: 3000 }, (_, i) => {
      return { errorCode: 0, errorMessage: '', resourceType: 2, resourceName: `t${i}`, configs }
    })
  const writer = new Writer()
  run(DescribeConfigsResponse.encodeSteps(writer, 4, { results: resultsWith(repeated(entries)) }, HASTY))
  const memory = new Set(writer.chunks().map((chunk) => (chunk as Uint8Array).buffer))
  expect([...memory].reduce((sum, { byteLength }) => sum + byteLength, 0)).toBeLessThan(1_000_000)
  const plain = new Writer()
  DescribeConfigsResponse.encode(plain, 4, { results: resultsWith([...entries]) })
  expect(Buffer.compare(writer.toBytes(), plain.toBytes())).toBe(0)
})

test('CODEC-STEPS-5: a value with few elements in all its arrays is short; counting stops at the limit', () => {
  const configs = (count: number) => Array.from({ length: count }, () => ({ name: 'key' }))
  const isShort = (...counts: number[]) =>
    DescribeConfigsResponse.isShort(4, { results: counts.map((count) => ({ configs: configs(count) })) })
  expect([isShort(), isShort(255), isShort(100, 100, 53)]).toEqual([true, true, true])
  expect([isShort(256), isShort(100, 100, 54), isShort(...new Array(257).fill(0))]).toEqual([
    false,
    false,
    false,
  ])
  const uncounted = {
    get configs(): never {
      throw new Error('counted')
    },
  }
  const results = [...new Array(300).fill({ configs: [] }), uncounted]
  expect(DescribeConfigsResponse.isShort(4, { results })).toBe(false)
})

test('CODEC-STEPS-6: a shared array is encoded once in each version, and all responses reference its bytes', () => {
  let reads = 0
  const topics = Array.from({ length: 3000 }, (_, i) => ({
    get name() {
      reads++
      return `topic-${i}`
    },
  }))
  const [bytes, memory] = [new Set<string>(), new Set<unknown>()]
  for (let i = 0; i < 100; i++) {
    const writer = new Writer()
    run(MetadataResponse.encodeSteps(writer, 9, { topics: i === 0 ? shared(topics) : topics }, HASTY))
    const chunks = writer.chunks().map((chunk) => chunk as Uint8Array)
    memory.add(chunks.find(({ length }) => length > 50_000))
    bytes.add(Buffer.concat(chunks).toString('hex'))
  }
  const once = reads
  expect(once).toBeLessThan(3 * topics.length)
  expect([bytes.size, memory.size]).toEqual([1, 1])
  const plain = new Writer()
  MetadataResponse.encode(plain, 9, { topics: topics.map(({ name }) => ({ name })) })
  expect([...bytes]).toEqual([Buffer.from(plain.toBytes()).toString('hex')])
  for (const version of [9, 10, 11, 12, 9, 8, 10]) {
    reads = 0
    run(MetadataResponse.encodeSteps(new Writer(), version, { topics }, HASTY))
    expect(reads).toBe(version === 9 ? 0 : once)
  }
})
