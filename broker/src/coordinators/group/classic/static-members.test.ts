import { describe, expect, test } from 'vitest'
import { retellClassic, TWO_MEMBERS } from '../../../../test/classic-group-fixtures.ts'
import { tidy } from '../../../../test/group-fixtures.ts'
import type { GroupConfig } from '../group-config.ts'

/** The story in, the same story out: the lines with an arrow are what the coordinator did. */
function tells(story: string, change?: Partial<GroupConfig>): void {
  expect(retellClassic(story, change)).toBe(tidy(story))
}

describe('KIP-345: static members', () => {
  const STATIC = `
    a joins as one
    -> log: g generation 0
    wait 0
    -> a: generation 1, range, led by a, of a
    a syncs a=all
    -> log: g generation 1 a=all
    -> a: share "all"
  `

  test('CLASSIC-GROUP-3, CLASSIC-GROUP-4: one that returns gets a new id and its old assignment, without a rebalance; the old id is fenced', () => {
    tells(`${STATIC}
      a2 joins as one
      -> log: g generation 1 a2=all
      -> a2: generation 1, range, led by a2, of a2, need not assign
      a2 syncs
      -> a2: share "all"
      a beats
      -> a: FENCED_INSTANCE_ID
      a commits 5
      -> a: FENCED_INSTANCE_ID
      a2 beats
      -> a2: NONE
    `)
  })

  test('a leader with JoinGroup v8 gets its old id as the leader, so that it does not assign', () => {
    tells(`${STATIC}
      a2 joins v8 as one
      -> log: g generation 1 a2=all
      -> a2: generation 1, range, led by a
    `)
  })

  test('CLASSIC-GROUP-4: two with one instance id: the delayed JoinGroup of the first completes with FENCED_INSTANCE_ID', () => {
    tells(`${STATIC}
      b joins
      -> b: MEMBER_ID_REQUIRED
      b joins
      a joins
      -> a: generation 2, range, led by a, of a b
      -> b: generation 2, range, led by a
      a syncs a=x b=y
      -> log: g generation 2 a=x b=y
      -> a: share "x"
      a joins
      a2 joins as one
      -> a: FENCED_INSTANCE_ID
      b joins
      -> b: generation 3, range, led by a2
      -> a2: generation 3, range, led by a2, of b a2
    `)
  })

  test('CLASSIC-REBALANCE-2: one that misses a rebalance stays a member as long as it sends heartbeats', () => {
    tells(`${STATIC}
      b joins
      -> b: MEMBER_ID_REQUIRED
      b joins
      wait 9000
      a beats
      -> a: REBALANCE_IN_PROGRESS
      wait 9000
      a beats
      -> a: REBALANCE_IN_PROGRESS
      wait 9000
      a beats
      -> a: REBALANCE_IN_PROGRESS
      wait 9000
      a beats
      -> a: REBALANCE_IN_PROGRESS
      wait 9000
      a beats
      -> a: REBALANCE_IN_PROGRESS
      wait 9000
      a beats
      -> a: REBALANCE_IN_PROGRESS
      wait 6000
      -> b: generation 2, range, led by b, of a b
      a beats at 2
      -> a: NONE
    `)
  })

  test('CLASSIC-REBALANCE-3: a rebalance that no member joins continues until the sessions expire', () => {
    tells(`${STATIC}
      b joins
      -> b: MEMBER_ID_REQUIRED
      b joins
      b leaves
      -> b: UNKNOWN_MEMBER_ID
      -> b: NONE
      wait 9000
      a beats
      -> a: REBALANCE_IN_PROGRESS
      wait 9000
      a beats
      -> a: REBALANCE_IN_PROGRESS
      wait 9000
      a beats
      -> a: REBALANCE_IN_PROGRESS
      wait 9000
      a beats
      -> a: REBALANCE_IN_PROGRESS
      wait 9000
      a beats
      -> a: REBALANCE_IN_PROGRESS
      wait 9000
      a beats
      -> a: REBALANCE_IN_PROGRESS
      wait 9000
      a beats
      -> a: REBALANCE_IN_PROGRESS
      a joins
      -> a: generation 2, range, led by a, of a
    `)
  })

  test('COORDINATOR-HOST-3: if the new id cannot be written, the old one stays valid', () => {
    tells(`${STATIC}
      log fails COORDINATOR_NOT_AVAILABLE
      a2 joins as one
      -> log: COORDINATOR_NOT_AVAILABLE
      -> a2: COORDINATOR_NOT_AVAILABLE
      a beats
      -> a: NONE
      a syncs
      -> a: share "all"
    `)
  })

  test('one that returns is answered when its new id is committed', () => {
    tells(`${STATIC}
      log is slow
      a2 joins as one
      -> log: g generation 1 a2=all
      a beats
      log catches up
      -> a2: generation 1, range, led by a2, of a2, need not assign
      -> a: FENCED_INSTANCE_ID
    `)
  })
})

