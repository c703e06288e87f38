import { describe, expect, test } from 'vitest'
import { retellConsumer, SECOND_COMES, SHARED } from '../../../../test/consumer-group-fixtures.ts'
import { tidy } from '../../../../test/group-fixtures.ts'
import type { GroupConfig } from '../group-config.ts'

function tells(story: string, change?: Partial<GroupConfig>): void {
  expect(retellConsumer(story, change)).toBe(tidy(story))
}

describe('moving partitions, member by member', () => {
  test('CONSUMER-GROUP-1, RECONCILIATION-1, RECONCILIATION-2: a partition is revoked, reported as revoked, and only then assigned to another member', () => {
    tells(`${SECOND_COMES}
      show
      -> Reconciling, epoch 3, target 3 by uniform
      -> x at 2 reads t:0,1,2,3, shall read t:0,1
      -> y at 3 reads nothing, shall read t:2,3
      x beats silently
      -> log: current x
      -> x: epoch 2, reads t:0,1
      y beats
      -> log: current y
      -> y: epoch 3
      x beats silently
      -> x: epoch 2
      x beats owning t:0,1,2
      -> x: epoch 2
      x beats owning t:0,1
      -> log: current x
      -> x: epoch 3
      y beats
      -> log: current y
      -> y: epoch 3, reads t:2,3
      show
      -> Stable, epoch 3, target 3 by uniform
      -> x at 3 reads t:0,1
      -> y at 3 reads t:2,3
    `)
  })

  test('CONSUMER-GROUP-RECORDS-2: the partitions of a member that leaves are assigned to the others', () => {
    tells(`${SHARED}
      y goes
      -> log: no current y, no target y, no member y, epoch
      -> y: epoch -1
      x beats
      -> log: target x, target epoch, current x
      -> x: epoch 4, reads t:0,1,2,3
      y beats at 3
      -> y: UNKNOWN_MEMBER_ID
    `)
  })

  test('range assigns consecutive partitions; the assignor that most members name is used', () => {
    tells(`
      topic t has 3
      x subscribes t by range
      -> log: member x, epoch, target x, target epoch, current x
      -> x: epoch 2, reads t:0,1,2
      y subscribes t by range
      -> log: member y, epoch, target x, target y, target epoch, current y
      -> y: epoch 3, reads nothing
      show
      -> Reconciling, epoch 3, target 3 by range
      -> x at 2 reads t:0,1,2, shall read t:0,1
      -> y at 3 reads nothing, shall read t:2
      z subscribes t by luck
      -> z: UNSUPPORTED_ASSIGNOR
    `)
  })

  test('new partitions of a topic are noticed by the next heartbeat', () => {
    tells(`
      x subscribes t
      -> log: member x, epoch, target x, target epoch, current x
      -> x: epoch 2, reads t:0,1
      topic t has 3
      x beats
      -> log: epoch, target x, target epoch, current x
      -> x: epoch 3, reads t:0,1,2
    `)
  })
})

describe('timeouts', () => {
  test('CONSUMER-HEARTBEAT-1: a silent member is removed after its session timeout, and has to join again', () => {
    tells(`${SHARED}
      wait 44000
      x beats
      -> x: epoch 3
      wait 1000
      -> log: no current y, no target y, no member y, epoch
      y beats
      -> y: UNKNOWN_MEMBER_ID
    `)
  })

  test('CONSUMER-HEARTBEAT-2: a member that does not revoke partitions within its rebalance timeout is removed', () => {
    tells(`${SECOND_COMES}
      x beats
      -> log: current x
      -> x: epoch 2, reads t:0,1
      wait 30000
      x beats owning t:0,1,2,3
      -> x: epoch 2
      y beats
      -> log: current y
      -> y: epoch 3
      wait 30000
      -> log: no current x, no target x, no member x, epoch
      y beats
      -> log: target y, target epoch, current y
      -> y: epoch 4, reads t:0,1,2,3
    `)
  })
})

describe('epochs', () => {
  test('RECONCILIATION-3: a lost response: the member may send its previous epoch with the partitions it owns', () => {
    tells(`${SHARED}
      y goes
      -> log: no current y, no target y, no member y, epoch
      -> y: epoch -1
      x beats
      -> log: target x, target epoch, current x
      -> x: epoch 4, reads t:0,1,2,3
      x beats at 3 owning t:0,1
      -> x: epoch 4
    `)
  })

  test('any other epoch is fenced; the member abandons its partitions and joins again', () => {
    tells(`${SHARED}
      x beats at 10
      -> x: FENCED_MEMBER_EPOCH
      x beats at 2 owning t:3
      -> x: FENCED_MEMBER_EPOCH
      x subscribes t
      -> x: epoch 3, reads t:0,1
    `)
  })
})

