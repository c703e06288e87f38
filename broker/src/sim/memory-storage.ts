/**
 * Storage in memory: for tests, for a broker without a data folder, and for the one in a page.
 *
 * A path maps to a growing array of bytes; a folder is there when a path begins with it. Nothing is lost but
 * with the process, so `flush` has nothing to do. It answers in an event of its own all the same, for the
 * core may not be called from within a call that it made (core.ts).
 *
 *   'orders-0/00000000000000000000.log' -> [ bytes ......... | room ]
 *                                                  length ^
 *
 * M1  a read gives fresh memory: later writes do not change it
 * M2  a handle stays good when its file is renamed, and when it is removed (as in POSIX)
 */
import { type Storage, StorageError, type StorageFile } from '../core.ts'

/** The bytes of one file; handles share it. */
class Content {
  bytes = new Uint8Array(0)
  length = 0

  resize(length: number): void {
    if (length > this.bytes.length) {
      const bigger = new Uint8Array(
        Math.max(length, Math.min(this.bytes.length * 2, this.bytes.length + 16_777_216), 256),
      )
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
  private open = true

  constructor(path: string, content: Content, later: (event: () => void) => void) {
    this.path = path
    this.content = content
    this.later = later
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
  truncate(size: number): void {
    this.use().resize(size)
  }
  flush(done: (error?: StorageError) => void): void {
    this.use()
    this.later(() => done())
  }
  close(): void {
    this.open = false
  }
}

export class MemoryStorage implements Storage {
  private readonly files = new Map<string, Content>()
  private readonly folders = new Set<string>()
  private readonly events: (() => void)[] = []
  private readonly later: (event: () => void) => void

  /** `later` calls back in an event of its own; without it, flushes end when `finishFlushes` is called. */
  constructor(later?: (event: () => void) => void) {
    this.later = later ?? ((event) => this.events.push(event))
  }

  /** For tests: lets every flush that was asked for end now. */
  finishFlushes(): void {
    for (const event of this.events.splice(0)) event()
  }

  open(path: string): StorageFile {
    let content = this.files.get(path)
    if (!content) {
      content = new Content()
      this.files.set(path, content)
      this.makeFolder(parentOf(path))
    }
    return new MemoryFile(path, content, this.later)
  }

  exists(path: string): boolean {
    return this.files.has(path) || this.folders.has(path)
  }

  list(folder: string): string[] {
    const prefix = folder === '' || folder === '.' ? '' : `${folder}/`
    const names = new Set<string>()
    for (const path of [...this.files.keys(), ...this.folders]) {
      if (path.startsWith(prefix) && path.length > prefix.length)
        names.add(path.slice(prefix.length).split('/')[0]!)
    }
    return [...names].sort()
  }

  makeFolder(folder: string): void {
    for (let path = folder; path !== ''; path = parentOf(path)) this.folders.add(path)
  }

  rename(from: string, to: string): void {
    if (!this.exists(from)) throw new StorageError('rename', from, 'ENOENT')
    for (const [path, content] of [...this.files]) {
      if (!isWithin(path, from)) continue
      this.files.delete(path)
      this.files.set(to + path.slice(from.length), content)
    }
    for (const path of [...this.folders]) {
      if (!isWithin(path, from)) continue
      this.folders.delete(path)
      this.makeFolder(to + path.slice(from.length))
    }
  }

  remove(path: string): void {
    for (const file of [...this.files.keys()]) if (isWithin(file, path)) this.files.delete(file)
    for (const folder of [...this.folders]) if (isWithin(folder, path)) this.folders.delete(folder)
  }

  readFile(path: string): Uint8Array | undefined {
    const content = this.files.get(path)
    return content?.bytes.slice(0, content.length)
  }

  writeFileAtomic(path: string, bytes: Uint8Array): void {
    const content = new Content()
    content.write(0, bytes)
    this.files.set(path, content)
    this.makeFolder(parentOf(path))
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}
