/**
 * The links between simulated replicas: each direction of each pair delays, loses or is cut by itself.
 *
 *   1 --request--> 2      cut 1->2: refused at once, or lost without a word
 *   1 <-response-- 2      cut 2->1: the request was handled, and 1 never learns it
 *
 * What travels are bytes, encoded and decoded by the declared messages: no object is shared between two replicas.
 */
import type {
  RaftApi,
  RaftRequest,
  RaftRequestInput,
  RaftResponse,
  RaftResponseInput,
  RaftResult,
} from '../../src/quorum/raft-calls.ts'
import { RAFT_MESSAGES } from '../../src/quorum/raft-calls.ts'
import type { SeededRandom } from '../../src/sim/seeded-random.ts'
import type { VirtualTime } from '../../src/sim/virtual-time.ts'
import { ErrorCode } from '../../src/wire/errors.ts'
import { Reader } from '../../src/wire/reader.ts'
import type { Message } from '../../src/wire/schema.ts'
import { Writer } from '../../src/wire/writer.ts'

/** What stands at the end of a link. */
export interface Station {
  readonly id: number
  /** Whether a process is there; a paused one is. */
  readonly isUp: boolean
  /** A process that was started later does not get what was sent to this one. */
  readonly life: number
  /** Runs in the process, now or when it is no longer paused; never in a later life. */
  deliver(life: number, event: () => void): void
  serve<Api extends RaftApi>(
    api: Api,
    request: RaftRequest<Api>,
    respond: (response: RaftResponseInput<Api>) => void,
  ): void
}

export interface LinkTiming {
  readonly delayMinMs: number
  /** Added at random; 0 makes all links equal. */
  readonly delayJitterMs: number
}

/** The port on which a replica listens. */
export function portOf(id: number): number {
  return 9000 + id
}

interface AnyMessages {
  readonly request: Message<unknown, unknown>
  readonly response: Message<unknown, unknown>
}

function messagesOf(api: RaftApi): AnyMessages {
  return RAFT_MESSAGES[api] as unknown as AnyMessages
}

export class SimLinks {
  /** Of all messages, in percent. */
  lostPercent = 0
  private readonly time: VirtualTime
  private readonly random: SeededRandom
  private readonly timing: LinkTiming
  private readonly stations = new Map<number, Station>()
  /** `1>2` → whether the sender notices. */
  private readonly cuts = new Map<string, 'refused' | 'silent'>()

  constructor(time: VirtualTime, random: SeededRandom, timing: LinkTiming) {
    this.time = time
    this.random = random
    this.timing = timing
  }

  add(station: Station): void {
    this.stations.set(portOf(station.id), station)
  }

  cut(from: number, to: number): void {
    this.cuts.set(`${from}>${to}`, this.random.chance(50) ? 'refused' : 'silent')
  }

  heal(): void {
    this.cuts.clear()
    this.lostPercent = 0
  }

  private delayMs(): number {
    const { delayMinMs, delayJitterMs } = this.timing
    if (delayJitterMs === 0) return delayMinMs
    // Now and then a message is much later than the others.
    return delayMinMs + this.random.int(delayJitterMs * (this.random.chance(3) ? 20 : 1))
  }

  /** Sends a request; `port` names the receiver. */
  send<Api extends RaftApi>(
    from: Station,
    to: { readonly port: number },
    { api, body, versionMin = 0 }: { api: Api; body: RaftRequestInput<Api>; versionMin?: number },
    done: (result: RaftResult<Api>) => void,
  ): void {
    const { life } = from
    const receiver = this.stations.get(to.port)
    const { request, response } = messagesOf(api)
    const version = request.versions.max
    const fail = (failure: ErrorCode): void => {
      this.time.after(this.delayMs(), () => from.deliver(life, () => done({ failure })))
    }
    if (version < versionMin) return fail(ErrorCode.UNSUPPORTED_VERSION)
    const cut = receiver && this.cuts.get(`${from.id}>${receiver.id}`)
    if (cut === 'silent' || this.random.chance(this.lostPercent)) return
    if (!receiver?.isUp || cut === 'refused') return fail(ErrorCode.BROKER_NOT_AVAILABLE)
    const bytes = encode(request, version, body)
    const receiverLife = receiver.life
    const answer = (value: RaftResponseInput<Api>): void => {
      if (receiver.life !== receiverLife || this.cuts.has(`${receiver.id}>${from.id}`)) return
      if (this.random.chance(this.lostPercent)) return
      const encoded = encode(response, version, value)
      this.time.after(this.delayMs(), () =>
        from.deliver(life, () => done({ response: decode(response, version, encoded) as RaftResponse<Api> })),
      )
    }
    this.time.after(this.delayMs(), () => {
      if (!receiver.isUp || this.cuts.has(`${from.id}>${receiver.id}`)) return
      receiver.deliver(receiverLife, () =>
        receiver.serve(api, decode(request, version, bytes) as RaftRequest<Api>, answer),
      )
    })
  }
}

/** A body with the defaults of all fields, as the other side decodes it. */
export function completed<Out, In>(message: Message<Out, In>, body: In): Out {
  const version = message.versions.max
  return decode(message, version, encode(message, version, body))
}

/** A stored record, written and read back in version 0. */
export function completedRecord<Out, In>(message: Message<Out, In>, body: In): Out {
  return decode(message, 0, encode(message, 0, body))
}

function encode<In>(message: Message<unknown, In>, version: number, value: In): Uint8Array {
  const writer = new Writer(256)
  message.encode(writer, version, value)
  return writer.toBytes()
}

function decode<Out>(message: Pick<Message<Out>, 'decode'>, version: number, bytes: Uint8Array): Out {
  return message.decode(new Reader(bytes), version)
}
