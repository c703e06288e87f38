/**
 * How a coordinator's record becomes the key and the value of a record in a log.
 *
 *   key    int16 type    | body in version 0      never a second version: compaction compares bytes
 *   value  int16 version | body                   no value at all is a tombstone
 *
 * The key's first number was called a version once; since 4.1 it is the record's type (CoordinatorRecord).
 * A reader looks at the type before it knows what to decode:
 *
 *   switch (recordType(key)) {
 *     case OffsetCommitKey.apiKey: return replay(decodeKey(OffsetCommitKey, key), decodeValue(…))
 *   }
 *
 * RECORD-FRAME-1  decode(encode(x)) = x, in every version that has all of x's fields
 */
import { MalformedError, Reader } from '../../wire/reader.ts'
import type { Message } from '../../wire/schema.ts'
import { Writer } from '../../wire/writer.ts'

/** The type of the record that has this key. */
export function recordType(key: Uint8Array): number {
  return new Reader(key).int16()
}

/** The bytes of a key. */
export function encodeKey<Out, In>(message: Message<Out, In>, key: In): Uint8Array {
  const writer = new Writer(64)
  writer.int16(message.apiKey)
  message.encode(writer, 0, key)
  return writer.toBytes()
}

/** A key of the declared type; throws MalformedError when the bytes are another's. */
export function decodeKey<Out, In>(message: Message<Out, In>, bytes: Uint8Array): Out {
  const reader = new Reader(bytes)
  const type = reader.int16()
  if (type !== message.apiKey) throw new MalformedError(`${message.name}: key of type ${type}`)
  return message.decode(reader, 0)
}

/** The bytes of a value in `version`. */
export function encodeValue<Out, In>(message: Message<Out, In>, version: number, value: In): Uint8Array {
  const writer = new Writer(128)
  writer.int16(version)
  message.encode(writer, version, value)
  return writer.toBytes()
}

/** A value, in the version that it names; throws MalformedError when that is unknown. */
export function decodeValue<Out, In>(message: Message<Out, In>, bytes: Uint8Array): Out {
  const reader = new Reader(bytes)
  const version = reader.int16()
  if (version < message.versions.min || version > message.versions.max) {
    throw new MalformedError(`${message.name}: value of version ${version}`)
  }
  return message.decode(reader, version)
}
