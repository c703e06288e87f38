/**
 * The sets of voters in the log: who votes, by the newest Voters record, committed or not.
 *
 *   offset   -1            12                     40
 *   voters   {1}           {1, 2}                 {1, 2, 3}     <- in force at once, as soon as it is in the log
 *            formatted     added                  added, perhaps not committed yet
 *
 * A new set counts from the moment it is appended, not when it is committed: otherwise the old majority and the new one
 * could each commit something without the other (KIP-853, as in Raft). If the record is truncated, the set before it is in
 * force again; so the older sets are kept, down to the newest snapshot. The level kraft.version has its history in
 * the same way: 0 means that the voters are those of the configuration. (KRaftControlRecordStateMachine, VoterSetHistory)
 *
 * VOTER-HISTORY-1  the set in force is the last one in the log, also before it is committed
 * VOTER-HISTORY-2  truncating the log brings back the set before
 */
import {
  ControlType,
  decodeControlType,
  KRaftVersionRecord,
  VotersRecord,
} from '../../messages/records/control-records.ts'
import { batchPositions, isControl, lastOffsetAt, readBatchHeader } from '../../record/batch.ts'
import { readRecords } from '../../record/record.ts'
import { Reader } from '../../wire/reader.ts'
import type { OffsetAndEpoch, RaftLog } from '../raft-log.ts'
import { fromVotersRecord, type VoterSet } from './voter-set.ts'

/** The first level at which voters are stored in the log. */
export const RECONFIGURATION_VERSION = 1
/** The offset of what was not read from the log: the formatted or configured voters. */
export const BEFORE_LOG = -1
const READ_BYTES = 1_048_576

interface Entry<Value> {
  readonly offset: number
  readonly value: Value
}

/** The voters before the first record: of the formatted folder (level 1) or of the configuration (level 0). */
export interface FirstVoters {
  readonly voters: VoterSet
  readonly kraftVersion: number
}

export class VoterHistory {
  private readonly log: RaftLog
  private sets: Entry<VoterSet>[]
  private versions: Entry<number>[]
  private nextOffset = 0

  /** Reads the newest snapshot and the whole log. */
  constructor(log: RaftLog, first: FirstVoters) {
    this.log = log
    this.sets = [{ offset: BEFORE_LOG, value: first.voters }]
    this.versions = [{ offset: BEFORE_LOG, value: first.kraftVersion }]
    this.update()
  }

  /** The voters in force (VOTER-HISTORY-1). */
  get last(): VoterSet {
    return this.sets.at(-1)!.value
  }

  /** The offset of the record of the voters in force; BEFORE_LOG if there is none. */
  get lastOffset(): number {
    return this.sets.at(-1)!.offset
  }

  get kraftVersion(): number {
    return this.versions.at(-1)!.value
  }

  get canChange(): boolean {
    return this.kraftVersion >= RECONFIGURATION_VERSION
  }

  /** The voters and the level at an offset, for the header of a snapshot that ends behind it. */
  at(offset: number): FirstVoters {
    return { voters: entryAt(this.sets, offset), kraftVersion: entryAt(this.versions, offset) }
  }

  /** Reads what was appended, or the snapshot that replaced the log. */
  update(): void {
    const latest = this.log.snapshots.latest()
    if (latest && (this.nextOffset === 0 || this.nextOffset < this.log.startOffset)) this.load(latest)
    while (this.nextOffset < this.log.endOffset) {
      const bytes = this.log.read(this.nextOffset, READ_BYTES)
      if (bytes.length === 0) return
      this.visit(bytes)
    }
  }

  private load(id: OffsetAndEpoch): void {
    const bytes = this.log.snapshots.read(id, 0, this.log.snapshots.size(id) ?? 0)
    const first = { sets: this.sets[0]!, versions: this.versions[0]! }
    this.sets = [first.sets]
    this.versions = [first.versions]
    for (const at of batchPositions(bytes)) this.readControlBatch(bytes, at, id.offset - 1)
    this.nextOffset = id.offset
  }

  private visit(bytes: Uint8Array): void {
    for (const at of batchPositions(bytes)) {
      this.readControlBatch(bytes, at)
      this.nextOffset = lastOffsetAt(bytes, at) + 1
    }
  }

  /** `offset`: of all records, if they are those of a snapshot. */
  private readControlBatch(bytes: Uint8Array, at: number, offset?: number): void {
    if (!isControl(readBatchHeader(bytes, at))) return
    for (const record of readRecords(bytes, at)) {
      if (!record.key || !record.value) continue
      const type = decodeControlType(record.key)
      const reader = new Reader(record.value)
      const entry = offset ?? record.offset
      if (type === ControlType.KRAFT_VOTERS)
        this.sets.push({ offset: entry, value: fromVotersRecord(VotersRecord.decode(reader, 0)) })
      if (type === ControlType.KRAFT_VERSION)
        this.versions.push({ offset: entry, value: KRaftVersionRecord.decode(reader, 0).kRaftVersion })
    }
  }

  /** The log was truncated to `endOffset` (VOTER-HISTORY-2). */
  truncateNew(endOffset: number): void {
    this.sets = this.sets.filter(({ offset }) => offset < endOffset)
    this.versions = this.versions.filter(({ offset }) => offset < endOffset)
    this.nextOffset = Math.min(this.nextOffset, endOffset)
  }

  /** There is a snapshot that ends at `startOffset`: older entries are not needed any more. */
  truncateOld(startOffset: number): void {
    this.sets = withoutOlder(this.sets, startOffset)
    this.versions = withoutOlder(this.versions, startOffset)
  }
}

function entryAt<Value>(entries: readonly Entry<Value>[], at: number): Value {
  return (entries.findLast(({ offset }) => offset <= at) ?? entries[0]!).value
}

function withoutOlder<Value>(entries: readonly Entry<Value>[], startOffset: number): Entry<Value>[] {
  const newestOld = entries.findLastIndex(({ offset }) => offset < startOffset)
  return newestOld <= 0 ? [...entries] : entries.slice(newestOld)
}
