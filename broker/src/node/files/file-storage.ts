/**
 * Storage in files: the core's synchronous calls become system calls.
 *
 * A write goes to the page cache, which takes microseconds; this is why it may be synchronous (core.ts). Only
 * `flush` waits for the disk: fsync runs in Node's thread pool, and completes with an event.
 *
 * A partition has at least three files, and a process about a thousand descriptors. So a StorageFile is a path,
 * which is opened when it is used; the least recently used handles are closed.
 *
 *   StorageFile 'orders-0/…042.log' ---uses---> Handles: path -> descriptor, at most 1,000, least recently used first
 *
 * - the length of a file is kept in memory, because no one else writes it: an append needs no stat
 * FILE-STORAGE-3  errors are StorageErrors with the system's code: ENOSPC, EACCES, EROFS, …
 * FILE-STORAGE-4  a write is complete or fails: the system may write fewer bytes than requested, so each write repeats
 *     until all are written. The new file of an atomic write is renamed only after that, and is removed if it fails
 */
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { type Storage, StorageError, type StorageFile } from '../../core.ts'
import type { DescriptorSlice } from '../network/send-file.ts'
import { type FileHandleOwner, Flushes, type Handle, Handles } from './file-handles.ts'
import { removeFiles } from './remove-files.ts'

const HANDLES_MAX = 1000

/** Runs a system call; its error becomes a StorageError (FILE-STORAGE-3). */
function attempt<T>(operation: string, path: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw storageError(operation, path, error)
  }
}

function storageError(operation: string, path: string, error: unknown): StorageError {
  return new StorageError(operation, path, (error as NodeJS.ErrnoException).code ?? String(error))
}

/** Writes all of `bytes` at `position` (FILE-STORAGE-4). Throws the system's error. */
function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    const written = fs.writeSync(fd, bytes, done, bytes.length - done, position + done)
    // If the system writes nothing and reports no error, this loop would never end.
    if (written === 0) throw Object.assign(new Error('write: no byte was written'), { code: 'EIO' })
    done += written
  }
}

/** Reads `length` bytes at `position`. Returns how many were read: fewer only at the end of the file. */
function readAll(fd: number, into: Uint8Array, length: number, position: number): number {
  let done = 0
  while (done < length) {
    const got = fs.readSync(fd, into, done, length - done, position + done)
    if (got === 0) break
    done += got
  }
  return done
}

/** Shared by all files of one storage. */
interface Shared {
  readonly root: string
  readonly handles: Handles
  readonly flushes: Flushes
  readonly openFiles: OpenFiles
}

class NodeFile implements StorageFile, FileHandleOwner {
  /** Changes when the file or its folder is renamed. */
  path: string
  private readonly shared: Shared
  private length: number
  private closed = false

  constructor(path: string, shared: Shared) {
    this.path = path
    this.shared = shared
    this.length = attempt('open', path, () => fs.fstatSync(this.fd).size)
    shared.openFiles.add(this)
  }

  openDescriptor(): number {
    const flags = fs.constants.O_RDWR | fs.constants.O_CREAT
    const { root, handles } = this.shared
    return attempt('open', this.path, () =>
      handles.withRoom(() => fs.openSync(join(root, this.path), flags, 0o644)),
    )
  }

  private get fd(): number {
    return this.handle.fd
  }
  private get handle(): Handle {
    if (this.closed) throw new StorageError('use', this.path, 'EBADF')
    return this.shared.handles.use(this)
  }

  size(): number {
    return this.length
  }

  append(chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) this.write(this.length, chunk)
  }

  write(position: number, bytes: Uint8Array): void {
    const { fd } = this
    attempt('write', this.path, () => writeAll(fd, bytes, position))
    this.length = Math.max(this.length, position + bytes.length)
  }

  read(position: number, length: number): Uint8Array {
    const want = Math.max(0, Math.min(length, this.length - position))
    // Memory of its own, and not zeroed: only bytes that were read are returned.
    const memory = Buffer.allocUnsafeSlow(want)
    const { fd } = this
    const done = attempt('read', this.path, () => readAll(fd, memory, want, position))
    return new Uint8Array(memory.buffer, 0, done)
  }

  slice(position: number, length: number): DescriptorSlice {
    let held: Handle | undefined
    return {
      length,
      source: () => ({ fd: held?.fd ?? this.fd, position }),
      readInto: (into, at) => {
        const fd = held?.fd ?? this.fd
        const want = Math.min(into.length, length - at)
        return attempt('read', this.path, () => readAll(fd, into, want, position + at))
      },
      hold: () => {
        const { handle } = this
        held = handle
        handle.users++
        return () => this.shared.handles.leave(handle)
      },
    }
  }

  truncate(size: number): void {
    attempt('truncate', this.path, () => fs.ftruncateSync(this.fd, size))
    this.length = size
  }

  flush(done: (error?: StorageError) => void): void {
    if (this.closed) throw new StorageError('flush', this.path, 'EBADF')
    this.shared.flushes.add(() => this.startFlush(done))
  }

  private startFlush(done: (error?: StorageError) => void): void {
    const end = (error?: unknown) => {
      this.shared.flushes.ended()
      done(error ? storageError('fsync', this.path, error) : undefined)
    }
    if (this.closed) {
      this.flushClosed(end)
      return
    }
    try {
      const { handle } = this
      handle.users++
      fs.fsync(handle.fd, (error) => {
        this.shared.handles.leave(handle)
        end(error)
      })
    } catch (error) {
      setImmediate(end, error)
    }
  }

  /** The file was closed before its flush started: it is flushed all the same, unless it was removed. */
  private flushClosed(end: (error?: unknown) => void): void {
    fs.open(join(this.shared.root, this.path), 'r+', (error, fd) => {
      if (error) return end(error.code === 'ENOENT' ? undefined : error)
      fs.fsync(fd, (failure) => fs.close(fd, () => end(failure)))
    })
  }

  close(): void {
    this.shared.handles.release(this)
    this.closed = true
    this.shared.openFiles.delete(this)
  }
}

