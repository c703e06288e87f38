/**
 * Requests byte by byte: which encodings Kafka's generated readers accept, and which close the connection; no client
 * sends these.
 *
 * (org.apache.kafka.message.MessageDataGenerator, ByteBufferAccessor)
 */

import { Reader } from '../../src/wire/reader.ts'
import { Writer } from '../../src/wire/writer.ts'
import { RawClient } from '../../test/raw-client.ts'
import { type ApiName, MESSAGES } from '../apis.ts'
import { type Recorder, scenario } from '../scenario.ts'

type Fill = (writer: Writer) => void

const LETTERS_MAX = 32_767
const ANSWER_MS_MAX = 10_000
const utf8 = new TextEncoder()

/** Flexible versions of APIs that answer what was asked, and a classic one. */
const FIND_COORDINATOR = { api: 'FindCoordinator', key: 10, version: 4 } as const
const FIND_COORDINATOR_V0 = { api: 'FindCoordinator', key: 10, version: 0 } as const
const OFFSET_FETCH = { api: 'OffsetFetch', key: 9, version: 8 } as const
const OFFSET_COMMIT_V2 = { api: 'OffsetCommit', key: 8, version: 2 } as const
const FETCH = { api: 'Fetch', key: 1, version: 15 } as const
interface Asked {
  readonly api: ApiName
  readonly key: number
  readonly version: number
}

/** Sends a request on a new connection; records the response, or that the connection was closed. */
async function play(
  recorder: Recorder,
  what: string,
  asked: Asked,
  body: Fill,
  header: Fill = plainHeader(asked),
) {
  const message = new Writer()
  message.int16(asked.key)
  message.int16(asked.version)
  message.int32(7)
  header(message)
  body(message)
  const bytes = message.toBytes()
  const size = new Writer()
  size.int32(bytes.length)
  const client = await RawClient.to(recorder.bootstrap.split(',')[0]!)
  client.send(size.toBytes())
  client.send(bytes)
  const { response } = MESSAGES[asked.api]
  const isFlexible = asked.version >= response.flexibleSince
  const frame = await Promise.race([client.frame(), late()])
  client.end()
  const seen =
    typeof frame === 'string'
      ? frame
      : frame && response.decode(new Reader(frame, isFlexible ? 5 : 4), asked.version)
  recorder.note(what, seen ?? 'hung up')
}

function late(): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve('no answer'), ANSWER_MS_MAX).unref())
}

function plainHeader({ api, version }: Asked): Fill {
  const isFlexible = version >= MESSAGES[api].request.flexibleSince
  return (writer) => {
    writer.string(false, 'a client')
    if (isFlexible) writer.uvarint(0)
  }
}

/** A compact string of these bytes, with any length before them, right or wrong. */
const text =
  (bytes: Uint8Array, lengthPlusOne = bytes.length + 1): Fill =>
  (writer) => {
    writer.uvarint(lengthPlusOne)
    writer.raw(bytes)
  }
const raw =
  (...bytes: number[]): Fill =>
  (writer) =>
    writer.raw(Uint8Array.from(bytes))

/** FindCoordinator v4 of one group, which is named in the answer. */
const coordinatorOf =
  (key: Fill, count: Fill = raw(2), tags: Fill = raw(0)): Fill =>
  (writer) => {
    writer.int8(0)
    count(writer)
    key(writer)
    tags(writer)
  }
const named = (name: string) => text(utf8.encode(name))

