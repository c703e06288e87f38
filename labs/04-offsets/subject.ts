/** What an implementation of lab 04 exports, as far as anybody knows, and what its checks have in common. */
import type { Kafka } from 'kafkajs'
import { inTime } from '../engine/in-time.ts'
import type { CaseOf } from '../engine/lab.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { text } from './lab.ts'

/** What `resume` hands over, as far as anybody knows. */
export type Handle = (record: unknown) => Promise<void>

export interface Offsets {
  resume(kafka: Kafka, groupId: string, topic: string, handle: Handle): Promise<number>
  lag(kafka: Kafka, groupId: string, topic: string): Promise<readonly unknown[]>
  resetToTime(kafka: Kafka, groupId: string, topic: string, time: number): Promise<readonly unknown[]>
}

/** The functions of a suite, as defineSuite wants them; each file of checks holds some. */
export type Checks<Id extends keyof (typeof text)['tests']> = {
  readonly [T in Id]: (
    t: Trial<CaseOf<typeof text, T>>,
    subject: Offsets,
    kafka: KafkaBench,
  ) => void | Promise<void>
}

/** How long one call may take, ms. */
export const limitMs = text.callMs
export const limit = { seconds: limitMs / 1_000 } as const

/** Whether a call has ended in time: for cases with words of their own. What it rejects with is thrown. */
export async function isInTime(call: Promise<unknown>): Promise<boolean> {
  return (await inTime(call, limitMs)) !== 'late'
}

/** `17`, whether an offset is a string, a bigint or a number; undefined when it is none. */
export function offsetOf(value: unknown): string | undefined {
  const isOffset = typeof value === 'string' || typeof value === 'bigint' || typeof value === 'number'
  return isOffset && /^-?\d+$/.test(String(value)) ? String(value) : undefined
}

/** An offset as a lab's page shows it: `'17'`, `17n` and `17` are one; null is null. */
export const asSaid = (value: unknown): string =>
  value === null ? 'null' : (offsetOf(value) ?? String(value))

/** What a group has committed in each partition; `-` where nothing is. */
export async function committedIn(kafka: KafkaBench, group: string, topic: string): Promise<string[]> {
  const all = await kafka.committed(group, topic)
  return [...all]
    .sort((a, b) => a.partition - b.partition)
    .map(({ offset }) => (offset === undefined ? '-' : String(offset)))
}
