/**
 * Are our declarations Kafka's? Every field of every message is compared with the definitions that lie in
 * Kafka's own jars, in both directions; then every message in every version is written and read back.
 */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findKafkaJar } from '../../compare/kafka/kafka-jars.ts'
import { readJar } from '../../test/jar.ts'
import { messageArbitrary } from '../../test/message-arbitraries.ts'
import { type Definition, definitionShape, messageShape, parseDefinition } from '../../test/message-shapes.ts'
import { MalformedError, Reader } from '../wire/reader.ts'
import type { Message } from '../wire/schema.ts'
import { Writer } from '../wire/writer.ts'
import { CATALOG } from './catalog.ts'
import { headerVersions, RequestHeader, ResponseHeader } from './header.ts'
import * as groupRecords from './records/consumer-group-records.ts'
import * as offsetRecords from './records/consumer-offsets.ts'
import { ConsumerProtocolAssignment, ConsumerProtocolSubscription } from './records/consumer-protocol.ts'
import * as control from './records/control-records.ts'
import { METADATA_RECORDS } from './records/metadata-frame.ts'
import { ProducerSnapshot } from './records/producer-snapshot.ts'
import * as transactionRecords from './records/transaction-log.ts'

const CLIENT_DATA = [
  RequestHeader,
  ResponseHeader,
  ConsumerProtocolSubscription,
  ConsumerProtocolAssignment,
  control.ControlRecordTypeSchema,
  control.EndTxnMarker,
  control.LeaderChangeMessage,
  control.SnapshotHeaderRecord,
  control.SnapshotFooterRecord,
  control.KRaftVersionRecord,
  control.VotersRecord,
]

/** What we declare of each jar, and what we leave out on purpose (catalog.ts says why). */
const JARS: Record<string, { ours: readonly Message<unknown>[]; leftOut: RegExp }> = {
  'kafka-clients': {
    ours: [...CATALOG.flatMap(({ request, response }) => [request, response]), ...CLIENT_DATA],
    leftOut: /^(Streams|DefaultPrincipal)|Telemetry|Share/,
  },
  'kafka-group-coordinator': {
    ours: [...Object.values(offsetRecords), ...Object.values(groupRecords)],
    leftOut: /^(Share|Streams)Group/,
  },
  'kafka-transaction-coordinator': { ours: Object.values(transactionRecords), leftOut: /^$/ },
  'kafka-metadata': { ours: Object.values(METADATA_RECORDS), leftOut: /^$/ },
  'kafka-storage': { ours: [ProducerSnapshot], leftOut: /^Remote/ },
}
const OURS = Object.values(JARS).flatMap(({ ours }) => ours)

/** The definitions in a jar that are of use: those of removed APIs have no valid version. */
function definitions(jar: string): Map<string, Definition> {
  const texts = readJar(jar, (path) => /(^|\/)message\/\w+\.json$|^common\/metadata\/\w+\.json$/.test(path))
  const all = [...texts.values()].map(parseDefinition).filter(({ validVersions }) => validVersions !== 'none')
  return new Map(all.map((definition) => [definition.name, definition]))
}

for (const [artifact, { ours, leftOut }] of Object.entries(JARS)) {
  const jar = findKafkaJar(artifact)
  if ('missing' in jar) console.log(`schemas.test: ${artifact} is not compared: ${jar.missing}`)
  else {
    describe(`SCHEMA-3: ${artifact}`, () => {
      const theirs = definitions(jar.path)
      test('every message is declared or left out on purpose', () => {
        const names = [...theirs.keys()].filter((name) => !leftOut.test(name))
        expect(ours.map(({ name }) => name).sort()).toEqual(names.sort())
      })
      test.for(ours.map((message) => [message.name, message] as const))('%s', ([name, message]) => {
        const definition = theirs.get(name)
        expect(messageShape(message)).toEqual(definition && definitionShape(definition))
      })
    })
  }
}

function bytesOf(message: Message<unknown>, version: number, value: unknown): Uint8Array {
  const writer = new Writer()
  message.encode(writer, version, value)
  return writer.toBytes()
}

function versionsIn({ versions }: Message<unknown>): number[] {
  return Array.from({ length: versions.max - versions.min + 1 }, (_, i) => versions.min + i)
}

describe('WRITER-1: what is written is read back, in every version', () => {
  test.for(OURS.map((message) => [message.name, message] as const))('%s', ([, message]) => {
    for (const version of versionsIn(message)) {
      const roundTrip = fc.property(messageArbitrary(message, version), (value) => {
        const reader = new Reader(bytesOf(message, version, value))
        expect(message.decode(reader, version)).toEqual(value)
        expect(reader.remaining).toBe(0)
      })
      fc.assert(roundTrip, { numRuns: 15 })
    }
  })
})

describe('READER-1: a message that is cut short is malformed', () => {
  test.for(OURS.map((message) => [message.name, message] as const))('%s', ([, message]) => {
    for (const version of versionsIn(message)) {
      const cutShort = fc.property(messageArbitrary(message, version), fc.nat(), (value, random) => {
        const bytes = bytesOf(message, version, value)
        if (bytes.length === 0) return
        const part = new Reader(bytes, 0, random % bytes.length)
        expect(() => message.decode(part, version)).toThrow(MalformedError)
      })
      fc.assert(cutShort, { numRuns: 5 })
    }
  })
})

describe('READER-1: whatever the bytes, they are a message or malformed', () => {
  test.for(OURS.map((message) => [message.name, message] as const))('%s', ([, message]) => {
    const anyBytes = fc.property(fc.uint8Array({ maxLength: 100, size: 'max' }), (bytes) => {
      try {
        message.decode(new Reader(bytes), message.versions.max)
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedError)
      }
    })
    fc.assert(anyBytes, { numRuns: 30 })
  })
})

test('requests and responses go in pairs of one key and one range of versions', () => {
  for (const { request, response } of CATALOG) {
    expect([response.apiKey, response.versions]).toEqual([request.apiKey, request.versions])
    expect([request.kind, response.kind]).toEqual(['request', 'response'])
    expect(response.flexibleSince, request.name).toBe(request.flexibleSince)
  }
  const keys = CATALOG.map(({ request }) => request.apiKey)
  expect(keys).toEqual([...new Set(keys)].sort((a, b) => a - b))
})

test('HEADER-2: the answer to ApiVersions keeps the old header', () => {
  expect(headerVersions(18, true)).toEqual({ request: 2, response: 0 })
  expect(headerVersions(3, true)).toEqual({ request: 2, response: 1 })
  expect(headerVersions(3, false)).toEqual({ request: 1, response: 0 })
})