/** Open files by folder: renaming a folder changes their paths. Folders of partitions are flat. */
class OpenFiles {
  private readonly byFolder = new Map<string, Set<NodeFile>>()

  add(file: NodeFile): void {
    const folder = dirname(file.path)
    const files = this.byFolder.get(folder)
    if (files) files.add(file)
    else this.byFolder.set(folder, new Set([file]))
  }

  delete(file: NodeFile): void {
    const folder = dirname(file.path)
    const files = this.byFolder.get(folder)
    files?.delete(file)
    if (files?.size === 0) this.byFolder.delete(folder)
  }

  renamed(from: string, to: string): void {
    const inFolder = this.byFolder.get(from) ?? []
    const itself = [...(this.byFolder.get(dirname(from)) ?? [])].filter((file) => file.path === from)
    for (const file of [...inFolder, ...itself]) {
      this.delete(file)
      file.path = to + file.path.slice(from.length)
      this.add(file)
    }
  }
}

export class FileStorage implements Storage {
  private readonly root: string
  private readonly shared: Shared

  /** `root`: the log directory, created if missing. `handlesMax`: how many descriptors are kept open at most. */
  constructor(root: string, handlesMax = HANDLES_MAX) {
    this.root = root
    this.shared = {
      root,
      handles: new Handles(handlesMax),
      flushes: new Flushes(),
      openFiles: new OpenFiles(),
    }
    attempt('mkdir', root, () => fs.mkdirSync(root, { recursive: true }))
  }

  /** Files share the process's descriptors with connections: `onRanOut` is called when none was left for a file. */
  shareDescriptors(onRanOut: () => void): void {
    this.shared.handles.onRanOut = onRanOut
  }

  /** Closes files that are kept open for later use only. Returns false if there are too few. */
  makeRoom(): boolean {
    return this.shared.handles.makeRoom()
  }

  private full(path: string): string {
    return join(this.root, path)
  }

  open(path: string): StorageFile {
    try {
      return new NodeFile(path, this.shared)
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== 'ENOENT') throw error
      this.makeFolder(dirname(path))
      return new NodeFile(path, this.shared)
    }
  }

  exists(path: string): boolean {
    return fs.existsSync(this.full(path))
  }

  list(folder: string): string[] {
    return attempt('list', folder, () =>
      this.exists(folder) ? this.shared.handles.withRoom(() => fs.readdirSync(this.full(folder))).sort() : [],
    )
  }

  makeFolder(folder: string): void {
    attempt('mkdir', folder, () => fs.mkdirSync(this.full(folder), { recursive: true }))
  }

  capacity(): { totalBytes: number; usableBytes: number } {
    const { bsize, blocks, bavail } = attempt('statfs', '', () => fs.statfsSync(this.root))
    return { totalBytes: bsize * blocks, usableBytes: bsize * bavail }
  }

  rename(from: string, to: string): void {
    attempt('rename', from, () => fs.renameSync(this.full(from), this.full(to)))
    this.shared.openFiles.renamed(from, to)
  }

  remove(path: string): void {
    attempt('remove', path, () => this.shared.handles.withRoom(() => removeFiles(this.full(path))))
  }

  readFile(path: string): Uint8Array | undefined {
    return attempt('read', path, () => {
      try {
        return this.shared.handles.withRoom(() => new Uint8Array(fs.readFileSync(this.full(path))))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    })
  }

  writeFileAtomic(path: string, bytes: Uint8Array): void {
    const temporary = `${this.full(path)}.tmp`
    attempt('write', path, () => {
      fs.mkdirSync(dirname(temporary), { recursive: true })
      try {
        this.writeNew(temporary, bytes)
        fs.renameSync(temporary, this.full(path))
      } catch (error) {
        fs.rmSync(temporary, { force: true })
        throw error
      }
    })
  }

  private writeNew(file: string, bytes: Uint8Array): void {
    const fd = this.shared.handles.withRoom(() => fs.openSync(file, 'w', 0o644))
    try {
      writeAll(fd, bytes, 0)
      fs.fsyncSync(fd)
    } finally {
      fs.closeSync(fd)
    }
  }
}
