import { CreateTopicsRequest, CreateTopicsResponse } from '../../../../broker/src/messages/create-topics'
import { FetchRequest, FetchResponse } from '../../../../broker/src/messages/fetch'
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from '../../../../broker/src/messages/find-coordinator'
import { OffsetCommitRequest, OffsetCommitResponse } from '../../../../broker/src/messages/offset-commit'
import { ProduceRequest, ProduceResponse } from '../../../../broker/src/messages/produce'
import { batchPositions } from '../../../../broker/src/record/batch'
import { buildBatch } from '../../../../broker/src/record/batch-builder'
import { readRecords } from '../../../../broker/src/record/record'
import type { SimClient } from '../../../../broker/src/sim/sim-client'
import { Simulation } from '../../../../broker/src/sim/simulation'
import { ErrorCode } from '../../../../broker/src/wire/errors'
import {
  ASIDE_TOPICS,
  type AsideAction,
  type AsideNews,
  type AsideStrategy,
  type AsideTopic,
  type AsideView,
  keyOf,
} from './aside'

/**
 * The story of records that cannot be handled: `anna 1` fails once, `vera 1` always. The program repeats them in place, or copies
 * them into a retry topic and from there to the dead letters, with or without the order of each key. Logs, offsets and
 * commits are the broker's.
 */

const ORDERS = ['anna 1', 'boris 1', 'anna 2', 'vera 1', 'boris 2', 'anna 3']
const FAILS: Readonly<Record<string, number>> = { 'anna 1': 1, 'vera 1': Number.POSITIVE_INFINITY }
const GROUP = 'shop'
const SEED = 11

/** The states after each action, beginning with that before the first. */
export function tellAside(strategy: AsideStrategy, actions: readonly AsideAction[]): AsideView[] {
  const world = new AsideWorld(strategy)
  return [world.seen('begun', ''), ...actions.map((action) => world.act(action))]
}

class AsideWorld {
  private readonly client: SimClient
  private readonly strategy: AsideStrategy
  private readonly committed = { orders: 0, 'orders-retry': 0, 'orders-dead': 0 }
  private readonly failures: Record<string, number> = {}
  private readonly handled: string[] = []
  /** Records of the retry topic below this offset are due. */
  private dueBelow = 0

  constructor(strategy: AsideStrategy) {
    this.strategy = strategy
    const run = new Simulation({ seed: SEED })
    run.start()
    this.client = run.client()
    const topics = ASIDE_TOPICS.map((name) => ({
      name,
      numPartitions: 1,
      replicationFactor: 1,
      assignments: [],
      configs: [],
    }))
    this.client.call(CreateTopicsRequest, CreateTopicsResponse, 5, { topics })
    // The first question creates __consumer_offsets.
    for (let attempt = 0; attempt < 20; attempt++) {
      const body = { coordinatorKeys: [GROUP], keyType: 0 }
      const { coordinators } = this.client.call(FindCoordinatorRequest, FindCoordinatorResponse, 4, body)
      if (coordinators[0]?.errorCode === ErrorCode.NONE) break
      run.run(100)
    }
    for (const name of ORDERS) this.write('orders', name)
  }

  act(action: AsideAction): AsideView {
    if (action === 'step') return this.step()
    this.dueBelow = this.log('orders-retry').length
    return this.seen('waited', '')
  }

  seen(news: AsideNews, name: string): AsideView {
    const logs = Object.fromEntries(ASIDE_TOPICS.map((topic) => [topic, this.log(topic)]))
    const { committed, failures, handled, dueBelow } = this
    const retryEnd = this.log('orders-retry').length
    return {
      logs: logs as Record<AsideTopic, string[]>,
      committed: { ...committed },
      failures: { ...failures },
      handled: [...handled],
      news,
      name,
      canStep: this.next() !== undefined,
      canWait: dueBelow < retryEnd,
    }
  }

  /** Where the program reads next: what is due goes first. */
  private next(): { topic: AsideTopic; name: string } | undefined {
    const retry = this.committed['orders-retry']
    if (retry < this.dueBelow) return { topic: 'orders-retry', name: this.log('orders-retry')[retry]! }
    const name = this.log('orders')[this.committed.orders]
    return name === undefined ? undefined : { topic: 'orders', name }
  }

  private step(): AsideView {
    const next = this.next()
    if (next === undefined) return this.seen('waited', '')
    const { topic, name } = next
    const news = this.deal(topic, name)
    if (news !== 'again') this.commit(topic, this.committed[topic] + 1)
    return this.seen(news, name)
  }

  // #region deal
  /** What the program does with one record; first the copy, then (in `step`) the commit. */
  private deal(topic: AsideTopic, name: string): AsideNews {
    if (topic === 'orders' && this.strategy === 'inOrder' && this.isKeyWaiting(name)) {
      this.write('orders-retry', name)
      return 'followed'
    }
    if (this.handle(name)) return 'done'
    if (this.strategy === 'inPlace') return 'again'
    this.write(topic === 'orders' ? 'orders-retry' : 'orders-dead', name)
    return topic === 'orders' ? 'copied' : 'dead'
  }

  private isKeyWaiting(name: string): boolean {
    const waiting = this.log('orders-retry').slice(this.committed['orders-retry'])
    return waiting.some((other) => keyOf(other) === keyOf(name))
  }
  // #endregion deal

  private handle(name: string): boolean {
    const failures = this.failures[name] ?? 0
    if (failures < (FAILS[name] ?? 0)) {
      this.failures[name] = failures + 1
      return false
    }
    this.handled.push(name)
    return true
  }

  private write(topic: AsideTopic, name: string): void {
    const bytes = new TextEncoder()
    const record = { key: bytes.encode(keyOf(name)), value: bytes.encode(name), timestamp: 0 }
    const topicData = [{ name: topic, partitionData: [{ index: 0, records: buildBatch([record]) }] }]
    this.client.call(ProduceRequest, ProduceResponse, 9, { acks: -1, timeoutMs: 1000, topicData })
  }

  private log(topic: AsideTopic): string[] {
    const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000_000 }]
    const body = { maxWaitMs: 0, minBytes: 0, topics: [{ topic, partitions }] }
    const { responses } = this.client.call(FetchRequest, FetchResponse, 12, body)
    const bytes = responses[0]?.partitions[0]?.records ?? new Uint8Array(0)
    const text = new TextDecoder()
    return [...batchPositions(bytes)]
      .flatMap((at) => readRecords(bytes, at))
      .map(({ value }) => text.decode(value!))
  }

  private commit(topic: AsideTopic, offset: number): void {
    const partitions = [{ partitionIndex: 0, committedOffset: offset, committedMetadata: '' }]
    const body = {
      groupId: GROUP,
      generationIdOrMemberEpoch: -1,
      memberId: '',
      topics: [{ name: topic, partitions }],
    }
    this.client.call(OffsetCommitRequest, OffsetCommitResponse, 8, body)
    this.committed[topic] = offset
  }
}
