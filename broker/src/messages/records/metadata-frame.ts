/**
 * How a record of __cluster_metadata becomes the value of a record in the log, and back.
 *
 *   frame version uvarint 1 | type uvarint | version uvarint | body        (no key)
 *
 * All types are listed here, and only here. What is decoded is tagged with its name, so that a switch over
 * it is complete and knows the fields:
 *
 *   switch (record.name) {
 *     case 'TopicRecord': topics.set(record.value.topicId, …)
 *   }
 *
 * METADATA-FRAME-1  a type or version that is not listed is malformed: to skip one would give another image of the
 *     cluster than the other nodes have (MetadataRecordSerde)
 */
import { MalformedError, Reader } from '../../wire/reader.ts'
import type { InputOf, TypeOf } from '../../wire/schema.ts'
import { Writer } from '../../wire/writer.ts'
import * as brokers from './metadata-broker-records.ts'
import * as cluster from './metadata-cluster-records.ts'
import * as security from './metadata-security-records.ts'
import * as topics from './metadata-topic-records.ts'

/** Every kind of metadata record, by its name. */
export const METADATA_RECORDS = { ...brokers, ...topics, ...cluster, ...security }
type Records = typeof METADATA_RECORDS
export type MetadataRecordName = keyof Records

/** A record as it is read: its name says which fields its value has. */
export type MetadataRecord = {
  [N in MetadataRecordName]: {
    readonly name: N
    readonly version: number
    readonly value: TypeOf<Records[N]>
  }
}[MetadataRecordName]

/** A record to be written: fields left out take their defaults. */
export type MetadataRecordInput = {
  [N in MetadataRecordName]: {
    readonly name: N
    readonly version: number
    readonly value: InputOf<Records[N]>
  }
}[MetadataRecordName]

const FRAME_VERSION = 1
const BY_TYPE = new Map(Object.values(METADATA_RECORDS).map((message) => [message.apiKey, message]))

/** The bytes of a metadata record, in the version that it names. */
export function encodeMetadataRecord({ name, version, value }: MetadataRecordInput): Uint8Array {
  const message = METADATA_RECORDS[name]
  const writer = new Writer(128)
  writer.uvarint(FRAME_VERSION)
  writer.uvarint(message.apiKey)
  writer.uvarint(version)
  message.encode(writer, version, value)
  return writer.toBytes()
}

/** The metadata record in these bytes; throws MalformedError when there is none that is known (METADATA-FRAME-1). */
export function decodeMetadataRecord(bytes: Uint8Array): MetadataRecord {
  const reader = new Reader(bytes)
  const frame = reader.uvarint()
  if (frame !== FRAME_VERSION) throw new MalformedError(`metadata record in a frame of version ${frame}`)
  const type = reader.uvarint()
  const version = reader.uvarint()
  const message = BY_TYPE.get(type)
  if (!message || version > message.versions.max) {
    throw new MalformedError(`metadata record of type ${type}, version ${version}`)
  }
  return { name: message.name, version, value: message.decode(reader, version) } as MetadataRecord
}