scenario('frames: strings, long and wrong', 'a client of its own making', async (recorder) => {
  await recorder.coordinator(recorder.name('group'))
  const keys: [string, Fill][] = [
    ['as long as may be', named('g'.repeat(LETTERS_MAX))],
    ['a letter longer', named('g'.repeat(LETTERS_MAX + 1))],
    ['40,000 letters', named('g'.repeat(40_000))],
    ['too long in bytes', named('я'.repeat(16_384))],
    ['as long as may be in bytes', named('я'.repeat(16_383))],
    ['null', raw(0)],
    ['a length below 0', raw(0xff, 0xff, 0xff, 0xff, 0x0f)],
    ['a length of 2^31', raw(0x80, 0x80, 0x80, 0x80, 0x08)],
    ['longer than the frame', text(utf8.encode('group'), 9)],
    [
      'a length in more bytes than it needs',
      (writer) => {
        writer.raw(Uint8Array.of(0x83, 0x80, 0x00))
        writer.raw(utf8.encode('gr'))
      },
    ],
    [
      'a length of five bytes with more than 32 bits',
      (writer) => {
        writer.raw(Uint8Array.of(0x83, 0x80, 0x80, 0x80, 0x70))
        writer.raw(utf8.encode('gr'))
      },
    ],
    [
      'a length of six bytes',
      (writer) => {
        writer.raw(Uint8Array.of(0x83, 0x80, 0x80, 0x80, 0x80, 0x00))
        writer.raw(utf8.encode('gr'))
      },
    ],
    ['with a byte order mark', named('\ufeffgroup')],
    ['with a zero', named('gr\0up')],
    ['no UTF-8', text(Uint8Array.of(0x67, 0xff, 0xc3, 0x67, 0xe2, 0x82, 0x67, 0xf0, 0x9f))],
    [
      'beyond Unicode, and longer than need be',
      text(Uint8Array.of(0xf4, 0x90, 0x80, 0x80, 0xc0, 0x80, 0xe0, 0x80, 0x80)),
    ],
  ]
  for (const [what, key] of keys) await play(recorder, what, FIND_COORDINATOR, coordinatorOf(key))
})

scenario('frames: classic strings, null and wrong', 'a client of its own making', async (recorder) => {
  await recorder.coordinator(recorder.name('group'))
  for (const length of [0, -1, -7, -32_768, 6])
    await play(recorder, `a key of length ${length}`, FIND_COORDINATOR_V0, (writer) => writer.int16(length))
  const there = await recorder.topic()
  const groupId = recorder.name('group')
  for (const length of [-1, -7, -32_768]) {
    await play(recorder, `a note of length ${length}`, OFFSET_COMMIT_V2, (writer) => {
      writer.string(false, groupId)
      writer.int32(-1)
      writer.string(false, '')
      writer.int64(-1)
      writer.int32(1)
      writer.string(false, there.name)
      writer.int32(1)
      writer.int32(0)
      writer.int64(5)
      writer.int16(length)
    })
  }
})

scenario('frames: lists, long and wrong', 'a client of its own making', async (recorder) => {
  await recorder.coordinator(recorder.name('group'))
  const counts: [string, Fill][] = [
    ['none', raw(1)],
    ['null', raw(0)],
    ['more than there are', raw(3)],
    ['more than there are bytes', raw(100)],
    ['a billion', raw(0x80, 0x94, 0xeb, 0xdc, 0x03)],
    ['a count below 0', raw(0xff, 0xff, 0xff, 0xff, 0x0f)],
  ]
  for (const [what, count] of counts)
    await play(recorder, what, FIND_COORDINATOR, coordinatorOf(what === 'none' ? raw() : named('g'), count))
  const groupId = recorder.name('group')
  for (const [what, count] of counts) {
    await play(recorder, `topics: ${what}`, OFFSET_FETCH, (writer) => {
      writer.uvarint(2)
      writer.string(true, groupId)
      count(writer)
      raw(0, 0, 0)(writer)
    })
  }
})

scenario('frames: what follows a request', 'a client of its own making', async (recorder) => {
  const groupId = recorder.name('group')
  await recorder.coordinator(groupId)
  await play(recorder, 'bytes', FIND_COORDINATOR, coordinatorOf(named(groupId), raw(2), raw(0, 1, 2, 3)))
  await play(recorder, 'bytes after a classic one', FIND_COORDINATOR_V0, (writer) => {
    writer.string(false, groupId)
    writer.int32(5)
  })
})

