import {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from '../../../../broker/src/messages/add-partitions-to-txn'
import { CreateTopicsRequest, CreateTopicsResponse } from '../../../../broker/src/messages/create-topics'
import { EndTxnRequest, EndTxnResponse } from '../../../../broker/src/messages/end-txn'
import { FetchRequest, FetchResponse } from '../../../../broker/src/messages/fetch'
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from '../../../../broker/src/messages/find-coordinator'
import {
  InitProducerIdRequest,
  InitProducerIdResponse,
} from '../../../../broker/src/messages/init-producer-id'
import { ProduceRequest, ProduceResponse } from '../../../../broker/src/messages/produce'
import {
  batchPositions,
  isControl,
  isTransactional,
  readBatchHeader,
} from '../../../../broker/src/record/batch'
import { type BatchOptions, buildBatch } from '../../../../broker/src/record/batch-builder'
import { readRecords } from '../../../../broker/src/record/record'
import type { SimClient } from '../../../../broker/src/sim/sim-client'
import { Simulation } from '../../../../broker/src/sim/simulation'
import { ErrorCode, errorName } from '../../../../broker/src/wire/errors'
import type { Int64 } from '../../../../broker/src/wire/int64'
import type { TransactionAction, TransactionCell, TransactionView } from './transaction'

/** The story of a transaction in one partition: writers, markers, and two readers, against our broker. */

const TOPIC = 'invoices'
const TRANSACTIONAL_ID = 'invoicing'
const TIMEOUT_MS = 60_000
const SEED = 11
/** The type in the key of a control record. */
const COMMIT = 1

/** A running copy of the program that writes. */
interface Instance {
  producerId: Int64
  epoch: number
  sequence: number
  isOpen: boolean
}

/** The views after each action, beginning with that before the first. */
export function tellTransaction(actions: readonly TransactionAction[]): TransactionView[] {
  const world = new TransactionWorld()
  return [world.view(null, null), ...actions.map((action) => world.act(action))]
}

class TransactionWorld {
  private readonly run = new Simulation({ seed: SEED })
  private readonly client: SimClient
  private current: Instance
  private zombie: Instance | undefined

  constructor() {
    this.run.start()
    this.client = this.run.client()
    const topic = { name: TOPIC, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }
    this.client.call(CreateTopicsRequest, CreateTopicsResponse, 5, { topics: [topic] })
    // The first question creates __transaction_state.
    this.retry(() => {
      const body = { coordinatorKeys: [TRANSACTIONAL_ID], keyType: 1 }
      const { coordinators } = this.client.call(FindCoordinatorRequest, FindCoordinatorResponse, 4, body)
      return coordinators[0]!.errorCode
    })
    this.current = this.start()
  }

  act(action: TransactionAction): TransactionView {
    return this.view(action, this.perform(action))
  }

  private perform(action: TransactionAction): number {
    switch (action) {
      case 'write':
        return this.write(this.current)
      case 'commit':
      case 'abort':
        return this.end(this.current, action === 'commit')
      case 'plain':
        return this.produce(null, {})
      case 'restart':
        this.zombie = this.current
        this.current = this.start()
        return ErrorCode.NONE
      case 'zombie': {
        const old = this.zombie
        this.zombie = undefined
        return old === undefined ? ErrorCode.NONE : this.end(old, true)
      }
    }
  }

  /** InitProducerId: ends what an earlier instance has left open, and fences it. */
  private start(): Instance {
    const instance = { producerId: -1 as Int64, epoch: -1, sequence: 0, isOpen: false }
    this.retry(() => {
      const body = { transactionalId: TRANSACTIONAL_ID, transactionTimeoutMs: TIMEOUT_MS }
      const answer = this.client.call(InitProducerIdRequest, InitProducerIdResponse, 4, body)
      instance.producerId = answer.producerId
      instance.epoch = answer.producerEpoch
      return answer.errorCode
    })
    return instance
  }

  private write(instance: Instance): number {
    const { producerId, epoch } = instance
    const topics = [{ name: TOPIC, partitions: [0] }]
    const added = this.retry(() => {
      const body = {
        v3AndBelowTransactionalId: TRANSACTIONAL_ID,
        v3AndBelowProducerId: producerId,
        v3AndBelowProducerEpoch: epoch,
        v3AndBelowTopics: topics,
      }
      const answer = this.client.call(AddPartitionsToTxnRequest, AddPartitionsToTxnResponse, 3, body)
      return answer.resultsByTopicV3AndBelow[0]!.resultsByPartition[0]!.partitionErrorCode
    })
    if (added !== ErrorCode.NONE) return added
    instance.isOpen = true
    const options = {
      producerId,
      producerEpoch: epoch,
      baseSequence: instance.sequence++,
      transactional: true,
    }
    return this.produce(TRANSACTIONAL_ID, options)
  }

  private end(instance: Instance, committed: boolean): number {
    const { producerId, epoch } = instance
    const body = { transactionalId: TRANSACTIONAL_ID, producerId, producerEpoch: epoch, committed }
    const error = this.retry(() => this.client.call(EndTxnRequest, EndTxnResponse, 3, body).errorCode)
    if (error === ErrorCode.NONE) instance.isOpen = false
    // The markers are written after the answer.
    this.run.run(100)
    return error
  }

  private produce(transactionalId: string | null, options: BatchOptions): number {
    const timestamp = this.run.time.now()
    const records = buildBatch([{ key: null, value: new Uint8Array(1), timestamp }], options)
    const topicData = [{ name: TOPIC, partitionData: [{ index: 0, records }] }]
    const body = { transactionalId, acks: -1, timeoutMs: 1000, topicData }
    const { responses } = this.client.call(ProduceRequest, ProduceResponse, 9, body)
    return responses[0]!.partitionResponses[0]!.errorCode
  }

  /** Asks again while the coordinator is not ready, or still ends the transaction before. */
  private retry(ask: () => number): number {
    const notYet: readonly number[] = [
      ErrorCode.CONCURRENT_TRANSACTIONS,
      ErrorCode.COORDINATOR_NOT_AVAILABLE,
      ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
      ErrorCode.NOT_COORDINATOR,
    ]
    for (let attempt = 0; ; attempt++) {
      const error = ask()
      if (!notYet.includes(error) || attempt > 100) return error
      this.run.run(100)
    }
  }

  view(last: TransactionAction | null, error: number | null): TransactionView {
    const cells = cellsOf(this.fetch(0).bytes)
    const { lastStableOffset } = this.fetch(1)
    const offsets = (kinds: readonly TransactionCell['kind'][]) =>
      cells.filter(({ kind }) => kinds.includes(kind)).map(({ offset }) => offset)
    return {
      cells,
      end: cells.length,
      lastStableOffset,
      uncommitted: offsets(['plain', 'open', 'committed', 'aborted']),
      committed: offsets(['plain', 'committed']).filter((offset) => offset < lastStableOffset),
      isOpen: this.current.isOpen,
      hasZombie: this.zombie?.isOpen === true,
      last,
      error: error === null || error === ErrorCode.NONE ? null : errorName(error),
    }
  }

  private fetch(isolationLevel: number): { bytes: Uint8Array; lastStableOffset: number } {
    const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000_000 }]
    const body = { maxWaitMs: 0, minBytes: 0, isolationLevel, topics: [{ topic: TOPIC, partitions }] }
    const { responses } = this.client.call(FetchRequest, FetchResponse, 12, body)
    const { records, lastStableOffset } = responses[0]!.partitions[0]!
    return { bytes: records ?? new Uint8Array(0), lastStableOffset: Number(lastStableOffset) }
  }
}

/** One record a batch: what became of it is said by the next marker. */
function cellsOf(bytes: Uint8Array): TransactionCell[] {
  const cells: TransactionCell[] = []
  for (const at of batchPositions(bytes)) {
    const header = readBatchHeader(bytes, at)
    const offset = header.baseOffset
    if (!isControl(header)) {
      cells.push({ offset, kind: isTransactional(header) ? 'open' : 'plain' })
      continue
    }
    const key = readRecords(bytes, at)[0]!.key!
    const isCommit = new DataView(key.buffer, key.byteOffset).getInt16(2) === COMMIT
    for (const cell of cells) if (cell.kind === 'open') cell.kind = isCommit ? 'committed' : 'aborted'
    cells.push({ offset, kind: isCommit ? 'commit marker' : 'abort marker' })
  }
  return cells
}
