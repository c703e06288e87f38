/**
 * The Produce response: for each partition the offset of its batch, or the error.
 *
 *   v8   the refused records, and why (KIP-467); v10 the current leader of a partition that is led elsewhere (KIP-951)
 */

import { RecordsError } from '../../record/record-checks.ts'
import type { Partition } from '../../replica/partition.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { Int64 } from '../../wire/int64.ts'
import type { RequestContext, Services } from '../api.ts'
import { leaderHint, nodeEndpoints } from './leader-hint.ts'
import type { ProduceTarget } from './produce-targets.ts'

/** Since this version the response names the current leader (KIP-951). */
const LEADER_HINTS = 10

/** Errors without a log start offset; all others include it (ReplicaManager.appendRecordsToLeader). */
const WITHOUT_START: readonly number[] = [
  ErrorCode.CORRUPT_MESSAGE,
  ErrorCode.MESSAGE_TOO_LARGE,
  ErrorCode.RECORD_LIST_TOO_LARGE,
  ErrorCode.KAFKA_STORAGE_ERROR,
]

/** The response for a partition: all fields are set, so that the encoder needs no defaults. */
export interface PartitionAnswer {
  readonly index: number
  readonly errorCode: number
  readonly baseOffset: number
  readonly logAppendTimeMs: Int64
  readonly logStartOffset: number
  readonly recordErrors: readonly { batchIndex: number; batchIndexErrorMessage: string | null }[]
  readonly errorMessage: string | null
  readonly currentLeader?: { readonly leaderId: number; readonly leaderEpoch: number }
}

export const NO_ERRORS: PartitionAnswer['recordErrors'] = []

/** An error without a message. */
export function failure(index: number, errorCode: number): PartitionAnswer {
  return {
    index,
    errorCode,
    baseOffset: -1,
    logAppendTimeMs: -1,
    logStartOffset: -1,
    recordErrors: NO_ERRORS,
    errorMessage: null,
  }
}

/** KIP-467: for an invalid record the response names the record and says what is wrong with it. */
export function failureOf(
  services: Services,
  { index }: ProduceTarget,
  error: unknown,
  partition: Partition | undefined,
): PartitionAnswer {
  const refused = failure(index, services.replicas.errorCodeOf(error))
  const tellsStart = partition !== undefined && !WITHOUT_START.includes(refused.errorCode)
  const answer = tellsStart ? { ...refused, logStartOffset: partition.logStartOffset } : refused
  if (!(error instanceof RecordsError)) return answer
  const recordErrors = error.recordErrors.map(({ batchIndex, message }) => ({
    batchIndex,
    batchIndexErrorMessage: message,
  }))
  return { ...answer, recordErrors, errorMessage: error.message }
}

export interface ProduceAnswer {
  readonly responses: readonly TopicAnswer[]
  readonly nodeEndpoints: ReturnType<typeof nodeEndpoints>
}

interface TopicAnswer {
  readonly name: string
  readonly topicId: string
  readonly partitionResponses: PartitionAnswer[]
}

/** Where in a response the answer for a partition is. */
export interface Place {
  readonly answers: PartitionAnswer[]
  readonly at: number
}

/** Builds the response step by step: partitions of a topic are grouped as in the request. */
export class ResponseParts {
  private readonly services: Services
  private readonly mayHint: boolean
  private readonly responses: TopicAnswer[] = []
  private readonly leaders: number[] = []
  hasFailed = false

  constructor(services: Services, { apiVersion }: RequestContext) {
    this.services = services
    this.mayHint = apiVersion >= LEADER_HINTS
  }

  add({ name, topicId, topic, index }: ProduceTarget, answer: PartitionAnswer): void {
    const { services } = this
    const { errorCode } = answer
    const hint = this.mayHint ? leaderHint(services, errorCode, topic, index, this.leaders) : undefined
    let last = this.responses.at(-1)
    if (last?.name !== name || last.topicId !== topicId) {
      last = { name, topicId, partitionResponses: [] }
      this.responses.push(last)
    }
    last.partitionResponses.push(hint ? { ...answer, currentLeader: hint } : answer)
    if (errorCode !== ErrorCode.NONE) this.hasFailed = true
  }

  /** The place of the answer that was added last. */
  get lastPlace(): Place {
    const answers = this.responses.at(-1)!.partitionResponses
    return { answers, at: answers.length - 1 }
  }

  /** The batch was appended, and the replicas' acknowledgement failed: the error is added, the offsets stay, as in Kafka. */
  refuse({ answers, at }: Place, { topic, index }: ProduceTarget, errorCode: ErrorCode): void {
    const { services } = this
    const hint = this.mayHint ? leaderHint(services, errorCode, topic, index, this.leaders) : undefined
    answers[at] = { ...answers[at]!, errorCode, ...(hint ? { currentLeader: hint } : {}) }
    this.hasFailed = true
  }

  get whole(): ProduceAnswer {
    return { responses: this.responses, nodeEndpoints: nodeEndpoints(this.services, this.leaders) }
  }
}
