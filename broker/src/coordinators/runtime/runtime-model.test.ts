/**
 * The runtime under a partition whose leader moves, whose log is slow and fails: whatever the order of events, clients learn
 * of nothing that is lost later.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  RuntimeStage,
  TEXT_TIMEOUT_MS,
  TEXT_TOPIC,
  textOf,
  textRecord,
} from '../../../test/coordinator-fixtures.ts'
import { ErrorCode } from '../../wire/errors.ts'

/** What may happen to a partition, in any order. */
const event = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'add' } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: 'read' } as const) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 60 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'fail' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'diverge' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'elect again' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'late event' } as const) },
  // Another node leads for a while, and appends so many records.
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('lose' as const), others: fc.nat(2), ms: fc.nat(30) }),
  },
)
type Event = typeof event extends fc.Arbitrary<infer Kind> ? Kind : never

/** A partition with a leader epoch that rises, and the requests that were sent to its coordinator. */
class ModelStage extends RuntimeStage {
  private epoch = 5
  requests = 0
  answers = 0
  /** By offset, the records whose requests were answered with NONE. */
  readonly acknowledged = new Map<number, string>()

  texts(): string[] {
    return this.log(TEXT_TOPIC, 0).entries.map(textOf)
  }

  /** What a client may see: everything below the high watermark, and nothing else. */
  private expectCommitted(texts: readonly string[]): void {
    expect(texts.length).toBeLessThanOrEqual(this.log(TEXT_TOPIC, 0).highWatermark)
    expect(texts).toEqual(this.texts().slice(0, texts.length))
  }

  private answered(): void {
    this.answers++
  }

  /** Every record that was acknowledged is still where it was. */
  expectKept(): void {
    const texts = this.texts()
    for (const [offset, text] of this.acknowledged) expect(texts[offset]).toBe(text)
  }

  /** What the shard has; undefined if it is not served. */
  shardTexts(): readonly string[] | undefined {
    const shard = this.runtime.find(0)
    return typeof shard === 'number' ? undefined : shard.texts
  }

  request(kind: 'add' | 'read'): void {
    const number = this.requests++
    const text = `${number}`
    const refused = (error: ErrorCode): void => {
      expect(error).not.toBe(ErrorCode.NONE)
      this.answered()
    }
    this.runtime.run(0, refused, ({ context, texts }) => {
      const seen = [...texts]
      if (kind === 'read')
        return context.whenCommitted(TEXT_TIMEOUT_MS, (error) => {
          if (error) return refused(error)
          this.expectCommitted(seen)
          this.answered()
        })
      context.append({
        write: () => this.host.append(TEXT_TOPIC, 0, [textRecord(text)], undefined),
        apply: () => {
          if (this.poison.delete('next')) throw new Error(`cannot apply ${text}`)
          texts.push(text)
        },
        timeoutMs: TEXT_TIMEOUT_MS,
        done: (error) => {
          if (error) return refused(error)
          this.expectCommitted([...seen, text])
          this.acknowledged.set(seen.length, text)
          this.answered()
        },
      })
    })
  }

  play(happens: Event): void {
    const log = this.log(TEXT_TOPIC, 0)
    switch (happens.kind) {
      case 'add':
      case 'read':
        return this.request(happens.kind)
      case 'wait':
        return this.time.run(happens.ms)
      case 'fail':
        this.failNext = ErrorCode.NOT_COORDINATOR
        this.request('add')
        this.failNext = ErrorCode.NONE
        return
      case 'diverge':
        this.poison.add('next')
        this.request('add')
        this.poison.clear()
        return
      case 'elect again':
        return this.runtime.load(0, ++this.epoch)
      case 'late event': {
        const before = this.runtime.find(0)
        this.runtime.unload(0, this.epoch)
        this.runtime.load(0, this.epoch - 1)
        expect(this.runtime.find(0)).toBe(before)
        return
      }
      case 'lose':
        this.runtime.unload(0, ++this.epoch)
        log.entries.length = log.highWatermark
        this.request('read')
        for (let i = 0; i < happens.others; i++) this.write(0, `another leader's ${this.epoch}-${i}`)
        this.time.run(happens.ms)
        return this.runtime.load(0, ++this.epoch)
    }
  }
}

/** Plays the events, then waits until everything is over. */
function played(
  events: readonly Event[],
  { commitMs, readMs }: { commitMs: number; readMs: number },
): ModelStage {
  const stage = new ModelStage()
  Object.assign(stage, { commitMs, readMs })
  stage.runtime.load(0, 5)
  for (const each of events) stage.play(each)
  stage.time.run(2 * TEXT_TIMEOUT_MS)
  return stage
}

const events = fc.array(event, { maxLength: 40 })
const speeds = fc.record({ commitMs: fc.constantFrom(0, 20, 50, 6000), readMs: fc.constantFrom(0, 3, 20) })

test('COORDINATOR-CONTEXT-1, COORDINATOR-CONTEXT-2: every request is answered once; what an answer tells is committed, and never lost', () => {
  fc.assert(
    fc.property(events, speeds, (all, speed) => {
      const stage = played(all, speed)
      expect(stage.answers).toBe(stage.requests)
      stage.expectKept()
      stage.request('read')
      stage.time.run(TEXT_TIMEOUT_MS)
      expect(stage.answers).toBe(stage.requests)
    }),
    { numRuns: 1000 },
  )
})

test('COORDINATOR-CONTEXT-4, COORDINATOR-RUNTIME-1, COORDINATOR-RUNTIME-2: after the last event the shard is what its log says, and after the end no timer is left', () => {
  fc.assert(
    fc.property(events, speeds, (all, speed) => {
      const stage = played(all, speed)
      expect(stage.shardTexts()).toEqual(stage.texts())
      for (const kind of ['add', 'read'] as const) stage.request(kind)
      stage.runtime.close()
      expect(stage.answers).toBe(stage.requests)
      stage.time.run(1)
      expect(stage.timersLeft).toBe(0)
    }),
    { numRuns: 1000 },
  )
})
