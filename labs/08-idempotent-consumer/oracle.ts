/**
 * Lab 08: what is new, by the page's rules, worked out in another way than a program would: each question is answered from
 * the whole list of what came before, and nothing is remembered in between.
 *
 * ORACLE-1  only a record that was new makes its id, offset or number known
 * ORACLE-2  the time of an id is that of the record that was new, not of a duplicate
 */
import type { Identified, Numbered, Place } from './subject.ts'

/** For each record whether it is new. */
export function newOffsets(places: readonly Place[]): boolean[] {
  return places.map(
    ({ partition, offset }, i) =>
      !places.slice(0, i).some((one) => one.partition === partition && one.offset >= offset),
  )
}

export function newIds(keepMs: number, records: readonly Identified[]): boolean[] {
  const answers: boolean[] = []
  for (const [i, { id }] of records.entries()) {
    const nowMs = Math.max(...records.slice(0, i + 1).map(({ timestamp }) => timestamp))
    const isKnown = records
      .slice(0, i)
      .some((one, j) => answers[j] === true && one.id === id && nowMs < one.timestamp + keepMs)
    answers.push(!isKnown)
  }
  return answers
}

/** The ids that are not forgotten after all these records. */
export function keptIds(keepMs: number, records: readonly Identified[]): string[] {
  const answers = newIds(keepMs, records)
  const nowMs = Math.max(0, ...records.map(({ timestamp }) => timestamp))
  const kept = records.filter(({ timestamp }, i) => answers[i] === true && nowMs < timestamp + keepMs)
  return [...new Set(kept.map(({ id }) => id))]
}

export function newSequences(records: readonly Numbered[]): boolean[] {
  return records.map(
    ({ producer, epoch, sequence }, i) =>
      !records
        .slice(0, i)
        .some(
          (one) =>
            one.producer === producer &&
            (one.epoch > epoch || (one.epoch === epoch && one.sequence >= sequence)),
        ),
  )
}
