/**
 * Every API that this broker serves. What stands here is advertised, and works; what does not is unknown to clients.
 */
import { AddOffsetsToTxn } from './add-offsets-to-txn.ts'
import { AddPartitionsToTxn } from './add-partitions-to-txn.ts'
import type { Api } from './api.ts'
import { ApiVersions } from './api-versions.ts'
import { DeleteRecords } from './delete-records.ts'
import { DescribeLogDirs } from './describe-log-dirs.ts'
import { DescribeProducers } from './describe-producers.ts'
import { EndTxn } from './end-txn.ts'
import { Fetch } from './fetch.ts'
import { InitProducerId } from './init-producer-id.ts'
import { ListOffsets } from './list-offsets.ts'
import { OffsetForLeaderEpoch } from './offset-for-leader-epoch.ts'
import { Produce } from './produce.ts'

const ALL: readonly Api[] = [
  Produce,
  Fetch,
  ListOffsets,
  ApiVersions,
  DeleteRecords,
  InitProducerId,
  OffsetForLeaderEpoch,
  AddPartitionsToTxn,
  AddOffsetsToTxn,
  EndTxn,
  DescribeLogDirs,
  DescribeProducers,
]

/** By API key. */
export const APIS: ReadonlyMap<number, Api> = new Map(ALL.map((each) => [each.request.apiKey, each]))
