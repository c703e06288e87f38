import { expect, test } from 'vitest'
import { MachineClock, VirtualTime } from './virtual-time.ts'

test('VIRTUAL-TIME-1: events happen in the order of their times, simultaneous ones in the order of their calls', () => {
  const time = new VirtualTime(0)
  const happened: string[] = []
  for (const [delayMs, name] of [
    [7, 'c'],
    [3, 'a'],
    [7, 'd'],
    [3, 'b'],
    [-5, 'now'],
  ] as const) {
    time.after(delayMs, () => happened.push(`${time.now()} ${name}`))
  }
  time.run(5)
  time.after(2, () => happened.push(`${time.now()} e`))
  time.run(5)
  expect(happened).toEqual(['0 now', '3 a', '3 b', '7 c', '7 d', '7 e'])
  expect(time.now()).toBe(10)
})

test('VIRTUAL-TIME-2: no event happens within the call that scheduled it', () => {
  const time = new VirtualTime(0)
  let isHappening = false
  time.after(0, () => {
    isHappening = true
  })
  expect(isHappening).toBe(false)
  time.run(0)
  expect(isHappening).toBe(true)
})

test('VIRTUAL-TIME-3: setting the clock affects the wall clock only', () => {
  const time = new VirtualTime(1000)
  const clock = new MachineClock(time)
  let firedAt: number | undefined
  time.after(50, () => {
    firedAt = clock.monotonicMs()
  })
  clock.jump(3_600_000)
  expect([clock.now(), clock.monotonicMs()]).toEqual([3_601_000, 0])
  time.run(60)
  expect(firedAt).toBe(50)
  clock.jump(-7_200_000)
  expect([clock.now(), clock.monotonicMs()]).toEqual([1060 - 3_600_000, 60])
})
