/**
 * Transactions whose coordinator and whose partitions are on different nodes, in the simulator: nodes send each other
 * AddPartitionsToTxn and WriteTxnMarkers over links that break, and the process is restarted between a decision and its markers.
 */
import { describe, expect, test } from 'vitest'
import {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from '../src/messages/add-partitions-to-txn.ts'
import { CreateTopicsRequest, CreateTopicsResponse } from '../src/messages/create-topics.ts'
import { EndTxnRequest, EndTxnResponse } from '../src/messages/end-txn.ts'
import { FetchRequest, FetchResponse } from '../src/messages/fetch.ts'
import { FindCoordinatorRequest, FindCoordinatorResponse } from '../src/messages/find-coordinator.ts'
import { InitProducerIdRequest, InitProducerIdResponse } from '../src/messages/init-producer-id.ts'
import { ProduceRequest, ProduceResponse } from '../src/messages/produce.ts'
import { buildBatch } from '../src/record/batch-builder.ts'
import { SeededRandom } from '../src/sim/seeded-random.ts'
import { Simulation } from '../src/sim/simulation.ts'
import { ErrorCode, errorName } from '../src/wire/errors.ts'

const TOPIC = 'orders'
const PARTITIONS = 6
const NODES = [1, 2, 3]

/** Three brokers; each leads two partitions of the topic. */
function started(seed: number): Simulation {
  const run = new Simulation({ seed, brokers: NODES.length })
  run.start()
  const assignments = Array.from({ length: PARTITIONS }, (_, partitionIndex) => ({
    partitionIndex,
    brokerIds: [NODES[partitionIndex % NODES.length]!],
  }))
  const topics = [{ name: TOPIC, numPartitions: -1, replicationFactor: -1, assignments, configs: [] }]
  const created = run.client().call(CreateTopicsRequest, CreateTopicsResponse, 5, { topics })
  expect(created.topics[0]!.errorCode).toBe(ErrorCode.NONE)
  return run
}

const leaderOf = (index: number): number => NODES[index % NODES.length]!

/** Asks until there is no error. */
function patiently(run: Simulation, what: string, ask: () => ErrorCode): void {
  const errors: string[] = []
  for (let attempt = 0; attempt < 100; attempt++) {
    const error = ask()
    if (error === ErrorCode.NONE) return
    errors.push(errorName(error))
    run.run(100)
  }
  throw new Error(`${what}: ${errors.join(', ')}`)
}

/** A producer that retries like a real one. It has a connection to each node. */
class Producer {
  readonly id: string
  coordinator = -1
  producerId = -1
  producerEpoch = -1
  private readonly run: Simulation
  private readonly sequences = new Map<number, number>()

  constructor(run: Simulation, id: string) {
    this.run = run
    this.id = id
  }

  private to(node: number) {
    return this.run.client(node)
  }

  init(): this {
    patiently(this.run, 'FindCoordinator', () => {
      const body = { coordinatorKeys: [this.id], keyType: 1 }
      const [found] = this.to(1).call(FindCoordinatorRequest, FindCoordinatorResponse, 4, body).coordinators
      this.coordinator = found!.nodeId
      return found!.errorCode as ErrorCode
    })
    patiently(this.run, 'InitProducerId', () => {
      const body = { transactionalId: this.id, transactionTimeoutMs: 60_000 }
      const got = this.to(this.coordinator).call(InitProducerIdRequest, InitProducerIdResponse, 4, body)
      this.producerId = Number(got.producerId)
      this.producerEpoch = got.producerEpoch
      this.sequences.clear()
      return got.errorCode as ErrorCode
    })
    return this
  }

  add(...partitions: number[]): void {
    patiently(this.run, 'AddPartitionsToTxn', () => {
      const added = this.to(this.coordinator).call(AddPartitionsToTxnRequest, AddPartitionsToTxnResponse, 3, {
        v3AndBelowTransactionalId: this.id,
        v3AndBelowProducerId: this.producerId,
        v3AndBelowProducerEpoch: this.producerEpoch,
        v3AndBelowTopics: [{ name: TOPIC, partitions }],
      })
      const [{ resultsByPartition } = { resultsByPartition: [] }] = added.resultsByTopicV3AndBelow
      return (resultsByPartition.find(({ partitionErrorCode }) => partitionErrorCode !== 0)
        ?.partitionErrorCode ?? ErrorCode.NONE) as ErrorCode
    })
  }

  /** One attempt: the error of the partition. */
  tryProduce(index: number, version = 9): ErrorCode {
    const baseSequence = this.sequences.get(index) ?? 0
    const { producerId, producerEpoch } = this
    const value = new TextEncoder().encode(`${this.id} ${baseSequence}`)
    const records = buildBatch([{ key: null, value, timestamp: this.run.time.now() }], {
      producerId,
      producerEpoch,
      baseSequence,
      transactional: true,
    })
    const topicData = [{ name: TOPIC, partitionData: [{ index, records }] }]
    const body = { transactionalId: this.id, acks: -1, timeoutMs: 1000, topicData }
    const { responses } = this.to(leaderOf(index)).call(ProduceRequest, ProduceResponse, version, body)
    const error = responses[0]!.partitionResponses[0]!.errorCode as ErrorCode
    if (error === ErrorCode.NONE) this.sequences.set(index, baseSequence + 1)
    return error
  }

  produce(...indexes: number[]): void {
    for (const index of indexes) patiently(this.run, `Produce to ${index}`, () => this.tryProduce(index))
  }

  end(committed: boolean, version = 3): void {
    patiently(this.run, 'EndTxn', () => {
      const { id: transactionalId, producerId, producerEpoch } = this
      const body = { transactionalId, producerId, producerEpoch, committed }
      return this.to(this.coordinator).call(EndTxnRequest, EndTxnResponse, version, body)
        .errorCode as ErrorCode
    })
  }
}

/** How many records and markers a partition has, and how many of them are decided. */
function offsetsOf(run: Simulation, index: number): { end: number; stable: number; aborted: number } {
  const partitions = [{ partition: index, fetchOffset: 0, partitionMaxBytes: 1_000_000 }]
  const body = { maxWaitMs: 0, minBytes: 0, isolationLevel: 1, topics: [{ topic: TOPIC, partitions }] }
  const { responses } = run.client(leaderOf(index)).call(FetchRequest, FetchResponse, 12, body)
  const { highWatermark, lastStableOffset, abortedTransactions } = responses[0]!.partitions[0]!
  return {
    end: Number(highWatermark),
    stable: Number(lastStableOffset),
    aborted: abortedTransactions?.length ?? 0,
  }
}

const allOffsets = (run: Simulation) =>
  Array.from({ length: PARTITIONS }, (_, index) => offsetsOf(run, index))

/** Runs until every record is decided. */
function settle(run: Simulation): void {
  for (let waited = 0; waited < 200; waited++) {
    run.run(50)
    if (allOffsets(run).every(({ end, stable }) => end === stable)) return
  }
  throw new Error('a transaction does not end')
}

describe('a transaction over three nodes', () => {
  test('markers reach the partitions of every node', () => {
    for (const committed of [true, false]) {
      const run = started(1)
      const producer = new Producer(run, 'app').init()
      producer.add(0, 1, 2, 3, 4, 5)
      producer.produce(0, 1, 2, 3, 4)
      expect(allOffsets(run).map(({ end, stable }) => [end, stable])).toEqual([
        ...Array(5).fill([1, 0]),
        [0, 0],
      ])
      producer.end(committed)
      settle(run)
      const aborted = committed ? 0 : 1
      expect(allOffsets(run)).toEqual([
        ...Array(5).fill({ end: 2, stable: 2, aborted }),
        { end: 1, stable: 1, aborted: 0 },
      ])
    }
  })

  test('a batch to a partition that is not part of the transaction is refused, whichever node leads it', () => {
    const run = started(2)
    const producer = new Producer(run, 'app').init()
    producer.add(0)
    producer.produce(0)
    const refused = [1, 2, 3].map((index) => errorName(producer.tryProduce(index)))
    expect(refused).toEqual(Array(3).fill('INVALID_TXN_STATE'))
  })

  test('with transaction version 2 the Produce itself adds the partition', () => {
    const run = started(3)
    const producer = new Producer(run, 'app').init()
    for (const index of [0, 1, 2]) expect(errorName(producer.tryProduce(index, 12))).toBe('NONE')
    producer.end(true, 5)
    settle(run)
    expect(allOffsets(run).map(({ end }) => end)).toEqual([2, 2, 2, 0, 0, 0])
  })
})

describe('links that break', () => {
  test('a Produce that waits for the coordinator fails with an error that is retried, and succeeds then', () => {
    const run = started(4)
    const producer = new Producer(run, 'app').init()
    producer.add(0, 1, 2)
    const others = [0, 1, 2].filter((index) => leaderOf(index) !== producer.coordinator)
    for (const index of others) {
      const breaking = run.time.after(4, () => run.breakLinks())
      const errors: string[] = []
      patiently(run, 'Produce', () => {
        const error = producer.tryProduce(index)
        errors.push(errorName(error))
        return error
      })
      breaking.cancel()
      expect(['NOT_ENOUGH_REPLICAS', 'NONE']).toContain(errors[0])
    }
    producer.end(true)
    settle(run)
  })

  test('every transaction ends on every node as it was decided, whenever links break', () => {
    for (let seed = 10; seed < 30; seed++) {
      const random = new SeededRandom(seed)
      const run = started(seed)
      const breakSoon = (): void => {
        run.time.after(1 + random.int(120), () => {
          run.breakLinks()
          breakSoon()
        })
      }
      breakSoon()
      const producers = ['a', 'b', 'c'].map((id) => new Producer(run, id).init())
      let aborts = 0
      let records = 0
      for (let round = 0; round < 3; round++) {
        for (const producer of producers) {
          const index = random.int(PARTITIONS)
          producer.add(index)
          producer.produce(index)
          records++
          const committed = random.chance(60)
          if (!committed) aborts++
          producer.end(committed)
        }
      }
      settle(run)
      const all = allOffsets(run)
      const sum = (of: (each: (typeof all)[number]) => number): number =>
        all.reduce((total, each) => total + of(each), 0)
      expect(sum(({ aborted }) => aborted)).toBe(aborts)
      // Each transaction has one record and at least one marker; a marker may be written twice.
      expect(sum(({ end }) => end)).toBeGreaterThanOrEqual(2 * records)
    }
  })
})

test('MARKERS-1: after a restart between the decision and the markers the next coordinator writes them', () => {
  for (let seed = 40; seed < 50; seed++) {
    const run = started(seed)
    const producer = new Producer(run, 'app').init()
    producer.add(0, 1, 2)
    producer.produce(0, 1, 2)
    // The links are broken when the markers are on their way.
    producer.end(true)
    run.breakLinks()
    run.stop()
    run.start()
    settle(run)
    expect(allOffsets(run).map(({ aborted }) => aborted)).toEqual(Array(PARTITIONS).fill(0))
  }
})

describe('producer ids', () => {
  const askedOn = (run: Simulation, node: number): number => {
    let id = -1
    patiently(run, `InitProducerId on node ${node}`, () => {
      const body = { transactionalId: null, transactionTimeoutMs: 60_000 }
      const got = run.client(node).call(InitProducerIdRequest, InitProducerIdResponse, 4, body)
      id = Number(got.producerId)
      return got.errorCode as ErrorCode
    })
    return id
  }

  test('each node has blocks of its own from the controller, which another node asks over its connection', () => {
    const run = started(70)
    const ids = NODES.flatMap((node) => [askedOn(run, node), askedOn(run, node)])
    expect(ids).toEqual([0, 1, 1000, 1001, 2000, 2001])
  })

  test('no id is given twice when the connections to the controller break', () => {
    for (let seed = 80; seed < 90; seed++) {
      const random = new SeededRandom(seed)
      const run = started(seed)
      const ids: number[] = []
      for (let round = 0; round < 6; round++) {
        const breaking = run.time.after(random.int(20), () => run.breakLinks())
        for (const node of [2, 3]) ids.push(askedOn(run, node))
        breaking.cancel()
        run.stop()
        run.start()
      }
      expect(new Set(ids).size).toBe(ids.length)
    }
  })
})
