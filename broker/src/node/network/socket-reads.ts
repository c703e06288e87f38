/**
 * One piece of memory for what all sockets read.
 *
 * For each read of a socket Node sets 64 KiB aside, and hands them out for good. At a hundred megabytes a second that
 * is 1,600 allocations, most of the broker's garbage, and memory outside of V8's heap that V8 notices late. But a
 * connection copies what it needs into its frame at once (broker/framing.ts). So every read may go to the same place:
 *
 *   socket A --read--> [ shared memory ] --copy--> frame of A
 *   socket B --read--> [ the same      ] --copy--> frame of B        one after the other: there is one thread
 *
 * Node knows this as `onread`, and takes it only when a socket is made; a server makes its sockets itself. So the
 * accepted socket's handle moves to a socket that is made here, and the empty one is let go of, which the server counts
 * as a connection that has ended. `_handle` is the one thing used here that Node does not document: where it is
 * missing, bytes are read as ever.
 *
 * - the bytes of a 'data' event are good until its listeners have returned
 * SOCKET-READS-2  a socket's other events and settings are those of the socket that was accepted
 */
import { Socket } from 'node:net'

/** A read: as many frames of a usual producer as are handled in a row (turns.ts), so that few bytes have to be kept. */
const SHARED_BYTES = 131_072
const shared = new Uint8Array(SHARED_BYTES)

/** What makes a socket read into memory of ours; not in Node's types for sockets that have a handle already. */
interface OverHandle {
  readonly handle: unknown
  readonly pauseOnCreate: boolean
  readonly allowHalfOpen: boolean
  readonly onread: {
    readonly buffer: Uint8Array
    readonly callback: (count: number, buffer: Uint8Array) => boolean
  }
}

/**
 * A socket in the place of `accepted`, which came paused: its 'data' events, once it is resumed, are good until its listeners have returned.
 */
export function withSharedReads(accepted: Socket): Socket {
  const inner = accepted as unknown as { _handle?: { readStart?: unknown } | null }
  const handle = inner._handle
  if (typeof handle?.readStart !== 'function') return accepted
  const callback = (count: number): boolean => socket.emit('data', shared.subarray(0, count))
  const options: OverHandle = {
    handle,
    pauseOnCreate: true,
    allowHalfOpen: true,
    onread: { buffer: shared, callback },
  }
  inner._handle = null
  const socket = new Socket(options as ConstructorParameters<typeof Socket>[0])
  accepted.destroy()
  return socket
}
