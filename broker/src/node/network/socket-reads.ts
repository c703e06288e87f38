/**
 * One buffer for the reads of all sockets.
 *
 * For each read of a socket Node allocates 64 KiB, and gives them away. At a hundred megabytes a second these are
 * 1,600 allocations, most of the broker's garbage, in memory outside of V8's heap, which V8 notices late. But a
 * connection copies what it needs into its frame at once (wire/framing.ts). So every read may use the same buffer:
 *
 *   socket A --read--> [ shared memory ] --copy--> frame of A
 *   socket B --read--> [ the same      ] --copy--> frame of B        one after the other: there is one thread
 *
 * Node's option `onread` does this, but only when a socket is created, and a server creates its sockets itself. So the
 * handle of the accepted socket is moved to a socket that is created here, and the empty one is released, which the
 * server counts as a closed connection. `_handle` is the only undocumented part of Node that is used here: if it is
 * missing, sockets are read in the usual way.
 *
 * - the bytes of a 'data' event are valid until its listeners have returned
 * SOCKET-READS-2  all other events and settings are those of the accepted socket
 */
import { Socket } from 'node:net'

/** Size of a read: as many frames of a typical producer as one turn handles (turns.ts), so that few bytes must be kept. */
const SHARED_BYTES = 131_072
const shared = new Uint8Array(SHARED_BYTES)

/** Options that make a socket read into our buffer; Node's types do not declare them for sockets with a handle. */
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
 * A socket that replaces `accepted`, which must be paused. The bytes of its 'data' events are valid until the listeners have returned.
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
