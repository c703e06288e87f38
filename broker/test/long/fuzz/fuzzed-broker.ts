/**
 * A broker in this process, with storage in memory, virtual time, and clients that keep what they receive. Everything that
 * it logs at the level `error` is a bug of ours: bytes of clients may cause warnings only.
 */

import { Cluster } from '../../../src/broker/cluster.ts'
import type { Connection } from '../../../src/broker/connection.ts'
import { BrokerConfig } from '../../../src/config/broker-config.ts'
import { bytesOf, type Core } from '../../../src/core.ts'
import { NODE_CODECS } from '../../../src/node/compression/codecs.ts'
import { MemoryStorage } from '../../../src/sim/memory-storage.ts'
import type { SeededRandom } from '../../../src/sim/seeded-random.ts'
import { VirtualTime } from '../../../src/sim/virtual-time.ts'
import { FrameAssembler } from '../../../src/wire/framing.ts'
import { randomUuid } from '../../../src/wire/uuid.ts'

const FRAME_BYTES_MAX = 1_000_000

/** A connection from the client's view. */
export interface FuzzClient {
  readonly connection: Connection
  /** Whole responses, without their sizes, in their order. */
  readonly frames: Uint8Array[]
}

export class FuzzedBroker {
  readonly time = new VirtualTime()
  /** Our own bugs, from the broker's log. */
  readonly errors: string[] = []
  /** The last log line about a client's bytes. */
  warning = ''
  private readonly cluster: Cluster

  constructor(random: SeededRandom) {
    const { time } = this
    const core: Core = {
      clock: time,
      timers: { set: (delayMs, fire) => time.after(delayMs, fire) },
      random,
      storage: new MemoryStorage((event) => void time.after(0, event)),
      log: (level, message, fields) => {
        if (level === 'error') this.errors.push(`${message} ${fields?.stack ?? ''}`)
        else if (level === 'warn') this.warning = message
      },
    }
    const config = new BrokerConfig({ 'node.id': '1', 'socket.request.max.bytes': String(FRAME_BYTES_MAX) })
    this.cluster = new Cluster({
      clusterId: randomUuid((length) => random.bytes(length)),
      nodes: [{ core, config, endpoint: { id: 1, host: 'fuzz', port: 9092, rack: null } }],
      codecs: NODE_CODECS,
    })
    this.cluster.start(() => {})
    time.run(100)
  }

  get broker() {
    return this.cluster.brokers[0]!
  }

  connect(): FuzzClient {
    const assembler = new FrameAssembler(1 << 30)
    const frames: Uint8Array[] = []
    const connection = this.broker.connect({
      remoteHost: '127.0.0.1',
      send: (chunks) => {
        for (const chunk of chunks) assembler.push(bytesOf(chunk).slice())
        for (let frame = assembler.next(); frame; frame = assembler.next()) frames.push(frame)
        return true
      },
      close: () => {},
    })
    return { connection, frames }
  }

  /** Stops everything; returns whether it stopped within a virtual minute. */
  stop(): boolean {
    let stopped = false
    this.cluster.stop(() => {
      stopped = true
    })
    this.time.run(60_000)
    return stopped
  }
}
