/**
 * The outbox on real sockets: bytes arrive unchanged, and a client that does not read costs one buffer. Each test runs
 * with slices that must be read through a buffer, and with slices of a file, which the system sends if it can.
 */
import { once } from 'node:events'
import * as fs from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { FileSlice } from '../../core.ts'
import { Outbox } from './outbox.ts'
import type { DescriptorSlice } from './send-file.ts'

const MANY_BYTES = 30_000_000
const FILE = Buffer.alloc(MANY_BYTES + 10_000)
for (let at = 0; at < FILE.length; at++) FILE[at] = (at * 31 + (at >> 8)) & 0xff

const opened: Socket[] = []
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy()
})

/** Both ends of a connection; the client's end is paused. */
async function pair(): Promise<{ ours: Socket; theirs: Socket }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as { port: number }
  const theirs = connect(address.port, '127.0.0.1').pause()
  const [ours] = (await once(server, 'connection')) as [Socket]
  server.close()
  opened.push(ours, theirs)
  return { ours, theirs }
}

let folder: string
let descriptor: number
beforeAll(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'outbox-'))
  fs.writeFileSync(join(folder, 'file'), FILE)
  descriptor = fs.openSync(join(folder, 'file'), 'r')
})
afterAll(() => {
  fs.closeSync(descriptor)
  fs.rmSync(folder, { recursive: true })
})

/** A slice of a file with a descriptor. */
function fileSliceOf(length: number, from = 0) {
  const { slice, seen } = memorySliceOf(length, from)
  const inFile: DescriptorSlice = { ...slice, source: () => ({ fd: descriptor, position: from }) }
  return { slice: inFile, seen }
}

/** A slice without a descriptor. It records how far it was read, and how often it is held. */
function memorySliceOf(length: number, from = 0) {
  const seen = { read: 0, holds: 0 }
  const slice: FileSlice = {
    length,
    readInto: (into, at) => {
      const count = Math.min(into.length, length - at)
      into.set(FILE.subarray(from + at, from + at + count))
      seen.read = at + count
      return count
    },
    hold: () => {
      seen.holds++
      return () => seen.holds--
    },
  }
  return { slice, seen }
}

/** Reads `length` bytes from a paused socket. */
async function take(socket: Socket, length: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let got = 0
  for await (const piece of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    pieces.push(piece)
    got += piece.length
    if (got >= length) break
  }
  return Buffer.concat(pieces)
}

describe.each([
  ['through buffers', memorySliceOf],
  ['by the system', fileSliceOf],
])('%s', (_, sliceOf) => {
  test('bytes, a slice, bytes and a slice again arrive in this order', async () => {
    const { ours, theirs } = await pair()
    const outbox = new Outbox(
      ours,
      () => {},
      () => {},
    )
    const head = Uint8Array.of(1, 2, 3)
    outbox.send([head, sliceOf(300_000).slice, Uint8Array.of(4), sliceOf(5, 7).slice])
    const got = await take(theirs, 300_009)
    expect([...got.subarray(0, 3), got[300_003]]).toEqual([1, 2, 3, 4])
    expect(got.subarray(3, 300_003).equals(FILE.subarray(0, 300_000))).toBe(true)
    expect(got.subarray(300_004)).toEqual(FILE.subarray(7, 12))
  })

  test('small pieces go out in one write, in order, every time a response is sent', async () => {
    const { ours, theirs } = await pair()
    let writes = 0
    const write = ours.write.bind(ours)
    ours.write = ((...given: Parameters<typeof write>) => {
      writes++
      return write(...given)
    }) as typeof ours.write
    const outbox = new Outbox(
      ours,
      () => {},
      () => {},
    )
    const expected: Buffer[] = []
    for (let response = 1; response <= 20; response++) {
      const pieces = [1, 2, 3, 4].map((each) => response * 1000 + each * 100)
      const chunks = pieces.flatMap((at) => [Uint8Array.of(at & 0xff), sliceOf(200, at).slice])
      for (const at of pieces) expected.push(Buffer.of(at & 0xff), FILE.subarray(at, at + 200))
      expect(outbox.send(chunks)).toBe(true)
      expect(writes).toBe(response)
    }
    const all = Buffer.concat(expected)
    expect((await take(theirs, all.length)).equals(all)).toBe(true)
  })

  test('OUTBOX-2: the slice is not read while the client does not read; onSent is called when the client has caught up', async () => {
    const { ours, theirs } = await pair()
    let sent = () => {}
    const caughtUp = new Promise<void>((resolve) => {
      sent = resolve
    })
    const { slice, seen } = sliceOf(MANY_BYTES)
    const outbox = new Outbox(
      ours,
      () => sent(),
      () => {},
    )
    expect(outbox.send([slice])).toBe(false)
    expect(seen.holds).toBe(1)
    // The system's buffers on both sides hold some of it, far less than all.
    expect(seen.read).toBeLessThan(MANY_BYTES / 2)
    expect(ours.writableLength).toBeLessThanOrEqual(131_072)
    const [got] = await Promise.all([take(theirs, MANY_BYTES), caughtUp])
    expect(got.length).toBe(MANY_BYTES)
    expect(got.equals(FILE.subarray(0, MANY_BYTES))).toBe(true)
    expect(seen.holds).toBe(0)
  })

  test('OUTBOX-1: connections that wait at the same time do not mix their bytes', async () => {
    const pairs = await Promise.all([pair(), pair(), pair()])
    pairs.forEach(({ ours }, index) => {
      new Outbox(
        ours,
        () => {},
        () => {},
      ).send([sliceOf(MANY_BYTES, index * 1000).slice])
    })
    const got = await Promise.all(pairs.map(({ theirs }) => take(theirs, MANY_BYTES)))
    got.forEach((bytes, index) => {
      expect(bytes.equals(FILE.subarray(index * 1000, index * 1000 + MANY_BYTES))).toBe(true)
    })
  })

  test('a connection that closes releases its slice', async () => {
    const { ours, theirs } = await pair()
    const { slice, seen } = sliceOf(MANY_BYTES)
    new Outbox(
      ours,
      () => {},
      () => {},
    ).send([slice])
    expect(seen.holds).toBe(1)
    ours.on('error', () => {})
    const gone = new Promise((resolve) => ours.once('close', resolve))
    theirs.destroy()
    await gone
    expect(seen.holds).toBe(0)
  })

  test('after `end` it still delivers what was sent', async () => {
    const { ours, theirs } = await pair()
    const outbox = new Outbox(
      ours,
      () => {},
      () => {},
    )
    outbox.send([sliceOf(MANY_BYTES).slice])
    outbox.end()
    expect((await take(theirs, MANY_BYTES)).length).toBe(MANY_BYTES)
    theirs.resume()
    await once(theirs, 'end')
  })
})

