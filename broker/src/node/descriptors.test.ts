/** When file descriptors run out: said once in a while, and room is made. */
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

test('DESCRIPTORS-1, DESCRIPTORS-2: connections near the limit make files give way, and are told of once a minute', () => {
  const { descriptors, told, rooms, time } = watched()
  expect(descriptors.mayKeep(1007)).toBe(true)
  expect([told, rooms()]).toEqual([[], 0])
  expect(descriptors.mayKeep(1008)).toBe(true)
  expect(descriptors.mayKeep(1023)).toBe(true)
  // No more files to close: the connection is.
  expect(descriptors.mayKeep(1023)).toBe(false)
  descriptors.ranOut()
  expect(rooms()).toBe(3)
  expect(told).toHaveLength(1)
  expect(told[0]).toMatch(/^warn file descriptors run out, 1009 of 1024 are in use: .*ulimit -n/)
  time.now = 60_000
  descriptors.ranOut()
  expect(told[1]).toContain('all 1024 are in use')
})
