/**
 * The log compared with a model of ten lines: after any sequence of operations, both hold the same records.
 *
 * The model is an array of batches. A torn write is a crash that leaves only some bytes of what was not flushed;
 * the model then keeps the complete batches.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contents, produce, TestClock, testLog } from '../../test/log-fixtures.ts'
import { MemoryStorage } from '../sim/memory-storage.ts'
import type { PartitionLog } from './partition-log.ts'

interface ModelBatch {
  readonly offset: number
  readonly values: readonly string[]
}

class Model {
  start = 0
  end = 0
  batches: ModelBatch[] = []

  append(values: readonly string[]): void {
    this.batches.push({ offset: this.end, values })
    this.end += values.length
  }
  truncateTo(offset: number): void {
    if (offset >= this.end) return
    this.batches = this.batches.filter((batch) => batch.offset + batch.values.length <= offset)
    const last = this.batches.at(-1)
    this.end = last ? last.offset + last.values.length : 0
  }
  records(): string[] {
    const all = this.batches.flatMap(({ offset, values }) =>
      values.map((value, i) => `${offset + i}:${value}`),
    )
    return all.filter((record) => Number(record.split(':')[0]) >= this.start)
  }
}

type Step =
  | { readonly kind: 'append'; readonly values: readonly string[] }
  | { readonly kind: 'read'; readonly at: number }
  | { readonly kind: 'truncate'; readonly at: number }
  | { readonly kind: 'delete'; readonly at: number }
  | { readonly kind: 'restart'; readonly clean: boolean }
  | { readonly kind: 'torn'; readonly bytes: number }

const fraction = fc.double({ min: 0, max: 1, noNaN: true })
const values = fc.array(fc.string({ maxLength: 30 }), { minLength: 1, maxLength: 4 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('append' as const), values }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('read' as const), at: fraction }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('truncate' as const), at: fraction }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), at: fraction }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), clean: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('torn' as const), bytes: fc.integer({ min: 1, max: 400 }) }),
  },
)

/** Small segments and a dense index, so that few records reach every boundary. */
const config = { segmentBytes: 700, indexIntervalBytes: 100, retentionMs: -1 }

class Run {
  readonly storage = new MemoryStorage()
  readonly clock = new TestClock()
  readonly model = new Model()
  log: PartitionLog = this.open(false)

  private open(clean: boolean): PartitionLog {
    const { storage, clock } = this
    return testLog({ storage, clock, config, clean, logStartOffset: this.model?.start ?? 0 })
  }

  do(step: Step): void {
    const { model, log } = this
    const between = (at: number) => model.start + Math.floor(at * (model.end - model.start))
    switch (step.kind) {
      case 'append':
        expect(produce(log, step.values).firstOffset).toBe(model.end)
        model.append(step.values)
        return
      case 'read': {
        const at = between(step.at)
        expect(contents(log, at)).toEqual(model.records().slice(at - model.start))
        return
      }
      case 'truncate': {
        const at = between(step.at)
        model.truncateTo(at)
        log.truncateTo(at)
        model.start = Math.min(model.start, model.end)
        return
      }
      case 'delete':
        model.start = between(step.at)
        log.highWatermark = log.logEndOffset
        log.deleteRecordsBefore(model.start)
        log.maintain()
        return
      case 'restart':
        if (step.clean) log.close()
        this.log = this.open(step.clean)
        return
      case 'torn':
        this.tear(step.bytes)
        return
    }
  }

  /** A crash: the last `bytes` of the active segment were not written to disk. */
  private tear(bytes: number): void {
    const { active } = this.log.local.segments
    const file = this.storage.open(`t-0/${String(active.baseOffset).padStart(20, '0')}.log`)
    const left = Math.max(0, file.size() - bytes)
    let position = 0
    const torn = this.model.batches.filter((batch) => {
      if (batch.offset < active.baseOffset) return false
      const size = this.log.read(batch.offset, { maxBytes: 1, minOneBatch: true, upTo: 2 ** 53 }).bytes.length
      position += size
      return position > left
    })
    const first = torn[0]
    if (first) this.model.truncateTo(first.offset)
    // Records below the log start can't be read back, so such a crash is tested elsewhere.
    file.truncate(left)
    this.log = this.open(false)
  }
}

describe('a log and its model', () => {
  it('LOG-2, SEGMENT-1: hold the same records after any sequence of appends, reads, truncations, restarts and torn writes', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
        const run = new Run()
        for (const one of steps) {
          if (one.kind === 'torn' && run.model.start > 0) continue
          run.do(one)
          expect([run.log.logStartOffset, run.log.logEndOffset]).toEqual([run.model.start, run.model.end])
        }
        expect(contents(run.log)).toEqual(run.model.records())
      }),
      { numRuns: 300 },
    )
  })
})
