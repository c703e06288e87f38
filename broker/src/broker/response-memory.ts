/**
 * Limits how many bytes of responses the broker holds for clients that do not read them, for all clients together.
 *
 * A request of twenty bytes may have a response of megabytes: the metadata of all topics, the offsets of all groups. A
 * connection holds at most one response (connection.ts); but one client may open a thousand connections, and read from
 * none of them. As they can't be told from slow clients, nothing happens while there is memory. Above the limit, the
 * client that has not read for the longest time is disconnected.
 *
 *   limit 128 MB    A does not read 60, B does not read 60    C gets 20, and does not read it: A is disconnected
 *
 * Records in the response to a Fetch do not count: they are slices of files (node/network/outbox.ts).
 *
 * Kafka has no such limit: unread responses stay in its heap, until their clients have been idle for ten minutes.
 *
 * RESPONSE-MEMORY-1  while unread responses take more than the limit, those of the clients that wait longest are dropped,
 *     except the newest one, which may be larger than the limit
 */
import type { Chunk } from '../core.ts'

/** A smaller response is not counted: the system's buffers hold as much for each connection. */
const SMALL_RESPONSE_BYTES = 65_536

/** What this file needs of a connection. */
export interface Reader {
  /** Disconnects the client at once; unsent bytes are dropped. */
  dropUnread(bytes: number): void
}

export class ResponseMemory {
  private readonly bytesMax: number
  private bytes = 0
  /** The unread bytes of each client, in the order in which they began to wait. */
  private readonly unread = new Map<Reader, number>()

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax
  }

  /** The client is slow: the response is held until `release`. May drop others (RESPONSE-MEMORY-1). */
  hold(reader: Reader, response: readonly Chunk[]): void {
    const bytes = response.reduce((sum, chunk) => sum + (chunk instanceof Uint8Array ? chunk.length : 0), 0)
    if (bytes <= SMALL_RESPONSE_BYTES) return
    this.unread.set(reader, bytes)
    this.bytes += bytes
    for (const [other, held] of this.unread) {
      if (this.bytes <= this.bytesMax || other === reader) return
      this.release(other)
      other.dropUnread(held)
    }
  }

  /** The client has read its response, or is disconnected. Idempotent. */
  release(reader: Reader): void {
    this.bytes -= this.unread.get(reader) ?? 0
    this.unread.delete(reader)
  }
}
