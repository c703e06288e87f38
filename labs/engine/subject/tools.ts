/** What a suite may ask of the learner's side beside plain calls, as types; membrane.ts is what does it. */
import type { Kafka } from 'kafkajs'
import type { ClientSpec } from './protocol.ts'

/** Bytes that live in the learner's thread, and are used again: a network buffer. */
export interface SharedMemory {
  write(at: number, bytes: Uint8Array): void
  /** To be passed to a function of the subject; it sees `length` bytes from `at` on. */
  view(at: number, length: number, kind?: 'Buffer' | 'Uint8Array'): Uint8Array
}

/** A list or an object that a caller keeps, changes in place and hands over again. */
export interface KeptValue<T> {
  /** To be passed to a function of the subject, or within what is passed: the same object each time. */
  readonly value: T
  /** Changes it in place. */
  become(next: T): void
  /** What it is like over there now. */
  now(): unknown
}

/** A thread of its own with the learner's file in it, for one check. */
export interface SubjectThread {
  /** The exports of the file, as the suite's subject is. */
  readonly subject: unknown
  readonly tools: SubjectTools
  /** It has ended, by whatever cause. */
  readonly isGone: boolean
  /** Ends it at once: no `finally` runs, no timer fires. Calls that were open reject; nobody need catch them. */
  end(): Promise<void>
  freeze(): void
  thaw(): void
}

/** What a suite may ask of the membrane beside calls. */
export interface SubjectTools {
  /**
   * Calls a function of the subject once for each list of arguments, in one crossing; of several functions each in
   * turn. The first error is thrown. A list that is given again is made once, and its arguments are the same objects.
   */
  each<Args extends unknown[], T>(
    fn: ((...args: Args) => T) | readonly ((...args: Args) => T)[],
    list: readonly Readonly<Args>[],
  ): T[]
  memory(size: number): SharedMemory
  keep<T extends object>(value: T): KeptValue<T>
  /**
   * Writes over what a call has given, on the learner's side, as a caller may: bytes become `fill`, a list holds one number.
   * `answer` is what the suite got. False: it cannot be changed (a frozen list).
   */
  overwrite(answer: unknown, fill: number): boolean
  /** Marks an object of data: calls that are handed it get one and the same object there, not a copy each. */
  same<T extends object>(value: T): T
  client(spec: ClientSpec): Kafka
  /** Marks a function that is handed to the learner's code: it answers at once (a clock), and gives no promise there. */
  atOnce<F extends object>(fn: F): F
  /** Starts another thread with the learner's file, for this check; it is ended with the check. */
  thread(): Promise<SubjectThread>
}
