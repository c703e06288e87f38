/** A group's committed offset of a partition; -1 if there is none. Waits until no transaction is pending. */
import { OffsetFetchRequest, OffsetFetchResponse } from '../../../src/messages/offset-fetch.ts'
import { ErrorCode, errorName } from '../../../src/wire/errors.ts'
import { nearestNumber } from '../../../src/wire/int64.ts'
import type { Caller } from './caller.ts'
import { settled } from './worker.ts'

export async function committedOffset(
  caller: Caller,
  groupId: string,
  topic: string,
  partition: number,
): Promise<number> {
  let offset = -1
  const errorCode = await settled(async () => {
    const { groups } = await caller.call(OffsetFetchRequest, OffsetFetchResponse, 8, {
      groups: [{ groupId, topics: [{ name: topic, partitionIndexes: [partition] }] }],
      requireStable: true,
    })
    const group = groups[0]!
    if (group.errorCode !== ErrorCode.NONE) return group.errorCode
    const found = group.topics[0]!.partitions[0]!
    offset = nearestNumber(found.committedOffset)
    return found.errorCode === ErrorCode.UNSTABLE_OFFSET_COMMIT
      ? ErrorCode.CONCURRENT_TRANSACTIONS
      : found.errorCode
  })
  if (errorCode !== ErrorCode.NONE) throw new Error(`offsets of ${groupId}: ${errorName(errorCode)}`)
  return offset
}