describe('static members', () => {
  const STATIC = `
    x subscribes t as one
    -> log: member x, epoch, target x, target epoch, current x
    -> x: epoch 2, reads t:0,1
  `

  test('one that leaves with epoch -2 gets its partitions back when it returns; the others keep theirs', () => {
    tells(`${STATIC}
      x pauses
      -> log: current x
      -> x: epoch -2
      x2 subscribes t as one
      -> log: no current x, no target x, no member x, member x2, target x2, current x2, current x2
      -> x2: epoch 2, reads t:0,1
      x beats at 2
      -> x: FENCED_INSTANCE_ID
    `)
  })

  test('while the member is in the group its instance id cannot be used by another', () => {
    tells(`${STATIC}
      x2 subscribes t as one
      -> x2: UNRELEASED_INSTANCE_ID
    `)
  })

  test('one that does not return is removed after the session timeout', () => {
    tells(`${STATIC}
      x pauses
      -> log: current x
      -> x: epoch -2
      wait 45000
      -> log: no current x, no target x, no member x, epoch
      show
      -> Empty, epoch 3, target 2 by uniform
    `)
  })

  test('a removal that cannot be written is tried again after half a second', () => {
    tells(`${STATIC}
      log fails COORDINATOR_NOT_AVAILABLE
      wait 45000
      -> log: COORDINATOR_NOT_AVAILABLE
      wait 500
      -> log: no current x, no target x, no member x, epoch
    `)
  })
})

describe('regular expressions', () => {
  test('SUBSCRIPTION-REGEX-1, SUBSCRIPTION-REGEX-2: an expression is matched for its first member, and removed with the last', () => {
    tells(`
      topic orders has 2
      x subscribes to o.*s
      -> log: member x, current x
      -> x: epoch 1, reads nothing
      wait 0
      -> log: regex, epoch
      y subscribes to o.*s
      -> log: member y, epoch, target x, target y, target epoch, current y
      -> y: epoch 3, reads orders:1
      x goes
      -> log: no current x, no target x, no member x, epoch
      -> x: epoch -1
      y goes
      -> log: no current y, no target y, no member y, no regex, epoch
      -> y: epoch -1
    `)
  })

  test('the broker matches them, and again when there are new topics', () => {
    tells(`
      topic orders has 1
      x subscribes to o.*s
      -> log: member x, current x
      -> x: epoch 1, reads nothing
      wait 0
      -> log: regex, epoch
      x beats
      -> log: target x, target epoch, current x
      -> x: epoch 2, reads orders:0
      # at most once in ten seconds
      topic offers has 1
      x beats
      -> x: epoch 2
      wait 10001
      x beats
      -> x: epoch 2
      wait 0
      -> log: regex, epoch
      x beats
      -> log: target x, target epoch, current x
      -> x: epoch 3, reads offers:0 orders:0
      y subscribes to (unclosed
      -> y: INVALID_REGULAR_EXPRESSION
    `)
  })
})

test('TARGET-ASSIGNMENT-2: an unchanged target is not written again', () => {
  tells(`${SHARED}
    z subscribes u
    -> log: member z, epoch, target z, target epoch, current z
    -> z: epoch 4, reads nothing
  `)
})

test('SUBSCRIPTION-REGEX-1: an expression is also removed when its last member changes its subscription', () => {
  tells(`
    topic orders has 2
    x subscribes to o.*s
    -> log: member x, current x
    -> x: epoch 1, reads nothing
    wait 0
    -> log: regex, epoch
    x subscribes to t
    -> log: member x, no regex, epoch, target x, target epoch, current x
    -> x: epoch 3, reads nothing
  `)
})

describe('KIP-1263: the assignment interval', () => {
  test('TARGET-ASSIGNMENT-1: members that join together each bump the epoch and share one computed target', () => {
    tells(
      `topic t has 2
      x subscribes t
      -> log: member x, epoch, target x, target epoch, current x
      -> x: epoch 2, reads t:0,1
      y subscribes t
      -> log: member y, epoch, current y
      -> y: epoch 2, reads nothing
      show
      -> Assigning, epoch 3, target 2 by uniform
      -> x at 2 reads t:0,1
      -> y at 2 reads nothing
      wait 1000
      y beats
      -> log: target x, target y, target epoch, current y
      -> y: epoch 3
      `,
      { consumerAssignmentIntervalMs: 1000 },
    )
  })
})
