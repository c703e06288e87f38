import { describe, expect, test } from 'vitest'
import { completedRecord } from '../../../test/quorum/sim-links.ts'
import { directoryOf, voterNode } from '../../../test/quorum/sim-replica.ts'
import { VotersRecord } from '../../messages/records/control-records.ts'
import { ZERO_UUID } from '../../wire/uuid.ts'
import { fromVotersRecord, toVotersRecord, VoterSet } from './voter-set.ts'

const node = (id: number) => voterNode(id, directoryOf(id))
const setOf = (...ids: number[]) => new VoterSet(ids.map(node))

describe('a set of voters', () => {
  test('VOTER-SET-1: any two majorities before and after the change of one voter have a common voter', () => {
    for (let size = 1; size <= 7; size++) {
      const ids = Array.from({ length: size }, (_, i) => i + 1)
      const before = setOf(...ids)
      const after = before.add(node(9))!
      // The larger set has all voters of both; two majorities that do not fit into it must overlap.
      expect(before.majority + after.majority).toBeGreaterThan(after.size)
      expect(after.remove(node(9).key)!.majority).toBe(before.majority)
    }
  })

  test('knows voters by id and directory', () => {
    const voters = setOf(1, 2)
    expect(voters.isVoter({ id: 1, directoryId: directoryOf(1) })).toBe(true)
    expect(voters.isVoter({ id: 1, directoryId: directoryOf(1, 1) })).toBe(false)
    const unknown = new VoterSet([voterNode(1, ZERO_UUID)])
    expect(unknown.isVoter({ id: 1, directoryId: directoryOf(1, 1) })).toBe(true)
    expect(unknown.isOnlyVoter({ id: 1, directoryId: directoryOf(1) })).toBe(true)
  })

  test('does not add an id twice, remove or update a node that is no voter, or remove the last one', () => {
    const voters = setOf(1)
    expect(voters.add(voterNode(1, directoryOf(1, 1)))).toBeUndefined()
    expect(voters.remove(node(1).key)).toBeUndefined()
    expect(setOf(1, 2).remove({ id: 2, directoryId: directoryOf(2, 1) })).toBeUndefined()
    expect(voters.update(node(2))).toBeUndefined()
    const moved = { ...node(1), endpoints: [{ name: 'CONTROLLER', host: 'elsewhere', port: 1 }] }
    expect(voters.needsUpdate(moved)).toBe(true)
    expect(voters.update(moved)?.needsUpdate(moved)).toBe(false)
  })

  test('is written and read as a Voters record', () => {
    const voters = setOf(3, 1, 2)
    const record = completedRecord(VotersRecord, toVotersRecord(voters))
    expect(fromVotersRecord(record).nodes).toEqual(voters.nodes)
  })
})
