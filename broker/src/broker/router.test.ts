/** A handler that fails by a mistake of ours: what its client and our log are told. */
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
  test('ROUTER-4: is answered for with UNKNOWN_SERVER_ERROR, in one line of the log; the connection goes on', () => {
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
