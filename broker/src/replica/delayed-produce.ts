/**
 * A delayed Produce: acks=all waits here until the ISR has the records.
 *
 *   append --> the high watermark has passed the last record (always so with one replica) --> NONE
 *              otherwise wait in the purgatory under the keys of the partitions
 *                  a Fetch of a follower moves the high watermark past it ----------------> NONE
 *                  ... while the ISR has become smaller than min.insync.replicas ---------> NOT_ENOUGH_REPLICAS_AFTER_APPEND
 *                  another node is elected, or the partition is deleted ------------------> NOT_LEADER_OR_FOLLOWER, …
 *                  its disk fails --------------------------------------------------------> KAFKA_STORAGE_ERROR
 *                  the timeout of the request is over ------------------------------------> REQUEST_TIMED_OUT
 *
 * An error here does not mean that the records are lost: they are in the leader's log, and may be committed later, or
 * truncated by a new leader. An idempotent producer may send them again without writing them twice.
 *
 * DELAYED-PRODUCE-1  NONE means: every member of the maximal ISR had the records at that time
 * DELAYED-PRODUCE-2  each partition has its own result; the request is answered when all of them are known
 * DELAYED-PRODUCE-3  a leadership that was lost does not count again: if this node is elected anew, the wait has failed all the
 *     same, since the log may have been truncated meanwhile
 * DELAYED-PRODUCE-4  a change of a partition costs each Produce that waits for it one comparison
 *
 * DeleteRecords waits in the same way, until all replicas that are alive have deleted the records.
 *
 * (kafka.server: DelayedProduce, DelayedDeleteRecords)
 */
import { ErrorCode } from '../wire/errors.ts'
import type { Awaited } from './partition.ts'
import type { ReplicaManager } from './replica-manager.ts'

const NOTHING = (): void => {}

/**
 * Calls `done` with a result for each of `awaited`, in their order: within this call if all are known, otherwise later, after
 * `timeoutMs` at the latest. Returns a function that cancels.
 */
export function awaitReplicas(
  replicas: ReplicaManager,
  awaited: readonly Awaited[],
  timeoutMs: number,
  done: (results: readonly ErrorCode[]) => void,
): () => void {
  const results: (ErrorCode | undefined)[] = awaited.map(resultOf)
  let pending = results.filter((result) => result === undefined).length
  const complete = (): void => done(results.map((result) => result ?? ErrorCode.REQUEST_TIMED_OUT))
  if (pending === 0) {
    complete()
    return NOTHING
  }
  const look = (at: number): void => {
    if (results[at] !== undefined) return
    results[at] = resultOf(awaited[at]!)
    if (results[at] !== undefined) pending--
  }
  const completeIfKnown = (): boolean => {
    if (pending === 0) complete()
    return pending === 0
  }
  const delayed = {
    tryComplete: completeIfKnown,
    tryCompleteFor: (key: string): boolean => {
      for (let at = 0; at < awaited.length; at++) if (awaited[at]!.partition.key === key) look(at)
      return completeIfKnown()
    },
    expire: complete,
  }
  const keys = awaited.map(({ partition }) => partition.key)
  return replicas.waitingForReplicas.tryCompleteElseWatch(delayed, keys, timeoutMs)
}

function resultOf(awaited: Awaited): ErrorCode | undefined {
  return awaited.partition.resultOf(awaited)
}
