/** The database and the history that a group of lab 08 is given. */
import { describe, expect, it } from 'vitest'
import { Desk } from '../../08-idempotent-consumer/desk.ts'

const record = { partition: 0, offset: 4, timestamp: 5, id: 'a', key: null, value: 'v' }
const newDesk = () => new Desk({ group: 'g', topic: 't', keepMs: 1_000, events: [record] })

describe('the desk', () => {
  it('DESK-1: a save is done at one moment, all rows or none', async () => {
    const desk = newDesk()
    const rows: string[][] = []
    const names = () => rows.push([...desk.rows.keys()])
    const { handle, store } = desk.options(() => {}, {
      before: () => {
        names()
      },
      after: () => {
        names()
        throw new Error('the answer is lost')
      },
    })
    const changes = await handle(record)
    await expect(store.save({ ...changes, 'memory:0': 'known' })).rejects.toThrow('the answer is lost')
    expect(rows).toEqual([[], ['effect 1', 'memory:0']])
    expect(desk.lost).toEqual([])
    expect(await store.load('memory:0')).toBe('known')
  })

  it('DESK-2: what reaches the desk of a life that has ended changes nothing', async () => {
    const desk = newDesk()
    const { handle, store } = desk.options()
    const changes = await handle(record)
    desk.nextLife()
    await store.save(changes)
    expect(await handle(record)).toEqual({})
    expect(desk.rows.size).toBe(0)
    expect(desk.calls.length).toBe(1)
    expect(desk.lost).toEqual([record])
  })
})
