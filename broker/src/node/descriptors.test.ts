/** When file descriptors run out: said once in a while, and room is made. */
import { expect, test } from 'vitest'
import { Descriptors } from './descriptors.ts'

function watched() {
  const told: string[] = []
  let rooms = 0
  const time = { now: 0 }
  const descriptors = new Descriptors({
    log: (level, message) => void told.push(`${level} ${message}`),
    makeRoom: () => void rooms++,
    max: 1024,
    nowMs: () => time.now,
  })
  return { descriptors, told, rooms: () => rooms, time }
}

test('N1, N2: connections near the limit make files give way, and are told of once a minute', () => {
  const { descriptors, told, rooms, time } = watched()
  descriptors.taken(1007)
  expect([told, rooms()]).toEqual([[], 0])
  descriptors.taken(1008)
  descriptors.taken(1023)
  descriptors.ranOut()
  expect(rooms()).toBe(2)
  expect(told).toHaveLength(1)
  expect(told[0]).toMatch(/^warn file descriptors run out, 1009 of 1024 are in use: .*ulimit -n/)
  time.now = 60_000
  descriptors.ranOut()
  expect(told[1]).toContain('all 1024 are in use')
})
