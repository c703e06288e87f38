/**
 * Storage in memory: for tests, for a broker without a data folder, and for the one in a page.
 *
 * A folder is a map of names, a file a growing array of bytes. Data is lost only with the process, so `flush` has nothing
 * to do. It completes in an event of its own all the same, because the core must not be called back within its own call
 * (core.ts).
 *
 *   'orders-0/00000000000000000000.log' -> [ bytes ......... | room ]
 *                                                  length ^
 *
 * MEMORY-STORAGE-1  a read returns a copy: later writes do not change it
 * MEMORY-STORAGE-2  a handle stays valid when its file is renamed or removed (as in POSIX)
 */
import { type FileSlice, type Storage, StorageError, type StorageFile } from '../core.ts'

/** The bytes of one file, shared by its handles. */
class Content {
  bytes = new Uint8Array(0)
  length = 0

  resize(length: number): void {
    if (length > this.bytes.length) {
      const bigger = new Uint8Array(Math.max(length, this.bytes.length * 1.5, 256))
      bigger.set(this.bytes.subarray(0, this.length))
      this.bytes = bigger
    }
    if (length < this.length) this.bytes.fill(0, length, this.length)
    this.length = length
  }

  write(position: number, bytes: Uint8Array): void {
    if (position + bytes.length > this.length) this.resize(position + bytes.length)
    this.bytes.set(bytes, position)
  }
}

class MemoryFile implements StorageFile {
  private readonly path: string
  private readonly content: Content
  private readonly later: (event: () => void) => void
  private readonly flushFailure: () => string | undefined
  private open = true

  constructor(
    path: string,
    content: Content,
    later: (event: () => void) => void,
    flushFailure: () => string | undefined,
  ) {
    this.path = path
    this.content = content
    this.later = later
    this.flushFailure = flushFailure
  }

  private failure(): StorageError | undefined {
    const code = this.flushFailure()
    return code === undefined ? undefined : new StorageError('flush', this.path, code)
  }

  private use(): Content {
    if (!this.open) throw new StorageError('use', this.path, 'EBADF')
    return this.content
  }

  size(): number {
    return this.use().length
  }
  append(chunks: readonly Uint8Array[]): void {
    const content = this.use()
    for (const chunk of chunks) content.write(content.length, chunk)
  }
  write(position: number, bytes: Uint8Array): void {
    this.use().write(position, bytes)
  }
  read(position: number, length: number): Uint8Array {
    const content = this.use()
    return content.bytes.slice(position, Math.min(position + length, content.length))
  }
  slice(position: number, length: number): FileSlice {
    const content = this.use()
    return {
      length,
      readInto: (into, at) => {
        const end = Math.min(position + length, position + at + into.length)
        into.set(content.bytes.subarray(position + at, end))
        return end - position - at
      },
      hold: () => () => {},
    }
  }
  truncate(size: number): void {
    this.use().resize(size)
  }
  flush(done: (error?: StorageError) => void): void {
    this.use()
    this.later(() => done(this.failure()))
  }
  close(): void {
    this.open = false
  }
}

type Folder = Map<string, Content | Folder>

export class MemoryStorage implements Storage {
  private readonly root: Folder = new Map()
  private readonly events: (() => void)[] = []
  private failing: string | undefined
  private readonly later: (event: () => void) => void

  /** `later` calls back in an event of its own; without it, flushes complete when `finishFlushes` is called. */
  constructor(later?: (event: () => void) => void) {
    this.later = later ?? ((event) => this.events.push(event))
  }

  /** For tests: from now on flushes fail with this code. */
  failFlushes(code: string): void {
    this.failing = code
  }

  /** For tests: completes all pending flushes. */
  finishFlushes(): void {
    for (const event of this.events.splice(0)) event()
  }

  private find(path: string): Content | Folder | undefined {
    let node: Content | Folder | undefined = this.root
    for (const name of namesOf(path)) {
      if (!(node instanceof Map)) return undefined
      node = node.get(name)
    }
    return node
  }

  /** The folder at `path`, created if it does not exist. */
  private folder(path: string): Folder {
    let folder = this.root
    for (const name of namesOf(path)) {
      let next = folder.get(name)
      if (!next) {
        next = new Map()
        folder.set(name, next)
      }
      if (!(next instanceof Map)) throw new StorageError('mkdir', path, 'ENOTDIR')
      folder = next
    }
    return folder
  }

  open(path: string): StorageFile {
    const { folder, name } = split(path)
    const within = this.folder(folder)
    let content = within.get(name)
    if (content instanceof Map) throw new StorageError('open', path, 'EISDIR')
    if (!content) {
      content = new Content()
      within.set(name, content)
    }
    return new MemoryFile(path, content, this.later, () => this.failing)
  }

  exists(path: string): boolean {
    return this.find(path) !== undefined
  }

  list(folder: string): string[] {
    const found = this.find(folder)
    return found instanceof Map ? [...found.keys()].sort() : []
  }

  makeFolder(folder: string): void {
    this.folder(folder)
  }

  /** Unknown: it depends on the process's memory. */
  capacity(): undefined {
    return undefined
  }

  rename(from: string, to: string): void {
    const node = this.find(from)
    if (!node) throw new StorageError('rename', from, 'ENOENT')
    this.remove(from)
    const { folder, name } = split(to)
    this.folder(folder).set(name, node)
  }

  remove(path: string): void {
    const { folder, name } = split(path)
    const within = this.find(folder)
    if (within instanceof Map) within.delete(name)
  }

  readFile(path: string): Uint8Array | undefined {
    const content = this.find(path)
    return content instanceof Content ? content.bytes.slice(0, content.length) : undefined
  }

  writeFileAtomic(path: string, bytes: Uint8Array): void {
    const content = new Content()
    content.write(0, bytes)
    const { folder, name } = split(path)
    this.folder(folder).set(name, content)
  }
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.')
}

function split(path: string): { folder: string; name: string } {
  const at = path.lastIndexOf('/')
  return { folder: path.slice(0, Math.max(0, at)), name: path.slice(at + 1) }
}
