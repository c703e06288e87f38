import { expect, test } from 'vitest'
import { VirtualTime } from '../../sim/virtual-time.ts'
import { NamedTimers } from './named-timers.ts'

function stage(queued?: (() => void)[]) {
  const time = new VirtualTime(0)
  const run = (work: () => void): void => {
    if (queued) queued.push(work)
    else work()
  }
  const timers = new NamedTimers({ set: (delayMs, fire) => time.after(delayMs, fire) }, run)
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

test('NAMED-TIMERS-3: a timer that is cancelled or replaced while its work is queued does not fire', () => {
  const queued: (() => void)[] = []
  const { time, timers, fired, set } = stage(queued)
  for (const name of ['cancelled', 'replaced', 'kept']) set(name, 10)
  time.run(10)
  expect(queued).toHaveLength(3)
  timers.cancel('cancelled')
  set('replaced', 10, 'the new one')
  for (const work of queued.splice(0)) work()
  expect(fired).toEqual(['10 kept'])
  time.run(10)
  for (const work of queued.splice(0)) work()
  expect(fired).toEqual(['10 kept', '20 the new one'])
})
