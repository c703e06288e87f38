import { describe, expect, it } from 'vitest'
import { type AtStep, failure, Store } from '../../12-outbox/store.ts'
import type { Transaction } from '../../12-outbox/subject.ts'

const event = (key: string) => ({ key, value: `of ${key}` })
const keys = (rows: readonly { readonly key: string }[]) => rows.map(({ key }) => key)
/** A transaction of a program that stays open until `end` is called. */
function hold(store: Store, work: (tx: Transaction) => Promise<unknown>) {
  let end: () => void = () => {}
  const gate = new Promise<void>((resolve) => {
    end = resolve
  })
  let begun: () => void = () => {}
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve
  })
  const done = store.connect().db.transact(async (tx) => {
    await work(tx)
    begun()
    await gate
  })
  return { hasBegun, done, end: () => end() }
}

describe('the database of the shop', () => {
  it('STORE-1: commits all changes of a transaction at once, or none', async () => {
    const store = new Store()
    const { db } = store.connect()
    const order = { id: 'a', item: 'tea', amount: 3, status: 'placed' } as const
    await expect(
      db.transact(async (tx) => {
        await tx.saveOrder(order)
        await tx.addEvent(event('a'))
        expect(keys(await tx.events({}))).toEqual(['a'])
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect([store.orders.size, store.rows.length]).toEqual([0, 0])
    const given = await db.transact(async (tx) => {
      await tx.saveOrder(order)
      return tx.addEvent(event('a'))
    })
    expect(store.orders.get('a')).toEqual(order)
    expect(store.rows).toEqual([{ id: given, key: 'a', value: 'of a', sent: false }])
  })

  it('STORE-2: gives ids when rows are added; one that commits late has the smaller id', async () => {
    const store = new Store(6)
    const slow = hold(store, (tx) => tx.addEvent(event('slow')))
    await slow.hasBegun
    store.add([event('fast')])
    expect(store.rows.map(({ id }) => id)).toEqual([8])
    slow.end()
    await slow.done
    expect(store.rows.map(({ id, key }) => `${id} ${key}`)).toEqual(['7 slow', '8 fast'])
  })

  it('STORE-3: makes others wait for locked rows, or leaves them out', async () => {
    const store = new Store()
    store.add(['a', 'b', 'c'].map(event))
    const first = hold(store, async (tx) => {
      const rows = await tx.events({ sent: false }, { limit: 2, lock: 'wait' })
      await tx.markSent({ ids: rows.map(({ id }) => id) })
    })
    await first.hasBegun
    const { db } = store.connect()
    const look = (lock?: 'wait' | 'skip') =>
      db.transact((tx) => tx.events({ sent: false }, lock === undefined ? {} : { lock }))
    expect(keys(await look())).toEqual(['a', 'b', 'c'])
    expect(keys(await look('skip'))).toEqual(['c'])
    const waiting = [look('wait'), look('wait')]
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(store.waiting).toBe(2)
    first.end()
    expect((await Promise.all(waiting)).map(keys)).toEqual([['c'], ['c']])
  })

  it('STORE-3: makes a second caller wait for the order that the first one looks for', async () => {
    const store = new Store()
    const placed = async (tx: Transaction) => {
      const known = await tx.findOrder('a')
      if (known === null) await tx.saveOrder({ id: 'a', item: 'tea', amount: 1, status: 'placed' })
      return known === null
    }
    const [one, two] = [store.connect().db, store.connect().db]
    expect(await Promise.all([one.transact(placed), two.transact(placed)])).toEqual([true, false])
  })

  it('fails where a check wants it to, before the commit or after it', async () => {
    for (const [step, rows] of [
      ['addEvent', 0],
      ['commit', 0],
      ['answer', 1],
    ] as const) {
      const store = new Store()
      const atStep: AtStep = (at) => {
        if (at === step) throw failure('lost')
      }
      const { db } = store.connect(atStep)
      await expect(db.transact((tx) => tx.addEvent(event('a')))).rejects.toThrow('lost')
      expect(store.rows.length).toBe(rows)
    }
  })

  it('STORE-4: rolls back what a program that is gone has left open, and answers it no more', async () => {
    const store = new Store()
    store.add([event('a')])
    const gone = store.connect((step) => (step === 'commit' ? new Promise(() => {}) : undefined))
    let isAnswered = false
    gone.db
      .transact((tx) => tx.markSent({ sent: false }))
      .finally(() => {
        isAnswered = true
      })
    await new Promise((resolve) => setTimeout(resolve, 5))
    gone.end()
    const found = await store.connect().db.transact((tx) => tx.events({ sent: false }, { lock: 'wait' }))
    expect(keys(found)).toEqual(['a'])
    expect(isAnswered).toBe(false)
  })

  it('says in words what is wrong with a call', async () => {
    const { db } = new Store().connect()
    const call = (use: (tx: Transaction) => Promise<unknown>) => db.transact(use)
    await expect(call((tx) => tx.markSent([3] as never))).rejects.toThrow('wants an object')
    await expect(call((tx) => tx.events({ id: 3 } as never))).rejects.toThrow('no condition id')
    await expect(call((tx) => tx.addEvent({ value: 'x' } as never))).rejects.toThrow('key must be a string')
  })
})
