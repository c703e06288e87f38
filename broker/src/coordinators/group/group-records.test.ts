import { expect, test } from 'vitest'
import * as records from '../../messages/records/consumer-group-records.ts'
import { encodeKey } from '../../messages/records/record-frame.ts'
import { applyRecord } from './group-records.ts'
import type { GroupState } from './group-state.ts'
import { OffsetStore } from './offsets/offset-store.ts'

const empty = (): GroupState => ({ groups: new Map(), offsets: new OffsetStore() })

test('GROUP-RECORDS-2: a record of an unknown type is skipped', () => {
  const state = empty()
  applyRecord(state, { key: Uint8Array.of(0, 99, 1, 2), value: Uint8Array.of(0, 0, 7) }, 'load')
  expect(state.groups.size).toBe(0)
})

test('CONSUMER-REPLAY-1: tombstones for something that does not exist, as compaction leaves them, are ignored', () => {
  const state = empty()
  const keys = [
    encodeKey(records.ConsumerGroupCurrentMemberAssignmentKey, { groupId: 'g', memberId: 'x' }),
    encodeKey(records.ConsumerGroupTargetAssignmentMemberKey, { groupId: 'g', memberId: 'x' }),
    encodeKey(records.ConsumerGroupMemberMetadataKey, { groupId: 'g', memberId: 'x' }),
    encodeKey(records.ConsumerGroupTargetAssignmentMetadataKey, { groupId: 'g' }),
    encodeKey(records.ConsumerGroupPartitionMetadataKey, { groupId: 'g' }),
    encodeKey(records.ConsumerGroupMetadataKey, { groupId: 'g' }),
    encodeKey(records.ConsumerGroupRegularExpressionKey, { groupId: 'g', regularExpression: 'a' }),
  ]
  for (const key of keys) applyRecord(state, { key, value: null }, 'load')
  expect(state.groups.size).toBe(0)
})