describe('the log', () => {
  test('CLASSIC-REBALANCE-4, GROUP-SHARD-2: no member gets an assignment before it is committed', () => {
    tells(`${TWO_MEMBERS}
      a joins
      b joins
      -> a: generation 3, range, led by a, of a b
      -> b: generation 3, range, led by a
      log is slow
      b syncs
      a syncs a=x b=y
      -> log: g generation 3 a=x b=y
      b beats
      log catches up
      -> a: share "x"
      -> b: share "y"
      -> b: NONE
    `)
  })

  test('a rebalance that starts before an assignment is committed goes on without it', () => {
    tells(`${TWO_MEMBERS}
      a joins
      b joins
      -> a: generation 3, range, led by a, of a b
      -> b: generation 3, range, led by a
      log is slow
      b syncs
      a syncs a=x b=y
      -> log: g generation 3 a=x b=y
      b leaves
      -> b: UNKNOWN_MEMBER_ID
      -> a: REBALANCE_IN_PROGRESS
      log catches up
      -> b: NONE
      a joins
      -> a: generation 4, range, led by a, of a
    `)
  })

  test('GROUP-SHARD-1: a group that is not committed yet has members', () => {
    tells(`
      log is slow
      a joins
      -> log: g generation 0
      -> a: MEMBER_ID_REQUIRED
      a joins
      show
      log catches up
      -> PreparingRebalance a=
    `)
  })

  test('an assignment that cannot be written starts another rebalance', () => {
    tells(`${TWO_MEMBERS}
      a joins
      b joins
      -> a: generation 3, range, led by a, of a b
      -> b: generation 3, range, led by a
      b syncs
      log fails NOT_COORDINATOR
      a syncs a=x b=y
      -> log: NOT_COORDINATOR
      -> a: NOT_COORDINATOR
      -> b: NOT_COORDINATOR
      a beats
      -> a: REBALANCE_IN_PROGRESS
    `)
  })

  test('GROUP-RECORDS-1: a restart keeps generation, assignments and offsets; silent members expire after their session timeout', () => {
    tells(`${TWO_MEMBERS}
      a commits 6
      -> log: t-0 6
      -> a: NONE
      restart
      show
      -> Stable a=one b=two
      a syncs
      -> a: share "one"
      a beats at 1
      -> a: ILLEGAL_GENERATION
      fetch
      -> t-0 is at 6
      wait 9000
      a beats
      -> a: NONE
      wait 1000
      a beats
      -> a: REBALANCE_IN_PROGRESS
      b beats
      -> b: UNKNOWN_MEMBER_ID
    `)
  })

  test('GROUP-COORDINATOR-2: when the coordinator resigns, delayed requests complete with NOT_COORDINATOR', () => {
    tells(`${TWO_MEMBERS}
      a joins
      restart
      -> a: NOT_COORDINATOR
      a beats
      -> a: NONE
    `)
  })
})
