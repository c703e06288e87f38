/** Classes; batches, whose records are resolved one by one; two rows for each partition; a queue of ids in the order of time. */
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs'

interface Place {
  partition: number
  offset: number
}
interface Identified {
  id: string
  timestamp: number
}
interface Numbered {
  producer: string
  epoch: number
  sequence: number
}
interface Received extends Place, Identified {
  key: string | null
  value: string
}
type Changes = Record<string, string | null>
interface Options {
  keepMs: number
  handle(record: Received): Promise<Changes>
  store: {
    load(name: string): Promise<string | null>
    save(changes: Changes): Promise<void>
  }
}

class Offsets {
  readonly #last: Record<string, number>
  constructor(saved: string | null) {
    this.#last = JSON.parse(saved ?? '{}') as Record<string, number>
  }
  isNew({ partition, offset }: Place): boolean {
    const isNew = !(offset <= (this.#last[partition] ?? -1))
    if (isNew) this.#last[partition] = offset
    return isNew
  }
  saved(): string {
    return JSON.stringify(this.#last)
  }
}

/** Ids in the order of their times, the oldest first; a set says which they are. */
class Ids {
  readonly #keepMs: number
  readonly #queue: [id: string, endsAt: number][]
  readonly #ids: Set<string>
  #now = 0
  constructor(keepMs: number, saved: string | null) {
    this.#keepMs = keepMs
    const { now, queue } = JSON.parse(saved ?? '{"now":0,"queue":[]}') as {
      now: number
      queue: [string, number][]
    }
    this.#now = now
    this.#queue = queue
    this.#ids = new Set(queue.map(([id]) => id))
  }
  isNew({ id, timestamp }: Identified): boolean {
    if (timestamp > this.#now) this.#now = timestamp
    while (this.#queue[0] !== undefined && this.#queue[0][1] <= this.#now) {
      const [[old] = ['']] = this.#queue.splice(0, 1)
      this.#ids.delete(old)
    }
    if (this.#ids.has(id)) return false
    const endsAt = timestamp + this.#keepMs
    const later = this.#queue.findIndex(([, other]) => other > endsAt)
    this.#queue.splice(later === -1 ? this.#queue.length : later, 0, [id, endsAt])
    this.#ids.add(id)
    return true
  }
  saved(): string {
    return JSON.stringify({ now: this.#now, queue: this.#queue })
  }
}

class Sequences {
  readonly #lasts: Map<string, [epoch: number, sequence: number]>
  constructor(saved: string | null) {
    this.#lasts = new Map(JSON.parse(saved ?? '[]') as [string, [number, number]][])
  }
  isNew({ producer, epoch, sequence }: Numbered): boolean {
    const last = this.#lasts.get(producer)
    const isNew = !last || epoch > last[0] || (epoch === last[0] && sequence > last[1])
    if (isNew) this.#lasts.set(producer, [epoch, sequence])
    return isNew
  }
  saved(): string {
    return JSON.stringify([...this.#lasts])
  }
}

/** A memory as the page wants it. */
const memoryOf = <Asked>(memory: { isNew(asked: Asked): boolean; saved(): string }) => ({
  isNew: (asked: Asked) => memory.isNew(asked),
  saved: () => memory.saved(),
})

export const rememberOffsets = (saved: string | null) => memoryOf(new Offsets(saved))
export const rememberIds = (keepMs: number, saved: string | null) => memoryOf(new Ids(keepMs, saved))
export const rememberSequences = (saved: string | null) => memoryOf(new Sequences(saved))

class Reader {
  readonly #consumer: Consumer
  readonly #topic: string
  readonly #options: Options
  readonly #memories = new Map<number, { offsets: Offsets; ids: Ids }>()

  constructor(kafka: Kafka, topic: string, groupId: string, options: Options) {
    this.#consumer = kafka.consumer({ groupId })
    this.#topic = topic
    this.#options = options
  }

  async start() {
    try {
      await this.#consumer.connect()
      await this.#consumer.subscribe({ topic: this.#topic, fromBeginning: true })
      await this.#consumer.run({
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: 2,
        eachBatch: (payload) => this.#batch(payload),
      })
    } catch (error) {
      await this.#consumer.disconnect()
      throw error
    }
    return { stop: () => this.#consumer.disconnect() }
  }

  async #batch(payload: EachBatchPayload): Promise<void> {
    const { batch, resolveOffset, heartbeat, isRunning, isStale, commitOffsetsIfNecessary } = payload
    for (const { offset, timestamp, headers, key, value } of batch.messages) {
      if (!isRunning() || isStale()) return
      await this.#take({
        partition: batch.partition,
        offset: Number(offset),
        timestamp: Number(timestamp),
        id: headers?.id?.toString() ?? '',
        key: key === null ? null : key.toString(),
        value: String(value),
      })
      resolveOffset(offset)
      await commitOffsetsIfNecessary()
      await heartbeat()
    }
  }

  async #take(record: Received): Promise<void> {
    const { partition } = record
    const memory = this.#memories.get(partition) ?? (await this.#load(partition))
    // Not known until it is saved: an error leaves nothing behind that is ahead of the store.
    this.#memories.delete(partition)
    if (memory.offsets.isNew(record) && memory.ids.isNew(record)) {
      try {
        const changes = await this.#options.handle(record)
        await this.#options.store.save({
          ...changes,
          [`memory:offset:${partition}`]: memory.offsets.saved(),
          [`memory:ids:${partition}`]: memory.ids.saved(),
        })
      } catch (cause) {
        throw new Error('the record has to come again', { cause })
      }
    }
    this.#memories.set(partition, memory)
  }

  async #load(partition: number) {
    const { keepMs, store } = this.#options
    const offsets = new Offsets(await store.load(`memory:offset:${partition}`))
    return { offsets, ids: new Ids(keepMs, await store.load(`memory:ids:${partition}`)) }
  }
}

export async function consumeOnce(kafka: Kafka, topic: string, group: string, options: Options) {
  return new Reader(kafka, topic, group, options).start()
}
