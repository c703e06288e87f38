/**
 * sendfile: the system copies a slice of a file to a socket; the bytes do not pass through this process.
 *
 *   buffered    file --read--> our buffer --write--> socket       every byte is copied twice (outbox.ts)
 *   sendfile    file ------------------------------> socket       as Kafka does it (FileChannel.transferTo)
 *
 * Node does not offer it, but Linux has it, and koffi can call it. koffi is an optional package: if it is not installed,
 * or the system is not a 64-bit Linux, the buffered way is used. Node's sockets are non-blocking, so a call sends
 * what the socket has room for and returns at once.
 *
 * sendfile bypasses Node's own queue of a socket. So it may be called only while that queue is empty; the outbox ensures
 * this. It is loaded when the first slice is sent, because loading takes about 10 ms.
 *
 * SEND-FILE-1  it is used only after it has copied the right bytes from one temporary file to another
 * SEND-FILE-2  if it fails, the buffered way takes over, which also reports what is wrong with the socket or the file
 */
import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FileSlice } from '../../core.ts'

/** A slice of a file that this process has open. */
export interface DescriptorSlice extends FileSlice {
  /** The open descriptor, and where the slice begins in its file, in bytes. Valid as long as the slice is. */
  source(): { readonly fd: number; readonly position: number }
}

/** Sends up to `length` bytes from `position` of `fd` to the socket `out`; returns how many, or one of the marks below. */
export type SendFile = (out: number, fd: number, position: number, length: number) => number

/** The socket has no room: try again when it is writable. */
export const WOULD_BLOCK = -1
/** Any other error: the buffered way finds out which (SEND-FILE-2). */
export const FAILED = -2

/** The functions of koffi that are used. */
export interface Koffi {
  load(library: null): { func(declaration: string): (...args: unknown[]) => number | bigint }
  errno(): number
}

const PACKAGE = 'koffi'
const PROOF = new TextEncoder().encode('offset zero: these bytes lie where they are expected')
const PROOF_AT = 13

let chosen: { readonly sendFile: SendFile | undefined } | undefined

/** sendfile, if this machine has it and it passed the check. The result is determined once and kept. */
export function systemSendFile(): SendFile | undefined {
  chosen ??= { sendFile: provenSendFile() }
  return chosen.sendFile
}

/** Loads and checks it (SEND-FILE-1); undefined if it is not available. `load` returns the package; it may throw. */
export function provenSendFile(load: () => Koffi = loadPackage): SendFile | undefined {
  // Only there off_t has the 64 bits that are declared below.
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) return undefined
  try {
    const sendFile = bind(load())
    return isProven(sendFile) ? sendFile : undefined
  } catch {
    return undefined
  }
}

function loadPackage(): Koffi {
  const load = createRequire(import.meta.url)
  return load(PACKAGE)
}

// #region sendfile
function bind(koffi: Koffi): SendFile {
  const call = koffi.load(null).func('intptr_t sendfile(int out_fd, int in_fd, void *offset, size_t count)')
  const offset = new BigInt64Array(1)
  return (out, fd, position, length) => {
    offset[0] = BigInt(position)
    const sent = Number(call(out, fd, offset, length))
    if (sent >= 0) return sent
    return koffi.errno() === constants.errno.EAGAIN ? WOULD_BLOCK : FAILED
  }
}
// #endregion sendfile

/** Whether it copies the requested bytes, and reports an error when it can't (SEND-FILE-1). */
function isProven(sendFile: SendFile): boolean {
  const folder = fs.mkdtempSync(join(tmpdir(), 'offset-zero-'))
  try {
    const from = join(folder, 'from')
    const to = join(folder, 'to')
    fs.writeFileSync(from, PROOF)
    const source = fs.openSync(from, 'r')
    const target = fs.openSync(to, 'w')
    const sent = sendFile(target, source, PROOF_AT, PROOF.length)
    const atEnd = sendFile(target, source, PROOF.length, 1)
    fs.closeSync(source)
    fs.closeSync(target)
    const copied = fs.readFileSync(to)
    return (
      sent === PROOF.length - PROOF_AT &&
      atEnd === 0 &&
      copied.equals(PROOF.subarray(PROOF_AT)) &&
      sendFile(-1, -1, 0, 1) === FAILED
    )
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** Whether the system can read the slice by itself. */
export function hasDescriptor(slice: FileSlice): slice is DescriptorSlice {
  return 'source' in slice
}

/** The descriptor of a socket; undefined if it is closed. Node does not document where to find it. */
export function descriptorOf(socket: Socket): number | undefined {
  const { _handle: handle } = socket as unknown as { _handle?: { readonly fd?: unknown } | null }
  return typeof handle?.fd === 'number' && handle.fd >= 0 ? handle.fd : undefined
}
