/** A handler that fails because of a bug of ours: what the client gets and what is logged. */
import { describe, expect, test } from 'vitest'
import { FuzzedBroker } from '../../test/long/fuzz/fuzzed-broker.ts'
import { Heartbeat } from '../api/groups/heartbeat.ts'
import { HeartbeatResponse } from '../messages/heartbeat.ts'
import { SeededRandom } from '../sim/seeded-random.ts'
import { frameOf } from '../sim/sim-client.ts'
import { ErrorCode } from '../wire/errors.ts'
import { Reader } from '../wire/reader.ts'

const asked = { groupId: 'readers', generationId: 1, memberId: 'a', groupInstanceId: null }

describe('a handler that fails', () => {
  test('ROUTER-4: is answered with UNKNOWN_SERVER_ERROR and logged in one line; the connection stays open', () => {
    const broker = new FuzzedBroker(new SeededRandom(1))
    const client = broker.connect()
    const handle = Heartbeat.handle
    let fails = true
    Object.assign(Heartbeat, {
      handle: (...all: Parameters<typeof handle>) => {
        if (fails) throw new TypeError('our mistake')
        handle(...all)
      },
    })
    try {
      client.connection.receive(frameOf(Heartbeat.request, 4, 2, 7, asked))
      fails = false
      client.connection.receive(frameOf(Heartbeat.request, 4, 2, 8, asked))
    } finally {
      Object.assign(Heartbeat, { handle })
    }
    broker.time.run(1000)
    expect(client.frames.map(answerIn)).toEqual([
      { correlationId: 7, errorCode: ErrorCode.UNKNOWN_SERVER_ERROR },
      {
        correlationId: 8,
        errorCode: expect.not.toSatisfy((code) => code === ErrorCode.UNKNOWN_SERVER_ERROR),
      },
    ])
    expect(broker.errors).toHaveLength(1)
    expect(broker.errors[0]).toContain('HeartbeatRequest 4 of /127.0.0.1 failed: our mistake')
  })
})

function answerIn(frame: Uint8Array): { correlationId: number; errorCode: number } {
  const reader = new Reader(frame)
  const correlationId = reader.int32()
  reader.int8()
  return { correlationId, errorCode: HeartbeatResponse.decode(reader, 4).errorCode }
}

describe('unnecessary work is skipped', () => {
  test('ROUTER-2: a body is not decoded if its key or version is not served', () => {
    const broker = new FuzzedBroker(new SeededRandom(1))
    const decode = Heartbeat.request.decode
    let decoded = 0
    Object.assign(Heartbeat.request, {
      decode: (...all: Parameters<typeof decode>) => {
        decoded++
        return decode.apply(Heartbeat.request, all)
      },
    })
    try {
      const frame = frameOf(Heartbeat.request, 4, 2, 7, asked)
      // The version follows the size and the key.
      broker.connect().connection.receive(frame.with(7, 99))
      expect(decoded).toBe(0)
      broker.connect().connection.receive(frame)
      expect(decoded).toBe(1)
    } finally {
      Object.assign(Heartbeat.request, { decode })
    }
  })

  test('ROUTER-5: a response to a disconnected client is not encoded', () => {
    const broker = new FuzzedBroker(new SeededRandom(1))
    const { handle, response } = Heartbeat
    const encode = response.encode
    let encoded = 0
    let answer: () => void = () => {}
    Object.assign(response, {
      encode: (...all: Parameters<typeof encode>) => {
        encoded++
        encode.apply(response, all)
      },
    })
    Object.assign(Heartbeat, {
      handle: (...[, , , reply]: Parameters<typeof handle>) => {
        answer = () => reply({ errorCode: 0 })
      },
    })
    try {
      for (const goes of [true, false]) {
        const { connection } = broker.connect()
        connection.receive(frameOf(Heartbeat.request, 4, 2, 7, asked))
        if (goes) connection.closed()
        answer()
        expect(encoded).toBe(goes ? 0 : 1)
      }
    } finally {
      Object.assign(Heartbeat, { handle })
      Object.assign(response, { encode })
    }
  })
})