scenario('frames: tags', 'KIP-482', async (recorder) => {
  const groupId = recorder.name('group')
  await recorder.coordinator(groupId)
  const unknown: [string, Fill][] = [
    ['one that is unknown', raw(1, 77, 2, 1, 2)],
    ['one twice', raw(2, 77, 1, 1, 77, 1, 2)],
    ['falling', raw(2, 78, 1, 1, 77, 1, 2)],
    ['an empty one', raw(1, 77, 0)],
    ['longer than the frame', raw(1, 77, 9, 1, 2)],
    ['of a negative size', raw(1, 77, 0xff, 0xff, 0xff, 0xff, 0x0f, 1)],
    ['fewer than said', raw(2, 77, 1, 1)],
    ['a count below 0', raw(0xff, 0xff, 0xff, 0xff, 0x0f)],
    ['a number of 32 bits', raw(1, 0xff, 0xff, 0xff, 0xff, 0x0f, 1, 1)],
    ['none at all', raw()],
  ]
  for (const [what, tags] of unknown) {
    await play(recorder, `at the end: ${what}`, FIND_COORDINATOR, coordinatorOf(named(groupId), raw(2), tags))
    await play(
      recorder,
      `in the header: ${what}`,
      FIND_COORDINATOR,
      coordinatorOf(named(groupId)),
      (writer) => {
        writer.string(false, 'a client')
        tags(writer)
      },
    )
  }
})

scenario('frames: tags that are known', 'KIP-482', async (recorder) => {
  // Of a Fetch: 0 is the cluster's id, null or a string; 1 is the replica: int32, int64 and tags of its own.
  const consumer = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0]
  const broker = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 5, 0]
  const tags: [string, Fill][] = [
    ['both', raw(2, 0, 2, 2, 0x61, 1, 13, ...consumer)],
    ['falling', raw(2, 1, 13, ...consumer, 0, 2, 2, 0x61)],
    ['a replica twice', raw(2, 1, 13, ...broker, 1, 13, ...consumer)],
    ['a size that is too small', raw(2, 0, 0, 2, 0x61, 1, 1, ...consumer)],
    ['a size that is too large', raw(2, 0, 9, 2, 0x61, 1, 13, ...consumer)],
    ['a size that is larger than the frame', raw(2, 0, 99, 2, 0x61, 1, 99, ...consumer)],
    ['a null', raw(1, 0, 1, 0)],
    ['nothing, as its size says', raw(1, 0, 0)],
  ]
  for (const [what, fill] of tags) {
    await play(recorder, what, FETCH, (writer) => {
      for (const each of [0, 0, 0x7fff_ffff]) writer.int32(each)
      writer.int8(0)
      writer.int32(0)
      writer.int32(-1)
      raw(1, 1, 1)(writer)
      fill(writer)
    })
  }
})

scenario('frames: client ids', 'a client of its own making', async (recorder) => {
  const groupId = recorder.name('group')
  await recorder.coordinator(groupId)
  const ids: [string, Fill][] = [
    ['as long as may be', (writer) => writer.string(false, 'c'.repeat(LETTERS_MAX))],
    ['null', (writer) => writer.int16(-1)],
    ['of length -7', (writer) => writer.int16(-7)],
    ['empty', (writer) => writer.int16(0)],
    ['no UTF-8', raw(0, 2, 0xff, 0xfe)],
  ]
  for (const [what, id] of ids) {
    await play(recorder, what, FIND_COORDINATOR, coordinatorOf(named(groupId)), (writer) => {
      id(writer)
      writer.uvarint(0)
    })
    await play(
      recorder,
      `${what}, classic`,
      FIND_COORDINATOR_V0,
      (writer) => writer.string(false, groupId),
      id,
    )
  }
})
