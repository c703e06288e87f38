import { expect, test } from 'vitest'
import type { Timers } from '../core.ts'
import { VirtualTime } from '../sim/virtual-time.ts'
import { Turns } from '../turns.ts'
import { Purgatory } from './purgatory.ts'

/** Timers that the test fires itself. */
function stage() {
  const pending: { delayMs: number; fire: () => void }[] = []
  const timers: Timers = {
    set: (delayMs, fire) => {
      const timer = { delayMs, fire }
      pending.push(timer)
      return { cancel: () => void pending.splice(pending.indexOf(timer), 1) }
    },
  }
  const events: string[] = []
  const purgatory = new Purgatory(timers)
  const wait = (name: string, keys: string[], ready: () => boolean): (() => void) => {
    const tryComplete = (): boolean => {
      if (!ready()) return false
      events.push(`${name} completed`)
      return true
    }
    const expire = (): void => void events.push(`${name} expired`)
    return purgatory.tryCompleteElseWatch({ tryComplete, tryCompleteFor: tryComplete, expire }, keys, 500)
  }
  return { pending, events, purgatory, wait }
}

test('an operation that can complete at once is not watched', () => {
  const { purgatory, wait, events, pending } = stage()
  wait('fetch', ['a-0'], () => true)
  expect(events).toEqual(['fetch completed'])
  expect([purgatory.waiting, pending.length]).toEqual([0, 0])
})

test('PURGATORY-1: completed by a change of its key, and its timer is cancelled', () => {
  const { purgatory, wait, events, pending } = stage()
  let ready = false
  wait('fetch', ['a-0', 'b-1'], () => ready)
  purgatory.check('b-1')
  purgatory.check('c-0')
  expect(events).toEqual([])
  ready = true
  purgatory.check('b-1')
  purgatory.check('a-0')
  expect(events).toEqual(['fetch completed'])
  expect([purgatory.waiting, pending.length]).toEqual([0, 0])
})

test('PURGATORY-1: expired by its timer, and not completed afterwards', () => {
  const { purgatory, wait, events, pending } = stage()
  let ready = false
  wait('fetch', ['a-0'], () => ready)
  expect(pending[0]!.delayMs).toBe(500)
  pending[0]!.fire()
  ready = true
  purgatory.check('a-0')
  expect(events).toEqual(['fetch expired'])
  expect(purgatory.waiting).toBe(0)
})

test('PURGATORY-2: a completion that changes the same key: no operation ends twice', () => {
  const { purgatory, wait, events } = stage()
  let ready = false
  wait('first', ['a-0'], () => ready)
  wait('second', ['a-0'], () => {
    if (ready) purgatory.check('a-0')
    return ready
  })
  ready = true
  purgatory.check('a-0')
  expect(events).toEqual(['first completed', 'second completed'])
})

test('expireAll ends all operations', () => {
  const { purgatory, wait, events, pending } = stage()
  wait('first', ['a-0', 'b-0'], () => false)
  wait('second', ['a-0'], () => false)
  purgatory.expireAll()
  expect(events).toEqual(['first expired', 'second expired'])
  expect([purgatory.waiting, pending.length]).toEqual([0, 0])
})

test('PURGATORY-4: a cancelled operation neither completes nor expires; cancel is idempotent', () => {
  const { purgatory, wait, events, pending } = stage()
  let ready = false
  const cancel = wait('fetch', ['a-0', 'b-0'], () => ready)
  const other = wait('other', ['a-0'], () => ready)
  cancel()
  cancel()
  expect([purgatory.waiting, pending.length]).toEqual([1, 1])
  ready = true
  purgatory.check('a-0')
  purgatory.check('b-0')
  other()
  expect(events).toEqual(['other completed'])
  expect([purgatory.waiting, pending.length]).toEqual([0, 0])
})

test('PURGATORY-5: thousands of operations under one key are checked in turns', () => {
  const time = new VirtualTime()
  let workedMs = 0
  const clock = { now: () => time.now(), monotonicMs: () => time.monotonicMs() + workedMs }
  const timers: Timers = { set: (delayMs, fire) => time.after(delayMs, fire) }
  const purgatory = new Purgatory(timers, new Turns({ clock, timers }))
  let asked = 0
  const notYet = (): boolean => {
    asked++
    workedMs += 1
    return false
  }
  for (let i = 0; i < 100; i++)
    purgatory.tryCompleteElseWatch(
      { tryComplete: () => false, tryCompleteFor: notYet, expire: () => {} },
      ['a-0'],
      60_000,
    )
  purgatory.check('a-0')
  expect(asked).toBeLessThan(10)
  time.run(1000)
  expect(asked).toBe(100)
})
