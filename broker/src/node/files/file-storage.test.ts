/** Storage in files, with far fewer descriptors than files. Storage in memory must behave alike. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { contents, produce, testLog } from '../../../test/log-fixtures.ts'
import { bytesOf, type Storage, StorageError } from '../../core.ts'
import { MemoryStorage } from '../../sim/memory-storage.ts'
import { FileStorage } from './file-storage.ts'

const roots: string[] = []
function folder(): string {
  const root = mkdtempSync(join(tmpdir(), 'offset-zero-storage-'))
  roots.push(root)
  return root
}
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true })
})

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (read: Uint8Array | undefined) => new TextDecoder().decode(read)

const makers: [string, () => Storage][] = [
  ['files', () => new FileStorage(folder(), 2)],
  ['memory', () => new MemoryStorage((event) => setImmediate(event))],
]

describe.each(makers)('storage in %s', (_, make) => {
  it('appends, writes in the middle, reads, truncates and extends', () => {
    const file = make().open('a/b')
    file.append([bytes('hello '), bytes('world')])
    file.write(0, bytes('J'))
    expect([file.size(), text(file.read(0, 100)), text(file.read(6, 3)), file.read(99, 5).length]).toEqual([
      11,
      'Jello world',
      'wor',
      0,
    ])
    file.truncate(2)
    file.truncate(4)
    expect([...file.read(0, 10)]).toEqual([74, 101, 0, 0])
  })

  it('MEMORY-STORAGE-1: returned bytes do not change with later writes', () => {
    const file = make().open('f')
    file.append([bytes('abc')])
    const before = file.read(0, 3)
    file.write(0, bytes('xyz'))
    expect(text(before)).toBe('abc')
  })

  it('FILE-HANDLES-1: slices are read in pieces, and a held slice outlives its file', () => {
    const storage = make()
    const file = storage.open('t-0/log')
    file.append([bytes('0123456789')])
    const slice = file.slice(2, 6)
    const piece = new Uint8Array(4)
    const read = (at: number) => text(piece.subarray(0, slice.readInto(piece, at)))
    expect([slice.length, read(0), read(4), read(6), text(bytesOf(slice))]).toEqual([
      6,
      '2345',
      '67',
      '',
      '234567',
    ])
    const letGo = slice.hold()
    file.close()
    storage.remove('t-0')
    for (const other of ['a', 'b', 'c']) storage.open(other).append([bytes('other')])
    expect(read(0)).toBe('2345')
    letGo()
  })

  it('lists, renames and removes folders with their contents', () => {
    const storage = make()
    const file = storage.open('t-0/one')
    storage.open('t-0/two')
    storage.open('t-1/three')
    expect([storage.list('t-0'), storage.list(''), storage.list('none')]).toEqual([
      ['one', 'two'],
      ['t-0', 't-1'],
      [],
    ])
    storage.rename('t-0', 'gone')
    file.append([bytes('still here')])
    expect(text(storage.readFile('gone/one'))).toBe('still here')
    storage.remove('gone')
    storage.remove('gone')
    expect([storage.exists('gone'), storage.exists('t-1/three'), storage.readFile('gone/one')]).toEqual([
      false,
      true,
      undefined,
    ])
  })

  it('replaces a file as a whole', () => {
    const storage = make()
    storage.writeFileAtomic('x/y', bytes('longer at first'))
    storage.writeFileAtomic('x/y', bytes('short'))
    expect([text(storage.readFile('x/y')), storage.list('x')]).toEqual(['short', ['y']])
  })

  it('completes a flush later, not within the call', async () => {
    const file = make().open('f')
    file.append([bytes('a')])
    let within = true
    const error = await new Promise((resolve) => {
      file.flush((failure) => resolve(within ? 'within the call' : failure))
      within = false
    })
    expect(error).toBeUndefined()
  })

  it('throws on a closed file', () => {
    const file = make().open('f')
    file.close()
    expect(() => file.append([bytes('a')])).toThrow(StorageError)
  })
})

describe('files', () => {
  it('may be more than the open descriptors', () => {
    const root = folder()
    const storage = new FileStorage(root, 8)
    const before = readdirSync('/proc/self/fd').length
    const files = Array.from({ length: 200 }, (_, i) => storage.open(`f${i}`))
    for (let round = 0; round < 3; round++) for (const file of files) file.append([bytes('x')])
    expect(readdirSync('/proc/self/fd').length - before).toBeLessThanOrEqual(9)
    expect(readFileSync(join(root, 'f0'), 'utf8')).toBe('xxx')
  })

  it('FILE-STORAGE-3: errors name the operation and the reason', () => {
    const storage = new FileStorage(folder())
    expect(() => storage.rename('none', 'other')).toThrow(
      expect.objectContaining({ code: 'ENOENT', path: 'none' }),
    )
  })

  it('keep a log over a restart', () => {
    const root = folder()
    const log = testLog({ storage: new FileStorage(root, 3), config: { segmentBytes: 300 } })
    for (let i = 0; i < 20; i++) produce(log, [`${i}`])
    const before = contents(log)
    log.close()
    chmodSync(root, 0o755)
    expect(contents(testLog({ storage: new FileStorage(root, 3), clean: true }))).toEqual(before)
  })
})
