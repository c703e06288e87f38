/**
 * How leaders of this node propose new ISRs to the controller: AlterPartition (KIP-497).
 *
 *   partition  --proposal-->  queue  --all that wait, in one request-->  controller
 *                               '<-- an answer for each partition, or an error for all of them
 *
 * While a request is on its way, proposals of other partitions gather, and go with the next one.
 *
 *   result                                       the proposals of the request
 *   no answer (disconnected, timed out)          are sent again after RETRY_MS
 *   an error of the request, STALE_BROKER_EPOCH  are sent again after RETRY_MS
 *   an answer for the partition                  the partition handles it (leader-state.ts); it may ask to send it again
 *   no answer for this partition                 is sent again
 *
 * A proposal is never given up here: it may have been applied without an answer. It becomes void when the partition has a newer
 * state, and the partition ignores the answer then.
 *
 * ISR-UPDATES-1  one request is on its way at a time, and it holds at most one proposal of a partition
 * ISR-UPDATES-2  a proposal of a partition that already has one in the queue is answered with OPERATION_NOT_ATTEMPTED
 * ISR-UPDATES-3  after `close` nothing is sent, no timer is left, and no answer is passed on
 *
 * (kafka.server.AlterPartitionManager)
 */
import type { Timer, Timers } from '../core.ts'
import type { AlterPartitionRequest, AlterPartitionResponse } from '../messages/alter-partition.ts'
import { ErrorCode } from '../wire/errors.ts'
import type { InputOf } from '../wire/schema.ts'

const RETRY_MS = 50
/** LeaderRecoveryState: no unclean election is under repair. */
const RECOVERED = 0

/** A new ISR for a partition; each member with the broker epoch that the leader knows, -1 if it knows none. */
export interface IsrProposal {
  readonly topicId: string
  readonly index: number
  readonly leaderEpoch: number
  /** The state that the proposal is based on. */
  readonly partitionEpoch: number
  readonly isr: readonly { readonly brokerId: number; readonly brokerEpoch: number }[]
}

/** The controller's answer: with an error code other than NONE the rest has no meaning. */
export interface IsrAnswer {
  readonly errorCode: number
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  readonly isr: readonly number[]
}

/** Handles an answer; 'again': the same proposal must be sent again. */
export type IsrAnswered = (answer: IsrAnswer) => 'again' | 'done'

/** Where a partition sends its proposals. */
export interface IsrProposals {
  submit(proposal: IsrProposal, answered: IsrAnswered): void
}

type Request = InputOf<typeof AlterPartitionRequest>

export interface IsrUpdatesOptions {
  readonly nodeId: number
  readonly timers: Timers
  /** The broker epoch of this node's registration. */
  readonly brokerEpoch: () => number
  /** Sends to the active controller. Answers once, and not within the call; undefined: there was no answer. */
  readonly send: (request: Request, answered: (response: AlterPartitionResponse | undefined) => void) => void
}

interface Queued {
  readonly proposal: IsrProposal
  readonly answered: IsrAnswered
}

export class IsrUpdates implements IsrProposals {
  private readonly options: IsrUpdatesOptions
  /** By topic id and index, in the order of submission. */
  private readonly queue = new Map<string, Queued>()
  private isSending = false
  private retry: Timer | undefined
  private isClosed = false

  constructor(options: IsrUpdatesOptions) {
    this.options = options
  }

  submit(proposal: IsrProposal, answered: IsrAnswered): void {
    const key = keyOf(proposal.topicId, proposal.index)
    if (this.queue.has(key)) {
      answered(failedAnswer(ErrorCode.OPERATION_NOT_ATTEMPTED))
      return
    }
    this.queue.set(key, { proposal, answered })
    this.sendNext()
  }

  private sendNext(): void {
    if (this.isClosed || this.isSending || this.retry || this.queue.size === 0) return
    this.isSending = true
    const sent = new Map(this.queue)
    this.options.send(this.requestOf(sent.values()), (response) => {
      if (this.isClosed) return
      const needsPause = this.handle(sent, response)
      this.isSending = false
      if (needsPause) this.retryLater()
      else this.sendNext()
    })
  }

  private retryLater(): void {
    const { timers } = this.options
    const again = (): void => {
      this.retry = undefined
      this.sendNext()
    }
    this.retry = timers.set(RETRY_MS, again, 'AlterPartition again')
  }

  private requestOf(queued: Iterable<Queued>): Request {
    const { nodeId, brokerEpoch } = this.options
    const byTopic = new Map<string, IsrProposal[]>()
    for (const { proposal } of queued) {
      const ofTopic = byTopic.get(proposal.topicId) ?? []
      byTopic.set(proposal.topicId, ofTopic)
      ofTopic.push(proposal)
    }
    const topics = Array.from(byTopic, ([topicId, proposals]) => ({
      topicId,
      partitions: proposals.map(({ index, leaderEpoch, partitionEpoch, isr }) => ({
        partitionIndex: index,
        leaderEpoch,
        newIsr: isr.map(({ brokerId }) => brokerId),
        newIsrWithEpochs: isr,
        leaderRecoveryState: RECOVERED,
        partitionEpoch,
      })),
    }))
    return { brokerId: nodeId, brokerEpoch: brokerEpoch(), topics }
  }

  /** Returns whether something must be sent again, after a pause. */
  private handle(sent: ReadonlyMap<string, Queued>, response: AlterPartitionResponse | undefined): boolean {
    if (!response || response.errorCode !== ErrorCode.NONE) return true
    let needsPause = false
    for (const { topicId, partitions } of response.topics)
      for (const partition of partitions) {
        const key = keyOf(topicId, partition.partitionIndex)
        const item = sent.get(key)
        if (!item) continue
        this.queue.delete(key)
        if (item.answered(partition) === 'done' || this.queue.has(key)) continue
        this.queue.set(key, item)
        needsPause = true
      }
    return needsPause || [...sent].some(([key, item]) => this.queue.get(key) === item)
  }

  close(): void {
    this.isClosed = true
    this.retry?.cancel()
    this.queue.clear()
  }
}

function keyOf(topicId: string, index: number): string {
  return `${topicId}:${index}`
}

function failedAnswer(errorCode: ErrorCode): IsrAnswer {
  return { errorCode, leaderEpoch: -1, partitionEpoch: -1, isr: [] }
}
