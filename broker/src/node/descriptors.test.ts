/** Few or no file descriptors are left: a warning is logged, and files are closed to make room. */
import { expect, test } from 'vitest'
import { Descriptors } from './descriptors.ts'

function watched() {
  const told: string[] = []
  let rooms = 0
  const time = { now: 0 }
  const descriptors = new Descriptors({
    log: (level, message) => void told.push(`${level} ${message}`),
    makeRoom: () => ++rooms <= 2,
    max: 1024,
    nowMs: () => time.now,
  })
  return { descriptors, told, rooms: () => rooms, time }
}

test('DESCRIPTORS-1, DESCRIPTORS-2: near the limit, idle files are closed for connections, and a warning is logged once a minute', () => {
  const { descriptors, told, rooms, time } = watched()
  expect(descriptors.mayKeep(1007)).toBe(true)
  expect([told, rooms()]).toEqual([[], 0])
  expect(descriptors.mayKeep(1008)).toBe(true)
  expect(descriptors.mayKeep(1023)).toBe(true)
  // No idle files are left to close, so the connection is closed.
  expect(descriptors.mayKeep(1023)).toBe(false)
  descriptors.ranOut()
  expect(rooms()).toBe(3)
  expect(told).toHaveLength(1)
  expect(told[0]).toMatch(/^warn file descriptors run out, 1009 of 1024 are in use: .*ulimit -n/)
  time.now = 60_000
  descriptors.ranOut()
  expect(told[1]).toContain('all 1024 are in use')
})
