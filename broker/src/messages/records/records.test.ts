/** Stored records, byte by byte where the frame around them matters. */
import { expect, test } from 'vitest'
import { MalformedError } from '../../wire/reader.ts'
import { ZERO_UUID } from '../../wire/uuid.ts'
import { GroupMetadataKey, OffsetCommitKey, OffsetCommitValue } from './consumer-offsets.ts'
import {
  ConsumerProtocolSubscription,
  decodeSubscribedTopics,
  decodeSubscription,
} from './consumer-protocol.ts'
import { ControlType, decodeControlType, EndTxnMarker, encodeControlType } from './control-records.ts'
import { decodeMetadataRecord, encodeMetadataRecord, METADATA_RECORDS } from './metadata-frame.ts'
import { decodeKey, decodeValue, encodeKey, encodeValue, recordType } from './record-frame.ts'

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
const ID = 'BwcHBwcHBwcHBwcHBwcHBw'

test('RECORD-FRAME-1: a key begins with the type of its record, by which a reader knows what to decode', () => {
  const bytes = encodeKey(OffsetCommitKey, { group: 'g', topic: 't', partition: 7 })
  expect(hex(bytes)).toBe('00 01 00 01 67 00 01 74 00 00 00 07')
  expect(recordType(bytes)).toBe(OffsetCommitKey.apiKey)
  expect(decodeKey(OffsetCommitKey, bytes)).toEqual({ group: 'g', topic: 't', partition: 7 })
  expect(() => decodeKey(GroupMetadataKey, bytes)).toThrow(MalformedError)
})

test('RECORD-FRAME-1: a value begins with its version; one that is newer than ours is malformed', () => {
  const bytes = encodeValue(OffsetCommitValue, 3, { offset: 5, leaderEpoch: 2, commitTimestamp: 9 })
  expect(hex(bytes)).toBe('00 03 00 00 00 00 00 00 00 05 00 00 00 02 00 00 00 00 00 00 00 00 00 09')
  const commit = { offset: 5, leaderEpoch: 2, metadata: '', commitTimestamp: 9, expireTimestamp: -1 }
  expect(decodeValue(OffsetCommitValue, bytes)).toEqual({ ...commit, topicId: ZERO_UUID })
  expect(() => decodeValue(OffsetCommitValue, Uint8Array.of(0, 5, 0, 0))).toThrow(MalformedError)
})

test('a transaction marker: six bytes, under a key of four', () => {
  expect(hex(encodeControlType(ControlType.COMMIT))).toBe('00 00 00 01')
  expect(decodeControlType(Uint8Array.of(0, 0, 0, 0))).toBe(ControlType.ABORT)
  expect(hex(encodeValue(EndTxnMarker, 0, { coordinatorEpoch: 3 }))).toBe('00 00 00 00 00 03')
})

test('a metadata record: frame version, type and version as varints, then the body', () => {
  const bytes = encodeMetadataRecord({ name: 'TopicRecord', version: 0, value: { name: 'a', topicId: ID } })
  expect(hex(bytes)).toBe(`01 02 00 02 61 ${'07 '.repeat(16)}00`)
  const record = decodeMetadataRecord(bytes)
  expect(record).toEqual({ name: 'TopicRecord', version: 0, value: { name: 'a', topicId: ID } })
  if (record.name === 'TopicRecord') expect(record.value.name).toBe('a')
})

test('METADATA-FRAME-1: a metadata record of an unknown frame, type or version is malformed', () => {
  for (const bytes of [[2, 2, 0], [1, 99, 0], [1, 2, 1], []]) {
    expect(() => decodeMetadataRecord(Uint8Array.from(bytes))).toThrow(MalformedError)
  }
})

test('no two metadata records share a type, and each stands under its own name', () => {
  const types = Object.values(METADATA_RECORDS).map(({ apiKey }) => apiKey)
  expect(new Set(types).size).toBe(types.length)
  for (const [name, message] of Object.entries(METADATA_RECORDS)) expect(message.name).toBe(name)
})

test('CONSUMER-PROTOCOL-1: a subscription that is newer than ours is read as the newest that we know', () => {
  const bytes = encodeValue(ConsumerProtocolSubscription, 3, { topics: ['a'], rackId: 'r' })
  const newer = Uint8Array.of(0, 9, ...bytes.subarray(2), 1, 2, 3)
  expect(decodeSubscription(newer)).toEqual(decodeSubscription(bytes))
  expect(decodeSubscription(newer).rackId).toBe('r')
  expect(() => decodeSubscription(Uint8Array.of(0xff, 0xff))).toThrow(MalformedError)
})

test('CONSUMER-PROTOCOL-2: the topics of a subscription are those that version 0 has, whatever version it says it is', () => {
  const bytes = encodeValue(ConsumerProtocolSubscription, 0, { topics: ['a', 'b'] })
  for (const version of [0, 1, 3, 99, -1]) {
    const some = Uint8Array.from(bytes)
    new DataView(some.buffer).setInt16(0, version)
    expect(decodeSubscribedTopics(some)).toEqual(['a', 'b'])
  }
  expect(() => decodeSubscribedTopics(bytes.subarray(0, 5))).toThrow(MalformedError)
})
