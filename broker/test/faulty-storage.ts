/**
 * A storage that fails on demand: full, read-only, broken, or gone with the process.
 *
 *   const disk = new FaultyStorage(new MemoryStorage())
 *   disk.fail = ({ operation, path }) => (operation === 'append' && path.endsWith('.log') ? 'ENOSPC' : undefined)
 *
 * FAULTY-STORAGE-1  a failed operation has done nothing, except an append with `tornBytes`: it has written so many
 *     bytes
 * FAULTY-STORAGE-2  earlier writes are kept, and can be read from the storage below
 */
import { type FileSlice, type Storage, StorageError, type StorageFile } from '../src/core.ts'

export type Operation =
  | 'open'
  | 'append'
  | 'write'
  | 'read'
  | 'truncate'
  | 'flush'
  | 'list'
  | 'makeFolder'
  | 'rename'
  | 'remove'
  | 'readFile'
  | 'writeFileAtomic'

export interface Attempted {
  readonly operation: Operation
  readonly path: string
}

/** Operations that need space. */
const WRITES: readonly Operation[] = ['append', 'write', 'writeFileAtomic']

/** Operations that change the disk. */
export const CHANGES: readonly Operation[] = [
  'append',
  'write',
  'truncate',
  'rename',
  'remove',
  'writeFileAtomic',
]

export class FaultyStorage implements Storage {
  /** The error code of this operation ('ENOSPC', 'EIO', 'EROFS'); undefined: it succeeds. */
  fail: (attempted: Attempted) => string | undefined = () => undefined
  /** How many bytes a failing append writes (FAULTY-STORAGE-1). */
  tornBytes = 0
  private readonly below: Storage

  constructor(below: Storage) {
    this.below = below
  }

  /** The process ends before its `count`-th change of the disk from now on: nothing is written after that. */
  dieAfter(count: number): void {
    let left = count
    this.fail = ({ operation }) => {
      if (CHANGES.includes(operation) && left-- > 0) return undefined
      return CHANGES.includes(operation) || left < 0 ? 'dead' : undefined
    }
  }

  /** The `count`-th write from now on, and all after it, find the disk full. */
  fillUpAfter(count: number): void {
    let left = count
    this.fail = ({ operation }) => (WRITES.includes(operation) && left-- <= 0 ? 'ENOSPC' : undefined)
  }

  private check(operation: Operation, path: string): void {
    const code = this.fail({ operation, path })
    if (code !== undefined) throw new StorageError(operation, path, code)
  }

  private attempt<T>(operation: Operation, path: string, work: () => T): T {
    this.check(operation, path)
    return work()
  }

  open(path: string): StorageFile {
    const file = this.attempt('open', path, () => this.below.open(path))
    return {
      size: () => file.size(),
      append: (chunks) => this.append(file, path, chunks),
      write: (position, bytes) => this.attempt('write', path, () => file.write(position, bytes)),
      read: (position, length) => this.attempt('read', path, () => file.read(position, length)),
      slice: (position, length): FileSlice => file.slice(position, length),
      truncate: (size) => this.attempt('truncate', path, () => file.truncate(size)),
      flush: (done) => this.flush(file, path, done),
      close: () => file.close(),
    }
  }

  private append(file: StorageFile, path: string, chunks: readonly Uint8Array[]): void {
    try {
      this.check('append', path)
    } catch (error) {
      if (this.tornBytes > 0) file.append([chunks[0]!.subarray(0, this.tornBytes)])
      throw error
    }
    file.append(chunks)
  }

  private flush(file: StorageFile, path: string, done: (error?: StorageError) => void): void {
    const code = this.fail({ operation: 'flush', path })
    file.flush(() => done(code === undefined ? undefined : new StorageError('fsync', path, code)))
  }

  exists(path: string): boolean {
    return this.below.exists(path)
  }
  list(folder: string): string[] {
    return this.attempt('list', folder, () => this.below.list(folder))
  }
  makeFolder(folder: string): void {
    this.attempt('makeFolder', folder, () => this.below.makeFolder(folder))
  }
  rename(from: string, to: string): void {
    this.attempt('rename', from, () => this.below.rename(from, to))
  }
  remove(path: string): void {
    this.attempt('remove', path, () => this.below.remove(path))
  }
  readFile(path: string): Uint8Array | undefined {
    return this.attempt('readFile', path, () => this.below.readFile(path))
  }
  capacity() {
    return this.below.capacity()
  }
  writeFileAtomic(path: string, bytes: Uint8Array): void {
    this.attempt('writeFileAtomic', path, () => this.below.writeFileAtomic(path, bytes))
  }
}
