/**
 * Runs the attacks (attacks.ts) on a broker in a separate process, one after the other, and measures their cost.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { buildBroker } from '../../../build.mjs'
import { CreateTopicsRequest } from '../../../src/messages/create-topics.ts'
import { DeleteTopicsRequest } from '../../../src/messages/delete-topics.ts'
import { FindCoordinatorRequest } from '../../../src/messages/find-coordinator.ts'
import { RawClient } from '../../raw-client.ts'
import { BrokerChild } from '../kill/broker-child.ts'
import { MEBIBYTE } from '../memory.ts'
import { ATTACKS, requestOf } from './attacks.ts'
import { type Endured, endure } from './endure.ts'

const PATIENCE_MS = 300_000
vi.setConfig({ testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS })
/** In addition to the broker's memory before. */
const GROWN_BYTES_MAX = 512 * MEBIBYTE

/** Runs all attacks. `size`: see attacks.ts; `waitMsMax`: how long the idle client may wait. */
export function campaign(size: number, waitMsMax: number): void {
  let data: string
  let broker: BrokerChild
  let bootstrap: string

  beforeAll(async () => {
    await buildBroker()
    data = mkdtempSync(join(tmpdir(), 'offset-zero-requests-'))
    broker = new BrokerChild(data, ['log.segment.delete.delay.ms=0'])
    bootstrap = await broker.serving()
    const client = await RawClient.to(bootstrap)
    for (const keyType of [0, 1]) {
      client.send(requestOf(FindCoordinatorRequest, 4, { keyType, coordinatorKeys: ['g'] }))
      await client.frame()
    }
    client.send(created([{ name: 'quiet', numPartitions: 1, replicationFactor: 1 }]))
    await client.frame()
    client.end()
  })
  afterAll(async () => {
    // A stop during such work, or after it, is clean.
    expect(await broker.stop()).toBe('0')
    rmSync(data, { recursive: true, force: true })
  })

  const judge = (name: string, { worstMs, grownBytes, tookMs }: Endured): void => {
    if (process.env.REQUESTS_TELL)
      console.log(`${name}: ${worstMs.toFixed(0)} ms, ${grownBytes >> 20} MiB, took ${tookMs.toFixed(0)} ms`)
    expect(worstMs).toBeLessThan(waitMsMax)
    expect(grownBytes).toBeLessThan(GROWN_BYTES_MAX)
  }

  test.for(ATTACKS.map((attack) => [attack.name, attack] as const))('%s', async ([name, attack]) => {
    judge(name, await endure(bootstrap, broker.pid, attack.frame(size)))
  })

  test('partitions are made and removed by the thousand', async () => {
    const count = 500 * size
    const topics = [{ name: 'big', numPartitions: count, replicationFactor: 1 }]
    judge('create', await endure(bootstrap, broker.pid, created(topics)))
    const removed = requestOf(DeleteTopicsRequest, 5, { timeoutMs: 60_000, topicNames: ['big'] })
    judge('delete', await endure(bootstrap, broker.pid, removed))
  })
}

function created(topics: readonly { name: string; numPartitions: number; replicationFactor: number }[]) {
  return requestOf(CreateTopicsRequest, 5, { timeoutMs: 60_000, topics })
}
