/**
 * Snapshots of the metadata: the state up to an offset, without its history (KIP-630).
 *
 *   __cluster_metadata-0/00000000000000000039-0000000002.checkpoint      all records below offset 39, written in epoch 2
 *
 *     control batch   SnapshotHeader, KRaftVersion, Voters
 *     batches         the records of the image (image-records.ts)
 *     control batch   SnapshotFooter: without it the file is incomplete
 *
 * The file is a log of batches with its own offsets, so kafka-dump-log reads it. At its start a node replays the newest
 * snapshot and then the log after it; the log below the snapshots can be deleted (snapshot-generator.ts).
 *
 * METADATA-SNAPSHOT-1  an incomplete or damaged snapshot is not used
 */
import {
  ControlType,
  decodeControlType,
  SnapshotFooterRecord,
  SnapshotHeaderRecord,
} from '../../messages/records/control-records.ts'
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecord,
  type MetadataRecordInput,
} from '../../messages/records/metadata-frame.ts'
import { quorumRecords, type Voter, votersIn } from '../../quorum/voters/quorum-voters.ts'
import { batchPositions, isControl } from '../../record/batch.ts'
import { buildBatch } from '../../record/batch-builder.ts'
import { joinedBytes } from '../../record/compression.ts'
import { buildQuorumBatch, encodeBody } from '../../record/control-record.ts'
import { readRecords } from '../../record/record.ts'
import { checkBatch } from '../../record/validation.ts'
import type { Steps } from '../../turns.ts'
import type { Pace } from '../../wire/codec-steps.ts'
import { MalformedError } from '../../wire/reader.ts'

const RECORDS_A_BATCH = 1000
const VERSION = 0

/** The end of a snapshot: it contains all records below `endOffset`; `epoch` is the leader epoch of the last one. */
export interface SnapshotId {
  readonly endOffset: number
  readonly epoch: number
}

export interface Snapshot {
  readonly voters: readonly Voter[]
  readonly records: readonly MetadataRecord[]
}

/** The name of a snapshot's file. */
export function snapshotName({ endOffset, epoch }: SnapshotId): string {
  return `${String(endOffset).padStart(20, '0')}-${String(epoch).padStart(10, '0')}.checkpoint`
}

/** The id in the name of a file; undefined if it is no snapshot. */
export function snapshotIdOf(name: string): SnapshotId | undefined {
  const match = /^(\d{20})-(\d{10})\.checkpoint$/.exec(name)
  return match ? { endOffset: Number(match[1]), epoch: Number(match[2]) } : undefined
}

/** Encodes a snapshot, in turns. `lastMs`: the timestamp of its last record (ms). */
export function* encodeSnapshot(
  records: Iterable<MetadataRecordInput>,
  { voter, epoch, lastMs }: { voter: Voter; epoch: number; lastMs: number },
  pace: Pace,
): Steps<Uint8Array> {
  const batches: Uint8Array[] = []
  let offset = 0
  const add = (
    count: number,
    build: (at: { baseOffset: number; leaderEpoch: number; timestamp: number }) => Uint8Array,
  ) => {
    batches.push(build({ baseOffset: offset, leaderEpoch: epoch, timestamp: lastMs }))
    offset += count
  }
  let values: Uint8Array[] = []
  const addRecords = (): void => {
    const batch = values
    values = []
    if (batch.length === 0) return
    add(batch.length, ({ baseOffset, leaderEpoch, timestamp }) =>
      buildBatch(
        batch.map((value) => ({ key: null, value, timestamp })),
        { baseOffset, partitionLeaderEpoch: leaderEpoch },
      ),
    )
  }
  const header = encodeBody(SnapshotHeaderRecord, { version: VERSION, lastContainedLogTimestamp: lastMs })
  const first = [{ type: ControlType.SNAPSHOT_HEADER, value: header }, ...quorumRecords(voter)]
  add(first.length, (at) => buildQuorumBatch(first, at))
  for (const record of records) {
    if (pace.isOver) yield
    values.push(encodeMetadataRecord(record))
    if (values.length === RECORDS_A_BATCH) addRecords()
  }
  addRecords()
  const footer = encodeBody(SnapshotFooterRecord, { version: VERSION })
  add(1, (at) => buildQuorumBatch([{ type: ControlType.SNAPSHOT_FOOTER, value: footer }], at))
  return joinedBytes(batches)
}

/** Decodes a snapshot; throws MalformedError or KafkaError if it is incomplete or damaged (METADATA-SNAPSHOT-1). */
export function decodeSnapshot(bytes: Uint8Array, name: string): Snapshot {
  const records: MetadataRecord[] = []
  let voters: readonly Voter[] = []
  let last = -1
  for (const at of batchPositions(bytes)) {
    if (isControl(checkBatch(bytes, at, name))) {
      voters = votersIn(bytes, at) ?? voters
      last = lastControlType(bytes, at)
      continue
    }
    for (const { value } of readRecords(bytes, at)) if (value) records.push(decodeMetadataRecord(value))
  }
  if (last !== ControlType.SNAPSHOT_FOOTER) throw new MalformedError(`${name} ends in the middle`)
  return { voters, records }
}

function lastControlType(bytes: Uint8Array, at: number): number {
  const key = readRecords(bytes, at).at(-1)?.key
  return key ? decodeControlType(key) : -1
}
