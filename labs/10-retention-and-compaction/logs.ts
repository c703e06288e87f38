/** Lab 10: logs of the dice, each built to set one rule against its misunderstandings; and how they are shown. */
import type { Dice } from '../engine/dice.ts'
import { type Cell, cellIn, type Picture } from '../engine/picture.ts'
import { endOf } from './model.ts'
import type { PartitionLog, Segment, TopicConfig } from './subject.ts'

export interface LogQuestion {
  readonly log: PartitionLog
  /** Ms since 1970. */
  readonly now: number
}

/** A segment as it is planned: ages are counted back from now. */
export interface SegmentPlan {
  readonly bytes: number
  /** Of the newest record, ms; a negative one lies in the future. */
  readonly ageMs: number
  /** The first record is so much older, ms. */
  readonly spanMs: number
}

const day = 24 * 3_600_000

/** Where logs begin: small offsets, and all the sizes that numbers of 32 bits and of 53 bits get wrong. */
const starts = [0, 1, 2 ** 31 - 7, 2 ** 32 - 1, 2 ** 48, 2 ** 53 - 40_000]

/** Settings; those that the question does not turn on are of the dice: they must not matter. */
export const expiredConfig = (dice: Dice, over: Partial<TopicConfig>): TopicConfig => ({
  cleanupPolicy: 'delete',
  retentionMs: -1,
  retentionBytes: -1,
  minCleanableDirtyRatio: dice.pick([0.1, 0.5, 0.9]),
  minCompactionLagMs: dice.pick([0, 1, 4_096, dice.int(1_000, 9_000_000)]),
  maxCompactionLagMs: dice.pick([0, 1, 4_096, dice.int(1_000, 9_000_000), Number.POSITIVE_INFINITY]),
  ...over,
})

export const passConfig = (dice: Dice, over: Partial<TopicConfig>): TopicConfig => ({
  cleanupPolicy: dice.pick(['compact', 'compact,delete']),
  retentionMs: dice.pick([-1, 0, 1, 4_096, 7 * day]),
  retentionBytes: dice.pick([-1, 0, 1, 4_096, 900_000]),
  minCleanableDirtyRatio: 0.5,
  minCompactionLagMs: 0,
  maxCompactionLagMs: Number.POSITIVE_INFINITY,
  ...over,
})

/** A log of these segments; all of it is replicated and stable, nothing of it was compacted, unless `over` says otherwise. */
export function logOf(
  dice: Dice,
  plans: readonly SegmentPlan[],
  over: (log: PartitionLog) => Partial<PartitionLog> = () => ({}),
  /** Where it begins; left out: as the dice say. */
  start?: number,
): LogQuestion {
  const now = 1_700_000_000_000 + dice.int(1, 90_000_000_000)
  let offset = start ?? (dice.fraction() < 0.5 ? dice.int(2, 90_000) : dice.pick(starts))
  const segments = plans.map(({ bytes, ageMs, spanMs }): Segment => {
    const baseOffset = offset
    if (bytes === 0) return { baseOffset, bytes, firstTimestamp: -1, maxTimestamp: -1 }
    offset += dice.int(2, 5_000)
    const maxTimestamp = now - ageMs
    return { baseOffset, bytes, firstTimestamp: maxTimestamp - spanMs, maxTimestamp }
  })
  const startOffset = segments[0]?.baseOffset ?? 0
  const plain: PartitionLog = {
    segments,
    startOffset,
    endOffset: offset,
    highWatermark: offset,
    lastStableOffset: offset,
    cleanedTo: startOffset,
    config: expiredConfig(dice, {}),
  }
  return { log: { ...plain, ...over(plain) }, now }
}

/** Plans of so many segments, oldest first; sizes and spans of the dice. */
export function plansOf(dice: Dice, ages: readonly number[], bytesMax = 60_000): SegmentPlan[] {
  return ages.map((ageMs) => ({
    bytes: dice.pick([1, 2 ** dice.int(4, 13), dice.int(1_000, bytesMax), dice.int(1_000, bytesMax)]),
    ageMs,
    spanMs: dice.int(1, 3_000_000),
  }))
}

export const many = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i))

const shortTime = (ms: number) => {
  const units = [
    [day, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1_000, 's'],
  ] as const
  const [size, unit] = units.find(([one]) => Math.abs(ms) >= one) ?? [1, 'ms']
  const value = Math.round((ms / size) * 100) / 100
  return { en: `${value} ${unit}`, ru: `${String(value).replace('.', ',')} ${unitsRu[unit]}` }
}
const unitsRu = { d: 'сут', h: 'ч', min: 'мин', s: 'с', ms: 'мс' } as const

/** A duration as it is read; exact when it is no round one. */
export const timeInWords = (ms: number) =>
  Number.isFinite(ms)
    ? ms < 0
      ? { en: String(ms), ru: String(ms).replace('-', '−') }
      : shortTime(ms)
    : { en: 'no limit', ru: 'без предела' }

/** Its segments, one a row, with what was expected and what was said of each. */
export function pictureOf(
  { log, now }: LogQuestion,
  expected: (segment: Segment) => Cell,
  got: (segment: Segment) => Cell,
): Picture {
  const rows = log.segments.map((segment, i) => [
    `${segment.baseOffset}–${endOf(log, i)}`,
    String(segment.bytes),
    segment.bytes === 0 ? '—' : shortTime(now - segment.firstTimestamp),
    segment.bytes === 0 ? '—' : shortTime(now - segment.maxTimestamp),
    expected(segment),
    got(segment),
  ])
  const wrong = log.segments.flatMap((segment, i) =>
    cellIn('en', expected(segment)) === cellIn('en', got(segment)) ? [] : [i],
  )
  const shown = rows.slice(0, 8)
  return {
    kind: 'table',
    columns: [
      { en: 'offsets', ru: 'смещения' },
      { en: 'bytes', ru: 'байты' },
      { en: 'age of the first', ru: 'возраст первой' },
      { en: 'of the newest', ru: 'самой новой' },
      { en: 'expected', ru: 'ожидалось' },
      { en: 'got', ru: 'получено' },
    ],
    rows: shown,
    wrong: wrong.filter((i) => i < shown.length),
  }
}
