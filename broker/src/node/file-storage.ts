/**
 * Storage in files: the core's synchronous calls go straight to the operating system.
 *
 * A write ends in the page cache, which takes microseconds; that is why it may be synchronous (core.ts). Only
 * `flush` waits for the disk: fsync runs in Node's thread pool and answers by an event.
 *
 * A partition has three files at least, and a process some thousand descriptors. So a StorageFile is a path
 * that opens when it is used; the handles used least lately are closed again.
 *
 *   StorageFile 'orders-0/…042.log' ---uses---> Handles: path -> descriptor, at most 1,000, oldest use first
 *
 * S1  a file's length is known here, for nobody else writes it: no stat before an append
 * S2  a descriptor with an fsync under way is not closed before the fsync is done
 * S3  errors are StorageErrors with the system's code: ENOSPC, EACCES, EROFS, …
 */
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { type Storage, StorageError, type StorageFile } from '../core.ts'

const HANDLES_MAX = 1000

/** Runs a system call; what it throws becomes a StorageError (S3). */
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

interface Handle {
  readonly fd: number
  /** fsyncs under way (S2). */
  flushing: number
  evicted: boolean
}

/** Open descriptors, the one that was used last at the end. */
class Handles {
  private readonly open = new Map<FileHandleOwner, Handle>()
  private readonly max: number

  constructor(max: number) {
    this.max = max
  }

  use(owner: FileHandleOwner): Handle {
    let handle = this.open.get(owner)
    // The one in use stays in use: no need to move it when it is the newest of few.
    if (handle && this.open.size < this.max / 2) return handle
    if (handle) this.open.delete(owner)
    else handle = { fd: owner.openDescriptor(), flushing: 0, evicted: false }
    this.open.set(owner, handle)
    if (this.open.size > this.max) this.release(this.open.keys().next().value!)
    return handle
  }

  release(owner: FileHandleOwner): void {
    const handle = this.open.get(owner)
    if (!handle) return
    this.open.delete(owner)
    handle.evicted = true
    this.closeWhenIdle(handle)
  }

  closeWhenIdle(handle: Handle): void {
    if (handle.evicted && handle.flushing === 0) fs.closeSync(handle.fd)
  }
}

interface FileHandleOwner {
  openDescriptor(): number
}

class NodeFile implements StorageFile, FileHandleOwner {
  /** Changes when the folder is renamed. */
  path: string
  private readonly root: string
  private readonly handles: Handles
  private readonly forget: (file: NodeFile) => void
  private length: number
  private closed = false

  constructor(root: string, path: string, handles: Handles, forget: (file: NodeFile) => void) {
    this.root = root
    this.path = path
    this.handles = handles
    this.forget = forget
    this.length = attempt('open', path, () => fs.fstatSync(this.fd).size)
  }

  openDescriptor(): number {
    const flags = fs.constants.O_RDWR | fs.constants.O_CREAT
    return attempt('open', this.path, () => fs.openSync(join(this.root, this.path), flags, 0o644))
  }

  private get fd(): number {
    return this.handle.fd
  }
  private get handle(): Handle {
    if (this.closed) throw new StorageError('use', this.path, 'EBADF')
    return this.handles.use(this)
  }

  size(): number {
    return this.length
  }

  append(chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) this.write(this.length, chunk)
  }

  write(position: number, bytes: Uint8Array): void {
    const { fd } = this
    attempt('write', this.path, () => {
      for (let done = 0; done < bytes.length; ) {
        done += fs.writeSync(fd, bytes, done, bytes.length - done, position + done)
      }
    })
    this.length = Math.max(this.length, position + bytes.length)
  }

  read(position: number, length: number): Uint8Array {
    const want = Math.max(0, Math.min(length, this.length - position))
    // Memory of its own, not zeroed first: every byte that is handed out was read.
    const memory = Buffer.allocUnsafeSlow(want)
    let done = 0
    const { fd } = this
    attempt('read', this.path, () => {
      while (done < want) {
        const got = fs.readSync(fd, memory, done, want - done, position + done)
        if (got === 0) break
        done += got
      }
    })
    return new Uint8Array(memory.buffer, 0, done)
  }

  truncate(size: number): void {
    attempt('truncate', this.path, () => fs.ftruncateSync(this.fd, size))
    this.length = size
  }

  flush(done: (error?: StorageError) => void): void {
    const { handle } = this
    handle.flushing++
    fs.fsync(handle.fd, (error) => {
      handle.flushing--
      this.handles.closeWhenIdle(handle)
      done(error ? storageError('fsync', this.path, error) : undefined)
    })
  }

  close(): void {
    this.handles.release(this)
    this.closed = true
    this.forget(this)
  }
}

export class FileStorage implements Storage {
  private readonly root: string
  private readonly handles: Handles
  /** Open files by path: a rename takes them along. */
  private readonly files = new Set<NodeFile>()

  /** `root`: the log directory, made when it is not there; `handlesMax`: descriptors kept open at most. */
  constructor(root: string, handlesMax = HANDLES_MAX) {
    this.root = root
    this.handles = new Handles(handlesMax)
    attempt('mkdir', root, () => fs.mkdirSync(root, { recursive: true }))
  }

  private full(path: string): string {
    return join(this.root, path)
  }

  open(path: string): StorageFile {
    const make = () => new NodeFile(this.root, path, this.handles, (closed) => this.files.delete(closed))
    let file: NodeFile
    try {
      file = make()
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== 'ENOENT') throw error
      this.makeFolder(dirname(path))
      file = make()
    }
    this.files.add(file)
    return file
  }

  exists(path: string): boolean {
    return fs.existsSync(this.full(path))
  }

  list(folder: string): string[] {
    return attempt('list', folder, () =>
      this.exists(folder) ? fs.readdirSync(this.full(folder)).sort() : [],
    )
  }

  makeFolder(folder: string): void {
    attempt('mkdir', folder, () => fs.mkdirSync(this.full(folder), { recursive: true }))
  }

  rename(from: string, to: string): void {
    attempt('rename', from, () => fs.renameSync(this.full(from), this.full(to)))
    for (const file of this.files) {
      if (file.path === from || file.path.startsWith(`${from}/`))
        file.path = to + file.path.slice(from.length)
    }
  }

  remove(path: string): void {
    attempt('remove', path, () => fs.rmSync(this.full(path), { recursive: true, force: true }))
  }

  readFile(path: string): Uint8Array | undefined {
    return attempt('read', path, () => {
      try {
        return new Uint8Array(fs.readFileSync(this.full(path)))
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
      const fd = fs.openSync(temporary, 'w', 0o644)
      try {
        fs.writeSync(fd, bytes)
        fs.fsyncSync(fd)
      } finally {
        fs.closeSync(fd)
      }
      fs.renameSync(temporary, this.full(path))
    })
  }
}
