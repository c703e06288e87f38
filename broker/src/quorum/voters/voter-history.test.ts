import { describe, expect, test } from 'vitest'
import { controlBatch, valueBatch } from '../../../test/quorum/lone-quorum.ts'
import { SimDisk, SimLog } from '../../../test/quorum/sim-disk.ts'
import { directoryOf, voterNode } from '../../../test/quorum/sim-replica.ts'
import { ControlType, KRaftVersionRecord, VotersRecord } from '../../messages/records/control-records.ts'
import { encodeBody } from '../../record/control-record.ts'
import { BEFORE_LOG, VoterHistory } from './voter-history.ts'
import { toVotersRecord, VoterSet } from './voter-set.ts'

const setOf = (...ids: number[]) => new VoterSet(ids.map((id) => voterNode(id, directoryOf(id))))
const votersBatch = (...ids: number[]) =>
  controlBatch([
    {
      type: ControlType.KRAFT_VERSION,
      value: encodeBody(KRaftVersionRecord, { version: 0, kRaftVersion: 1 }),
    },
    { type: ControlType.KRAFT_VOTERS, value: encodeBody(VotersRecord, toVotersRecord(setOf(...ids))) },
  ])

function start() {
  const log = new SimLog(new SimDisk(), (done) => done())
  const history = new VoterHistory(log, { voters: setOf(1), kraftVersion: 0 })
  const append = (batch: Uint8Array) => {
    log.appendAsLeader(batch, 1)
    history.update()
  }
  return { log, history, append }
}

describe('the history of the voters', () => {
  test('VOTER-HISTORY-1: the last set in the log is in force', () => {
    const { history, append } = start()
    expect([history.last.ids, history.lastOffset, history.canChange]).toEqual([[1], BEFORE_LOG, false])
    append(valueBatch('v'))
    append(votersBatch(1, 2))
    expect([history.last.ids, history.lastOffset, history.canChange]).toEqual([[1, 2], 2, true])
    append(votersBatch(1, 2, 3))
    expect(history.last.ids).toEqual([1, 2, 3])
    expect([history.at(1), history.at(3)].map(({ voters }) => voters.ids)).toEqual([[1], [1, 2]])
  })

  test('VOTER-HISTORY-2: truncating brings back the set before', () => {
    const { log, history, append } = start()
    append(votersBatch(1, 2))
    append(votersBatch(1, 2, 3))
    log.truncateTo(2)
    history.truncateNew(2)
    expect(history.last.ids).toEqual([1, 2])
    append(votersBatch(2))
    expect(history.last.ids).toEqual([2])
    log.truncateTo(0)
    history.truncateNew(0)
    expect([history.last.ids, history.kraftVersion]).toEqual([[1], 0])
  })

  test('what is older than a snapshot is forgotten, and read from the snapshot at the next start', () => {
    const { log, history, append } = start()
    append(votersBatch(1, 2))
    append(votersBatch(1, 2, 3))
    append(votersBatch(1, 2))
    const id = { offset: 4, epoch: 1 }
    const writer = log.snapshots.create(id)
    writer.append(votersBatch(1, 2, 3))
    writer.freeze()
    log.deleteBefore(4)
    history.truncateOld(4)
    expect(history.last.ids).toEqual([1, 2])
    expect(history.at(0).voters.ids).toEqual([1, 2, 3])
    const next = new VoterHistory(log, { voters: setOf(1), kraftVersion: 0 })
    expect([next.last.ids, next.at(3).voters.ids, next.canChange]).toEqual([[1, 2], [1, 2, 3], true])
  })
})
