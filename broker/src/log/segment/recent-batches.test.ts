/** The last appended batches are found without a read, at the same positions as by a search of the file. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BatchHeader } from '../../record/batch.ts'
import { RecentBatches } from './recent-batches.ts'

interface Stored {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly size: number
  readonly position: number
}

function add(recent: RecentBatches, { position, ...header }: Stored): void {
  recent.add(header as unknown as BatchHeader, position)
}

const batches = fc.array(
  fc.record({ gap: fc.nat(3), records: fc.integer({ min: 1, max: 5 }), size: fc.nat(900) }),
  {
    maxLength: 40,
  },
)

test('RECENT-BATCHES-1: each offset of the last sixteen batches is found at its position, and no other offset is found', () => {
  fc.assert(
    fc.property(batches, (wanted) => {
      const recent = new RecentBatches()
      const stored: Stored[] = []
      for (const { gap, records, size } of wanted) {
        const before = stored.at(-1)
        const baseOffset = (before ? before.lastOffset + 1 : 0) + gap
        const position = before ? before.position + before.size : 0
        stored.push({ baseOffset, lastOffset: baseOffset + records - 1, size: size + 61, position })
        add(recent, stored.at(-1)!)
      }
      const remembered = stored.slice(-16)
      for (let offset = -1; offset <= (stored.at(-1)?.lastOffset ?? 0) + 1; offset++) {
        const found = remembered.find((each) => each.baseOffset <= offset && offset <= each.lastOffset)
        expect(recent.find(offset)).toEqual(found && { position: found.position, size: found.size })
      }
    }),
  )
})

test('nothing is found after the file has changed', () => {
  const recent = new RecentBatches()
  add(recent, { baseOffset: 0, lastOffset: 4, size: 100, position: 0 })
  recent.forget()
  expect(recent.find(2)).toBeUndefined()
})
