import { describe, expect, test } from 'vitest'
import { retellClassic, TWO_MEMBERS } from '../../../../test/classic-group-fixtures.ts'
import { tidy } from '../../../../test/group-fixtures.ts'
import type { GroupConfig } from '../group-config.ts'

/** The story in, the same story out: the lines with an arrow are what the coordinator did. */
function tells(story: string, change?: Partial<GroupConfig>): void {
  expect(retellClassic(story, change)).toBe(tidy(story))
}

describe('a rebalance: JoinGroup, then SyncGroup', () => {
  test('members learn of a rebalance from their heartbeats; the old generation ends when all have joined', () => {
    tells(`${TWO_MEMBERS}
      c joins
      -> c: MEMBER_ID_REQUIRED
      c joins
      a beats
      -> a: REBALANCE_IN_PROGRESS
      a commits 6
      -> log: t-0 6
      -> a: NONE
      a joins
      b joins
      -> a: generation 3, range, led by a, of a b c
      -> b: generation 3, range, led by a
      -> c: generation 3, range, led by a
      a commits 7
      -> a: REBALANCE_IN_PROGRESS
      a beats at 2
      -> a: ILLEGAL_GENERATION
      a beats
      -> a: NONE
    `)
  })

  test('a member that does not join in time is removed, and the rebalance completes without it', () => {
    tells(`${TWO_MEMBERS}
      c joins
      -> c: MEMBER_ID_REQUIRED
      c joins
      a joins
      wait 9999
      wait 2
      -> a: generation 3, range, led by a, of a c
      -> c: generation 3, range, led by a
      b beats
      -> b: UNKNOWN_MEMBER_ID
    `)
  })

  test('heartbeats alone do not keep a member in the group: it must join within the rebalance timeout', () => {
    tells(`${TWO_MEMBERS}
      b leaves
      -> b: NONE
      c joins
      -> c: MEMBER_ID_REQUIRED
      c joins
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
      -> c: generation 3, range, led by c, of c
      a beats
      -> a: UNKNOWN_MEMBER_ID
    `)
  })

  test('a member that joins but does not send SyncGroup is removed after the rebalance timeout', () => {
    tells(`${TWO_MEMBERS}
      a joins
      b joins
      -> a: generation 3, range, led by a, of a b
      -> b: generation 3, range, led by a
      a syncs a=one b=two
      -> log: g generation 3 a=one b=two
      -> a: share "one"
      wait 9000
      b beats
      -> b: NONE
      a beats
      -> a: NONE
      wait 9000
      b beats
      -> b: NONE
      a beats
      -> a: NONE
      wait 9000
      b beats
      -> b: NONE
      a beats
      -> a: NONE
      wait 9000
      b beats
      -> b: NONE
      a beats
      -> a: NONE
      wait 9000
      b beats
      -> b: NONE
      a beats
      -> a: NONE
      wait 9000
      b beats
      -> b: NONE
      a beats
      -> a: NONE
      wait 6000
      b beats
      -> b: UNKNOWN_MEMBER_ID
      a beats
      -> a: REBALANCE_IN_PROGRESS
    `)
  })

  test('the leader can trigger a rebalance at any time; an unchanged follower gets the same generation', () => {
    tells(`${TWO_MEMBERS}
      b joins
      -> b: generation 2, range, led by a
      a joins
      b beats
      -> b: REBALANCE_IN_PROGRESS
    `)
  })

  test('a repeated JoinGroup gets the same response again, without a rebalance', () => {
    tells(`${TWO_MEMBERS}
      a joins
      b joins
      -> a: generation 3, range, led by a, of a b
      -> b: generation 3, range, led by a
      a joins
      -> a: generation 3, range, led by a, of a b
    `)
  })

  test('CLASSIC-GROUP-1, CLASSIC-JOIN-1: of the protocols that all members support, the one that most members prefer is selected', () => {
    tells(`
      a joins v3 with range+sticky
      -> log: g generation 0
      wait 0
      -> a: generation 1, range, led by a, of a
      b joins v3 with sticky
      a joins with range+sticky
      -> a: generation 2, sticky, led by a, of a b
      -> b: generation 2, sticky, led by a
      c joins with roundrobin
      -> c: INCONSISTENT_GROUP_PROTOCOL
      a syncs with range
      -> a: INCONSISTENT_GROUP_PROTOCOL
      a beats
      -> a: NONE
    `)
  })
})

describe('the first members of a group', () => {
  test('CLASSIC-REBALANCE-1: KIP-134: wait for more members, and wait again as long as another one has joined', () => {
    tells(
      `
      a joins v3
      -> log: g generation 0
      wait 2999
      b joins v3
      wait 1
      wait 2999
      wait 1
      -> a: generation 1, range, led by a, of a b
      -> b: generation 1, range, led by a
    `,
      { initialRebalanceDelayMs: 3000 },
    )
  })

  test('KIP-394: an id from MEMBER_ID_REQUIRED that never joins expires, and the rebalance completes', () => {
    tells(`${TWO_MEMBERS}
      c joins
      -> c: MEMBER_ID_REQUIRED
      a joins
      b joins
      wait 9000
      a beats
      -> a: REBALANCE_IN_PROGRESS
      wait 1000
      -> a: generation 3, range, led by a, of a b
      -> b: generation 3, range, led by a
    `)
  })

  test('CLASSIC-JOIN-1: group.max.size: with a limit of two the third member is refused', () => {
    tells(
      `${TWO_MEMBERS}
      c joins
      -> c: GROUP_MAX_SIZE_REACHED
      b beats
      -> b: NONE
    `,
      { groupSizeMax: 2 },
    )
  })
})

describe('leaving', () => {
  test('CLASSIC-GROUP-2: a member that leaves starts a rebalance at once; the last one leaves an empty group', () => {
    tells(`${TWO_MEMBERS}
      a leaves
      -> a: NONE
      b joins
      -> b: generation 3, range, led by b, of b
      b syncs b=all
      -> log: g generation 3 b=all
      -> b: share "all"
      b leaves
      -> log: g generation 4
      -> b: NONE
      show
      -> Empty
      b beats
      -> b: UNKNOWN_MEMBER_ID
    `)
  })

  test('a session expires when its timeout has passed since the last heartbeat, and not before', () => {
    tells(`${TWO_MEMBERS}
      wait 5000
      a beats
      -> a: NONE
      wait 4999
      b beats
      -> b: NONE
      wait 5000
      a beats
      -> a: NONE
      wait 5000
      b beats
      -> b: UNKNOWN_MEMBER_ID
      a beats
      -> a: REBALANCE_IN_PROGRESS
    `)
  })
})

test('CLASSIC-REBALANCE-5: a member without an entry in the assignment gets an empty assignment', () => {
  tells(`${TWO_MEMBERS}
    a joins
    b joins
    -> a: generation 3, range, led by a, of a b
    -> b: generation 3, range, led by a
    b syncs
    a syncs a=all
    -> log: g generation 3 a=all b=
    -> a: share "all"
    -> b: share ""
  `)
})
