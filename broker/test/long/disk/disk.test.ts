/** A real disk that is full or read-only: errors, log lines, and the data afterwards. */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { buildBroker } from '../../../build.mjs'
import { buildBatch } from '../../../src/record/batch-builder.ts'
import { ErrorCode } from '../../../src/wire/errors.ts'
import { findKafkaTools } from '../../kafka-tools.ts'
import { BrokerChild } from '../kill/broker-child.ts'
import { Caller } from '../kill/caller.ts'
import { complaintsOfKafka } from '../kill/dump-check.ts'
import { readPartition } from '../kill/read-back.ts'
import { createTopic } from '../kill/topics.ts'
import { nameOf, produce, utf8 } from '../kill/worker.ts'
import { TinyDisk, whyNoTinyDisk } from './tiny-disk.ts'

vi.setConfig({ testTimeout: 120_000 })

const missing = whyNoTinyDisk()
if (missing) console.warn(`What a real disk does is left out: ${missing}`)

const SETTINGS = ['offsets.topic.num.partitions=1', 'transaction.state.log.num.partitions=1']
const DISK_MEGABYTES = 8
const tools = findKafkaTools()

let disk: TinyDisk
let broker: BrokerChild | undefined
let caller: Caller

async function start(): Promise<void> {
  broker = new BrokerChild(join(disk.path, 'data'), SETTINGS)
  const address = await broker.serving()
  caller = new Caller(async () => address)
}

async function stop(): Promise<string> {
  caller.end()
  return broker!.stop()
}

/** Produces a record of about 20 kB; returns the error code. */
async function tryProduce(topic: string, name: string): Promise<number> {
  const value = utf8.encode(`${name}|${'x'.repeat(20_000)}`)
  const records = buildBatch([{ key: null, value, timestamp: Date.now() }])
  return (await produce(caller, topic, 0, records, { retry: 'once' })).errorCode
}

async function namesIn(topic: string): Promise<string[]> {
  const { records } = await readPartition(caller, topic, 0, 'read_uncommitted')
  return records.map(({ value }) => nameOf(value))
}

describe.skipIf(missing !== undefined)('a disk', () => {
  beforeAll(async () => {
    await buildBroker()
  })
  beforeEach(() => {
    disk = new TinyDisk(DISK_MEGABYTES)
  })
  afterEach(async () => {
    caller?.end()
    await broker?.kill()
    broker = undefined
    disk.end()
  })

  test('that is full refuses records with one clear line, serves readers, and goes on when there is room', async () => {
    await start()
    for (const topic of ['a', 'b']) await createTopic(caller, topic, 1)
    const acknowledged: Record<string, string[]> = { a: [], b: [] }
    const filler = join(disk.path, 'filler')
    writeFileSync(filler, new Uint8Array((DISK_MEGABYTES - 2) << 20))
    let refused = 0
    for (let i = 0; refused < 20; i++) {
      const topic = i % 2 ? 'a' : 'b'
      const errorCode = await tryProduce(topic, `${i}`)
      if (errorCode === ErrorCode.NONE) acknowledged[topic]!.push(`${i}`)
      else refused++
      expect([ErrorCode.NONE, ErrorCode.KAFKA_STORAGE_ERROR]).toContain(errorCode)
    }
    for (const topic of ['a', 'b']) expect(await namesIn(topic)).toEqual(acknowledged[topic])
    rmSync(filler)
    for (const topic of ['a', 'b']) {
      expect(await tryProduce(topic, 'after')).toBe(ErrorCode.NONE)
      acknowledged[topic]!.push('after')
    }
    const lines = broker!.log.split('\n').filter((line) => line.includes('ERROR'))
    expect(lines.length).toBeLessThan(5)
    expect(lines[0]).toContain('the disk is full: free some space')
    expect(await stop()).toBe('0')
    await start()
    for (const topic of ['a', 'b']) expect(await namesIn(topic)).toEqual(acknowledged[topic])
    await stop()
    if (!('missing' in tools)) expect(complaintsOfKafka(tools.folder, join(disk.path, 'data'))).toEqual([])
  })

  test('that stays full does not keep the broker from a stop, and is read again by the next start', async () => {
    await start()
    await createTopic(caller, 'a', 1)
    writeFileSync(join(disk.path, 'filler'), new Uint8Array(1 << 20))
    const acknowledged: string[] = []
    for (let i = 0; ; i++) {
      const errorCode = await tryProduce('a', `${i}`)
      if (errorCode !== ErrorCode.NONE) break
      acknowledged.push(`${i}`)
    }
    expect(await stop()).toBe('0')
    expect(broker!.log).toContain('write recovery-point-offset-checkpoint: ENOSPC: the disk is full')
    rmSync(join(disk.path, 'filler'))
    await start()
    expect(await namesIn('a')).toEqual(acknowledged)
  })

  test('that is read-only ends the start with one line that says so, and is as it was', async () => {
    await start()
    await createTopic(caller, 'a', 1)
    expect(await tryProduce('a', 'x')).toBe(ErrorCode.NONE)
    expect(await stop()).toBe('0')
    disk.remount('ro')
    const turnedAway = new BrokerChild(join(disk.path, 'data'), SETTINGS)
    expect(await turnedAway.ready).toBeUndefined()
    expect(await turnedAway.exit).toBe('2')
    expect(turnedAway.log).toMatch(/read-only/)
    expect(turnedAway.log.trim().split('\n').length).toBeLessThan(4)
    disk.remount('rw')
    expect(existsSync(join(disk.path, 'data', '.kafka_cleanshutdown'))).toBe(true)
    await start()
    expect(await namesIn('a')).toEqual(['x'])
  })
})