test('OUTBOX-5: a large response in memory is passed to Node in pieces, and arrives complete', async () => {
  const { ours, theirs } = await pair()
  const sent: number[] = []
  const caughtUp = new Promise<void>((resolve) => {
    const outbox = new Outbox(ours, resolve, () => {})
    expect(outbox.send([FILE.subarray(0, 100), FILE.subarray(100, MANY_BYTES)])).toBe(false)
    sent.push(ours.bytesWritten)
  })
  // Node's count of written bytes includes its own queue.
  expect(sent[0]).toBeLessThanOrEqual(1_048_576 + 262_144)
  expect(ours.writableLength).toBeLessThanOrEqual(262_144)
  const [got] = await Promise.all([take(theirs, MANY_BYTES), caughtUp])
  expect(got.equals(FILE.subarray(0, MANY_BYTES))).toBe(true)
})

test('OUTBOX-5: a connection pauses for the others, however fast its client reads', async () => {
  const { ours, theirs } = await pair()
  let inOneEvent = 0
  let most = 0
  const { slice } = memorySliceOf(MANY_BYTES)
  const counted: FileSlice = {
    ...slice,
    readInto: (into, at) => {
      if (inOneEvent === 0)
        setImmediate(() => {
          inOneEvent = 0
        })
      const count = slice.readInto(into, at)
      inOneEvent += count
      most = Math.max(most, inOneEvent)
      return count
    },
  }
  new Outbox(
    ours,
    () => {},
    () => {},
  ).send([counted])
  expect((await take(theirs, MANY_BYTES)).length).toBe(MANY_BYTES)
  expect(most).toBeLessThanOrEqual(2 * 1_048_576 + 262_144)
})

test('OUTBOX-3: a slice that fails or ends too early closes the connection', async () => {
  for (const readInto of [
    () => 0,
    () => {
      throw new Error('EIO')
    },
  ]) {
    const { ours, theirs } = await pair()
    const broken: string[] = []
    const outbox = new Outbox(
      ours,
      () => {},
      ({ message }) => broken.push(message),
    )
    outbox.send([Uint8Array.of(1), { length: 10, readInto, hold: () => () => {} }])
    expect(broken).toEqual([expect.stringMatching(/EIO|slice of 10 bytes ends at 0/)])
    theirs.resume()
    await once(theirs, 'close')
  }
})

test('OUTBOX-4: bytes in memory, slices and small slices keep their order while the client reads slowly', async () => {
  const { ours, theirs } = await pair()
  const outbox = new Outbox(
    ours,
    () => {},
    () => {},
  )
  const expected: Buffer[] = []
  const chunks = Array.from({ length: 60 }, (_, i) => {
    if (i % 3 === 0) {
      expected.push(Buffer.alloc(1000 + i, i))
      return expected.at(-1)!
    }
    const length = i % 3 === 1 ? 400_000 + i : 500 + i
    expected.push(FILE.subarray(i, i + length))
    return fileSliceOf(length, i).slice
  })
  for (let i = 0; i < chunks.length; i += 5) outbox.send(chunks.slice(i, i + 5))
  const whole = Buffer.concat(expected)
  const got = await take(theirs, whole.length)
  expect(got.length).toBe(whole.length)
  expect(got.equals(whole)).toBe(true)
})

test('OUTBOX-3, SEND-FILE-2: a file that ends too early closes the connection, also when the system sends it', async () => {
  const { ours, theirs } = await pair()
  const broken: string[] = []
  const outbox = new Outbox(
    ours,
    () => {},
    ({ message }) => broken.push(message),
  )
  const beyond: DescriptorSlice = {
    ...fileSliceOf(1_000_000).slice,
    readInto: () => 0,
    source: () => ({ fd: descriptor, position: FILE.length - 100 }),
  }
  outbox.send([beyond])
  theirs.resume()
  await once(theirs, 'close')
  expect(broken).toEqual([expect.stringMatching(/slice of 1000000 bytes ends at (0|100)/)])
})
