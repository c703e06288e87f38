/** A Produce with acks=all: what it waits for, and how the wait ends. */
import { expect, test } from 'vitest'
import { assigned, leadingNode } from '../../test/hosted-fixtures.ts'
import { batchOf } from '../../test/log-fixtures.ts'
import { ErrorCode } from '../wire/errors.ts'
import { awaitReplicas } from './delayed-produce.ts'

const TIMEOUT_MS = 1000

/** Node 1 with two partitions, which it leads; node 2 follows. */
function stage(partitions = [assigned([1, 2]), assigned([1, 2])], minInsyncReplicas = 1) {
  const node = leadingNode(partitions, minInsyncReplicas)
  const { replicas } = node
  const story: string[] = []
  /** Appends to these partitions, and waits. */
  const produce = (...indexes: number[]): (() => void) => {
    const appends = indexes.flatMap((index) => {
      const partition = replicas.leader('t', index)
      return partition.awaited('append', partition.append(batchOf(['a']), 'client').lastOffset + 1) ?? []
    })
    return awaitReplicas(replicas, appends, TIMEOUT_MS, (results) => story.push(results.join(' ')))
  }
  return { ...node, produce, story }
}

test('with one replica it is answered within the call', () => {
  const { produce, story } = stage([assigned([1])])
  produce(0)
  expect(story).toEqual([''])
})

test('DELAYED-PRODUCE-1, DELAYED-PRODUCE-2: it is answered when the ISR has the records of all partitions', () => {
  const { produce, fetch, story } = stage()
  produce(0, 1)
  fetch(0, 1)
  fetch(1, 0)
  expect(story).toEqual([])
  fetch(1, 1)
  expect(story).toEqual(['0 0'])
})

test('DELAYED-PRODUCE-1: not by records below its own', () => {
  const { produce, fetch, story } = stage()
  produce(0)
  produce(0)
  fetch(0, 1)
  expect(story).toEqual(['0'])
})

test('DELAYED-PRODUCE-2: after the timeout the partitions that are not acknowledged have REQUEST_TIMED_OUT', () => {
  const { time, produce, fetch, story } = stage()
  produce(0, 1)
  fetch(1, 1)
  time.run(TIMEOUT_MS - 1)
  expect(story).toEqual([])
  time.run(1)
  expect(story).toEqual([`${ErrorCode.REQUEST_TIMED_OUT} 0`])
  fetch(0, 1)
  time.run(TIMEOUT_MS)
  expect(story).toHaveLength(1)
})

test('DELAYED-PRODUCE-3: NOT_LEADER_OR_FOLLOWER when another node is elected meanwhile, even if this one is elected again', () => {
  const { apply, produce, fetch, story } = stage([assigned([1, 2])])
  produce(0)
  apply([assigned([1, 2], { leader: 2, leaderEpoch: 1, partitionEpoch: 1 })])
  expect(story).toEqual([`${ErrorCode.NOT_LEADER_OR_FOLLOWER}`])
  apply([assigned([1, 2], { leaderEpoch: 2, partitionEpoch: 2 })])
  fetch(0, 1)
  expect(story).toHaveLength(1)
})

test('DELAYED-PRODUCE-3: a new epoch of the same leader does not end the wait', () => {
  const { apply, produce, fetch, story } = stage([assigned([1, 2])])
  produce(0)
  apply([assigned([1, 2], { leaderEpoch: 1, partitionEpoch: 1 })])
  expect(story).toEqual([])
  fetch(0, 1)
  expect(story).toEqual(['0'])
})

test('UNKNOWN_TOPIC_OR_PARTITION when the topic is deleted meanwhile, KAFKA_STORAGE_ERROR when the disk fails', () => {
  const { replicas, apply, produce, story } = stage()
  produce(0)
  produce(1)
  replicas.lose('t', 1, new Error('lost'))
  apply([])
  expect(story).toEqual([`${ErrorCode.KAFKA_STORAGE_ERROR}`, `${ErrorCode.UNKNOWN_TOPIC_OR_PARTITION}`])
})

test('NOT_ENOUGH_REPLICAS_AFTER_APPEND when the ISR has shrunk below min.insync.replicas meanwhile', () => {
  const { replicas, apply, produce, story } = stage([assigned([1, 2])], 2)
  produce(0)
  apply([assigned([1, 2], { partitionEpoch: 1, isr: [1] })])
  expect(story).toEqual([])
  // The high watermark stays; it passes the record only if a later ISR is large enough, and then shrinks again.
  const { log } = replicas.leader('t', 0)
  log.highWatermark = 1
  replicas.moved(replicas.leader('t', 0))
  expect(story).toEqual([`${ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND}`])
})

test('NOT_ENOUGH_REPLICAS before the append: nothing is appended', () => {
  const { replicas } = stage([assigned([1, 2], { isr: [1] })], 2)
  const partition = replicas.leader('t', 0)
  const prepared = () => partition.prepare(batchOf(['a'])).step()!
  expect(() => partition.appendPrepared(prepared(), 0, true)).toThrow(
    expect.objectContaining({ code: ErrorCode.NOT_ENOUGH_REPLICAS }),
  )
  expect(partition.logEndOffset).toBe(0)
  partition.appendPrepared(prepared(), 0, false)
  expect([partition.logEndOffset, partition.log.highWatermark]).toEqual([1, 0])
})

test('a cancelled wait is not answered', () => {
  const { time, produce, fetch, story } = stage()
  const cancel = produce(0)
  cancel()
  fetch(0, 1)
  time.run(TIMEOUT_MS)
  expect(story).toEqual([])
})

test('DELAYED-PRODUCE-4: another partition does not look at it', () => {
  const { replicas, produce, fetch, story } = stage()
  produce(0)
  const { leadership } = replicas.leader('t', 0)
  let looks = 0
  const { acknowledged } = leadership!
  leadership!.acknowledged = (offset) => {
    looks++
    return acknowledged.call(leadership, offset)
  }
  produce(1)
  fetch(1, 1)
  expect(looks).toBe(0)
  fetch(0, 1)
  expect([looks, story]).toEqual([1, ['0', '0']])
})
