/** A system that writes or reads fewer bytes than requested, which it may do at any time. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FileStorage } from './file-storage.ts'

/** How many bytes a call writes or reads at most. 0: it writes nothing and reports no error. */
const limit = vi.hoisted(() => ({ write: 7, read: 5 }))

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  type Args = [fd: number, bytes: NodeJS.ArrayBufferView, offset: number, length: number, position: number]
  return {
    ...fs,
    writeSync: (...[fd, bytes, offset = 0, length = bytes.byteLength, position]: Args) =>
      limit.write && fs.writeSync(fd, bytes, offset, Math.min(length, limit.write), position),
    readSync: (...[fd, bytes, offset, length, position]: Args) =>
      fs.readSync(fd, bytes, offset, Math.min(length, limit.read), position),
  }
})

const BYTES = Uint8Array.from({ length: 100 }, (_, i) => i)
let folder: string
let storage: FileStorage

beforeEach(() => {
  Object.assign(limit, { write: 7, read: 5 })
  folder = mkdtempSync(join(tmpdir(), 'short-writes-'))
  storage = new FileStorage(folder)
})
afterEach(() => rmSync(folder, { recursive: true }))

test('FILE-STORAGE-4: all appended bytes are written, and all are read', () => {
  const file = storage.open('log')
  file.append([BYTES, BYTES])
  expect(file.read(0, 200)).toEqual(new Uint8Array([...BYTES, ...BYTES]))
  const into = new Uint8Array(100)
  expect(file.slice(50, 120).readInto(into, 10)).toBe(100)
  expect(into).toEqual(file.read(60, 100))
  file.close()
})

test('FILE-STORAGE-4: a replaced file has all of its bytes', () => {
  storage.writeFileAtomic('checkpoint', BYTES)
  expect(storage.readFile('checkpoint')).toEqual(BYTES)
  expect(readdirSync(folder)).toEqual(['checkpoint'])
})

test('FILE-STORAGE-4: a failed replacement leaves the old file unchanged, and no other file', () => {
  storage.writeFileAtomic('checkpoint', BYTES)
  limit.write = 0
  expect(() => storage.writeFileAtomic('checkpoint', new Uint8Array(200))).toThrow('write checkpoint: EIO')
  expect(storage.readFile('checkpoint')).toEqual(BYTES)
  expect(readdirSync(folder)).toEqual(['checkpoint'])
  const file = storage.open('log')
  expect(() => file.append([BYTES])).toThrow('write log: EIO')
  file.close()
})
