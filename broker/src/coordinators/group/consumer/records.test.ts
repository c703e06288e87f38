import { describe, expect, test } from 'vitest'
import { retellConsumer, SECOND_COMES } from '../../../../test/consumer-group-fixtures.ts'
import { tidy } from '../../../../test/group-fixtures.ts'

function tells(story: string): void {
  expect(retellConsumer(story)).toBe(tidy(story))
}

describe('the log', () => {
  test('GROUP-RECORDS-1, GROUP-DRAFT-1: a restart restores the same group', () => {
    tells(`${SECOND_COMES}
      x beats
      -> log: current x
      -> x: epoch 2, reads t:0,1
      restart
      show
      -> Reconciling, epoch 3, target 3 by uniform
      -> x at 2 reads t:0,1,2,3, shall read t:0,1
      -> y at 3 reads nothing, shall read t:2,3
      y beats
      -> log: current y
      -> y: epoch 3
      x beats
      -> log: current x
      -> x: epoch 3
      y beats
      -> log: current y
      -> y: epoch 3, reads t:2,3
    `)
  })

  test('after a restart a member gets its full rebalance timeout again, and it expires', () => {
    tells(`${SECOND_COMES}
      x beats
      -> log: current x
      -> x: epoch 2, reads t:0,1
      restart
      wait 40000
      x beats owning t:0,1,2,3
      -> x: epoch 2
      y beats
      -> log: current y
      -> y: epoch 3
      wait 20000
      -> log: no current x, no target x, no member x, epoch
    `)
  })

  test('COORDINATOR-HOST-3: if the records cannot be written, the group does not change', () => {
    tells(`${SECOND_COMES}
      log fails NOT_COORDINATOR
      x beats
      -> log: NOT_COORDINATOR
      -> x: NOT_COORDINATOR
      x beats
      -> log: current x
      -> x: epoch 2, reads t:0,1
    `)
  })

  test('GROUP-SHARD-1, GROUP-SHARD-2: the second of two heartbeats sees the first; both are answered when they are committed', () => {
    tells(`
      topic t has 4
      log is slow
      x subscribes t
      -> log: member x, epoch, target x, target epoch, current x
      y subscribes t
      -> log: member y, epoch, target x, target y, target epoch, current y
      log catches up
      -> x: epoch 2, reads t:0,1,2,3
      -> y: epoch 3, reads nothing
    `)
  })

  test('CONSUMER-GROUP-RECORDS-2: an empty group is deleted with all its records', () => {
    tells(`
      x subscribes t
      -> log: member x, epoch, target x, target epoch, current x
      -> x: epoch 2, reads t:0,1
      delete
      -> NON_EMPTY_GROUP
      x goes
      -> log: no current x, no target x, no member x, epoch
      -> x: epoch -1
      delete
      -> log: no target epoch, no partitions, no epoch
      -> NONE
      show
      -> GROUP_ID_NOT_FOUND
      restart
      show
      -> GROUP_ID_NOT_FOUND
    `)
  })
})
