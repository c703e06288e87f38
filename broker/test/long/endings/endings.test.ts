/** How a broker's process ends, and what must not end it. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { buildBroker } from '../../../build.mjs'
import { ApiVersionsRequest, ApiVersionsResponse } from '../../../src/messages/api-versions.ts'
import { EndTxnRequest, EndTxnResponse } from '../../../src/messages/end-txn.ts'
import { FetchRequest } from '../../../src/messages/fetch.ts'
import { FindCoordinatorRequest, FindCoordinatorResponse } from '../../../src/messages/find-coordinator.ts'
import { InitProducerIdRequest, InitProducerIdResponse } from '../../../src/messages/init-producer-id.ts'
import { startBroker } from '../../../src/node/index.ts'
import { buildBatch } from '../../../src/record/batch-builder.ts'
import { frameOf } from '../../../src/sim/sim-client.ts'
import { ErrorCode } from '../../../src/wire/errors.ts'
import type { Int64 } from '../../../src/wire/int64.ts'
import { RawClient } from '../../raw-client.ts'
import { BrokerChild } from '../kill/broker-child.ts'
import { Caller } from '../kill/caller.ts'
import { readPartition } from '../kill/read-back.ts'
import { createTopic } from '../kill/topics.ts'
import { expectNone, nameOf, produce, utf8 } from '../kill/worker.ts'
import { withPatience } from '../patience.ts'

const SETTINGS = ['offsets.topic.num.partitions=1', 'transaction.state.log.num.partitions=1']
const TRANSACTION = 1

// Nothing here is slow, unless the machine is busy.
vi.setConfig({ testTimeout: 200_000 })

let data: string
let broker: BrokerChild
const callers: Caller[] = []
beforeAll(async () => {
  await buildBroker()
})
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'offset-zero-endings-'))
})
afterEach(async () => {
  for (const caller of callers.splice(0)) caller.end()
  await broker.kill()
  rmSync(data, { recursive: true, force: true })
})

async function start(descriptorsMax?: number): Promise<Caller> {
  broker = new BrokerChild(data, SETTINGS, 0, descriptorsMax)
  const address = (await broker.ready)!
  const caller = new Caller(async () => address)
  callers.push(caller)
  return caller
}

const batchOf = (text: string, options = {}): Uint8Array =>
  buildBatch([{ key: null, value: utf8.encode(text), timestamp: Date.now() }], options)

describe('SIGTERM', () => {
  test('while a hundred fetches wait: at once, with exit code 0 and a clean folder', async () => {
    const caller = await start()
    await createTopic(caller, 'quiet', 1)
    const address = (await broker.ready)!
    const topics = [
      { topic: 'quiet', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }] },
    ]
    const fetch = frameOf(FetchRequest, 11, 1, 1, { maxWaitMs: 600_000, minBytes: 1, topics })
    const waiting = await Promise.all(Array.from({ length: 100 }, () => RawClient.to(address)))
    for (const client of waiting) client.send(fetch)
    // This response comes after the fetches, so they have arrived by then.
    await caller.call(ApiVersionsRequest, ApiVersionsResponse, 0, {})
    expect(await withPatience(broker.stop(), () => 'the stop')).toBe('0')
    await withPatience(Promise.all(waiting.map(({ closed }) => closed)), () => 'the end of the connections')
    expect(existsSync(join(data, '.kafka_cleanshutdown'))).toBe(true)
  })

  test('while a transaction is open: it is still open after the start, and can be committed', async () => {
    let caller = await start()
    await createTopic(caller, 'orders', 1)
    await expectNone('FindCoordinator', async () => {
      const body = { keyType: TRANSACTION, coordinatorKeys: ['tx'] }
      const { coordinators } = await caller.call(FindCoordinatorRequest, FindCoordinatorResponse, 4, body)
      return coordinators[0]!.errorCode
    })
    const body = { transactionalId: 'tx', transactionTimeoutMs: 60_000 }
    let producer: { producerId: Int64; producerEpoch: number } = { producerId: -1, producerEpoch: -1 }
    await expectNone('InitProducerId', async () => {
      const { errorCode, producerId, producerEpoch } = await caller.call(
        InitProducerIdRequest,
        InitProducerIdResponse,
        4,
        body,
      )
      producer = { producerId, producerEpoch }
      return errorCode
    })
    await append(caller, 'before', 0)
    expect(await broker.stop()).toBe('0')
    caller = await start()
    await append(caller, 'after', 1)
    const end = { transactionalId: 'tx', ...producer, committed: true }
    await expectNone(
      'EndTxn',
      async () => (await caller.call(EndTxnRequest, EndTxnResponse, 5, end)).errorCode,
    )
    const { records } = await readPartition(caller, 'orders', 0, 'read_committed')
    expect(records.map(({ value }) => nameOf(value))).toEqual(['before', 'after'])

    async function append(by: Caller, text: string, baseSequence: number): Promise<void> {
      await expectNone(`Produce ${text}`, async () => {
        const batch = batchOf(text, { ...producer, baseSequence, transactional: true })
        return (await produce(by, 'orders', 0, batch, { transactionalId: 'tx', version: 12 })).errorCode
      })
    }
  })
})

describe('what does not end it', () => {
  test('no descriptor left (EMFILE): connections are turned away, those that are there are served, files are written', async () => {
    const caller = await start(100)
    for (let i = 0; i < 20; i++) await createTopic(caller, `topic-${i}`, 1)
    const address = (await broker.ready)!
    const many = await Promise.all(Array.from({ length: 200 }, () => RawClient.to(address)))
    for (let i = 0; i < 20; i++) {
      await expectNone(`Produce to topic-${i}`, async () => {
        return (await produce(caller, `topic-${i}`, 0, batchOf('x'))).errorCode
      })
    }
    for (const client of many) client.end()
    expect(broker.log).not.toMatch(/ERROR/)
  })

  test('a bug in one request: its client gets an error or is disconnected; the others are served', async () => {
    const lines: string[] = []
    const faulty = await startBroker({
      log: (level, line) => void lines.push(`${level} ${line}`),
      parts: {
        log: (topic) => {
          if (topic === 'born-wrong') throw new Error('no log today')
          return {
            startOffset: 0,
            endOffset: 0,
            append: () => {
              throw new TypeError('our mistake')
            },
            read: () => {
              throw new TypeError('our mistake')
            },
          }
        },
      },
    })
    const caller = new Caller(async () => faulty.bootstrap)
    callers.push(caller)
    const bystander = await RawClient.to(faulty.bootstrap)
    await createTopic(caller, 'wrong', 1)
    const { errorCode } = await produce(caller, 'wrong', 0, batchOf('x'), { retry: 'once' })
    expect(errorCode).toBe(ErrorCode.UNKNOWN_SERVER_ERROR)
    await createTopic(caller, 'born-wrong', 1).catch(() => {})
    const answer = await withPatience(
      bystander.call(ApiVersionsRequest, ApiVersionsResponse, 0, {}),
      () => 'the bystander',
    )
    expect(answer?.errorCode).toBe(ErrorCode.NONE)
    expect(lines.join('\n')).toMatch(/error .*our mistake/)
    bystander.end()
    await withPatience(faulty.stop(), () => 'the stop')
  })
})
