import { describe, expect, it } from 'vitest'
import {
  foreign,
  idFault,
  missing,
  outOfOrder,
  type Row,
  repeated,
  type Seen,
  sides,
  spread,
} from '../../12-outbox/judge.ts'

/** Rows in short: `4a` is row 4 with the key a. */
const rowsOf = (story: string): Row[] =>
  story.split(' ').map((word) => {
    const [, id = '', key = ''] = /^(\d+)(\w)$/.exec(word) ?? []
    return { id: Number(id), key, value: `value ${id}` }
  })

/** Records in short: `4a` is a record of that row with its id as the header, `4a=x` one with the header x, `4a@1` in partition 1. */
const recordsOf = (story: string): Seen[] =>
  story
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const [, name = '', header, partition = '0'] = /^(\w+)(?:=(\w*))?(?:@(\d))?$/.exec(word) ?? []
      const [row] = rowsOf(name)
      const id = header ?? `${row?.id}`
      return {
        partition: Number(partition),
        key: row?.key ?? null,
        value: row?.value ?? null,
        headers: id === '' ? {} : { id },
      }
    })

const rows = rowsOf('4a 5b 6a 7a')
const ids = (list: readonly Row[]) => list.map(({ id }) => id)

describe('outbox and topic beside each other', () => {
  it('OUTBOX-JUDGE-1: finds what is missing, what is repeated, what is of no row', () => {
    const records = recordsOf('4a 6a 4a 9b')
    expect(ids(missing(rows, records))).toEqual([5, 7])
    expect(ids(repeated(rows, records))).toEqual([4])
    expect(foreign(rows, records).map(({ value }) => value)).toEqual(['value 9'])
    expect(spread(records)).toBeUndefined()
    expect(spread(recordsOf('4a@0 6a@1 5b@1'))).toEqual({ key: 'a', partitions: 2 })
  })

  it('OUTBOX-JUDGE-2: only first records count for the order, key by key', () => {
    expect(outOfOrder(rows, recordsOf('5b 4a 6a 4a 7a 6a'))).toBeUndefined()
    const found = outOfOrder(rows, recordsOf('4a 7a 5b 6a'))
    expect([found?.row.id, found?.before.id]).toEqual([6, 7])
  })

  it('OUTBOX-JUDGE-3: an id belongs to one row, and a row has one id', () => {
    expect(idFault(rows, recordsOf('4a 5b 4a'))).toBeUndefined()
    expect(idFault(rows, recordsOf('4a='))?.kind).toBe('noId')
    expect(idFault(rows, recordsOf('4a=x 5b=x'))?.kind).toBe('sameId')
    expect(idFault(rows, recordsOf('4a=x 4a=y'))).toMatchObject({ kind: 'newId', ids: ['x', 'y'] })
  })

  it('is drawn in two lanes, of one key if wanted', () => {
    const picture = sides(rows, recordsOf('4a 7a 5b 6a 9b'), { key: 'a', marked: rowsOf('6a') })
    expect(picture).toMatchObject({
      lanes: [
        { cells: ['4', '6', '7'], wrong: [1] },
        { cells: ['4', '7', '6'], wrong: [2] },
      ],
    })
    expect(sides(rows, recordsOf('9b'))).toMatchObject({ lanes: [{}, { cells: ['?'] }] })
  })
})
