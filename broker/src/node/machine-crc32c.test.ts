import { afterEach, describe, expect, test } from 'vitest'
import { diceOf } from '../sim/seeded-random.ts'
import { crc32c, crc32cByTables, useMachineCode } from '../wire/crc32c.ts'
import { machineCrc32c } from './machine-crc32c.ts'

describe('the checksum in machine code', () => {
  afterEach(() => useMachineCode(undefined))

  test('MACHINE-CRC32C-1: gives the same as the tables, for any length and any alignment', () => {
    const int = diceOf(7)
    const bytes = Uint8Array.from({ length: 70_000 }, () => int(256))
    useMachineCode(machineCrc32c())
    for (let turn = 0; turn < 300; turn++) {
      const start = int(bytes.length)
      const end = start + int(bytes.length - start + 1)
      expect(crc32c(bytes, start, end)).toBe(crc32cByTables(bytes, start, end))
    }
  })

  test.each([
    [
      'is not there',
      () => {
        throw new Error("Cannot find module '@node-rs/crc32'")
      },
    ],
    ['has another checksum', () => ({ crc32c: () => 42 })],
    ['lacks this one', () => ({})],
  ])('MACHINE-CRC32C-1: is not used when the package %s', (_, load) => {
    useMachineCode(machineCrc32c(load))
    const bytes = new Uint8Array(4096).fill(7)
    expect(crc32c(bytes)).toBe(crc32cByTables(bytes))
  })

  test('is used for long inputs only: a call costs more than a few bytes by table', () => {
    let calls = 0
    useMachineCode((bytes) => {
      calls++
      return crc32cByTables(bytes)
    })
    crc32c(new Uint8Array(4096), 0, 100)
    expect(calls).toBe(0)
    crc32c(new Uint8Array(4096))
    expect(calls).toBe(1)
  })
})
