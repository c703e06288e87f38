/**
 * What is noticed around any call, whatever the test is about (membrane.ts, wire/proxy.ts). A lab names the one
 * test that is blamed for each kind, the test whose name promises it, so that the others stay about their own.
 */
export type FindingKind =
  | 'argument-changed'
  | 'answer-changed'
  | 'argument-returned'
  | 'answer-differs'
  | 'printed'
  | 'left-timer'

export interface Finding {
  readonly kind: FindingKind
  /** The call during which it was noticed, in words. */
  readonly call: string
  /** For an argument: its number, from 1. */
  readonly argument?: number
  /** For timers: how many are left. */
  readonly count?: number
  /** Where in the argument: `message.key`. */
  readonly path?: string
}
