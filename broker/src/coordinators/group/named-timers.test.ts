import { expect, test } from 'vitest'
import { VirtualTime } from '../../sim/virtual-time.ts'
import { NamedTimers } from './named-timers.ts'

function stage() {
  const time = new VirtualTime(0)
  const timers = new NamedTimers({ set: (delayMs, fire) => time.after(delayMs, fire) })
  const fired: string[] = []
  const set = (name: string, delayMs: number, what = name): void =>
    timers.set(name, delayMs, () => fired.push(`${time.now()} ${what}`))
  return { time, timers, fired, set }
}

test('NAMED-TIMERS-1: setting a name again replaces its timer', () => {
  const { time, timers, fired, set } = stage()
  set('a', 10, 'old')
  set('b', 15)
  time.run(5)
  set('a', 10, 'new')
  time.run(100)
  expect(fired).toEqual(['15 b', '15 new'])
  expect(timers.has('a')).toBe(false)
})

test('NAMED-TIMERS-2: after close no timer fires', () => {
  const { time, timers, fired, set } = stage()
  set('a', 10)
  set('b', 20)
  timers.close()
  time.run(100)
  expect(fired).toEqual([])
})
