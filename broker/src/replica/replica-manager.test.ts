/** Which replicas a node hosts, and which it serves, while the metadata changes. */
import { expect, test } from 'vitest'
import { assigned, imageOf } from '../../test/hosted-fixtures.ts'
import { TestClock, testLog } from '../../test/log-fixtures.ts'
import { type Core, StorageError } from '../core.ts'
import type { LogManager } from '../log/log-manager.ts'
import { ErrorCode, type KafkaError } from '../wire/errors.ts'
import { ReplicaManager } from './replica-manager.ts'

const NODE = 1
const ANOTHER = 2

/** A node with logs in memory; operations on them are recorded as lines of text. */
function hosting(openFails: (topic: string) => boolean = () => false, code = 'EIO') {
  const timers: (() => void)[] = []
  const story: string[] = []
  const logs = {
    open: (topic: string) => {
      if (openFails(topic)) throw new StorageError('open', `${topic}-0`, code)
      story.push(`open ${topic}`)
      return testLog()
    },
    delete: ({ topic }: { topic: string }) => void story.push(`delete ${topic}`),
  } as unknown as LogManager
  const core = {
    clock: new TestClock(),
    timers: { set: (_: number, fire: () => void) => ({ cancel: () => {}, at: timers.push(fire) }) },
    log: () => {},
  }
  const replicas = new ReplicaManager({
    core: core as unknown as Core,
    nodeId: NODE,
    logs,
    sessions: { slotsMax: 1, idleMsMin: 0 },
  })
  /**
   * Applies metadata in which each topic has one partition, with this leader and epoch; its replicas are this node and another
   * one, unless others are given.
   */
  const apply = (
    leaders: Record<string, [leader: number, leaderEpoch: number, replicas?: readonly number[]]>,
  ): void => {
    const topics = Object.entries(leaders).map(
      ([name, [leader, leaderEpoch, replicas = [NODE, ANOTHER]]]) => [
        name,
        [assigned(replicas, { leader, leaderEpoch, partitionEpoch: leaderEpoch })],
      ],
    )
    const following = replicas.apply(imageOf(Object.fromEntries(topics)), { isOver: false })
    while (!following.next().done) {}
  }
  const errorOf = (topic: string): ErrorCode => {
    try {
      replicas.leader(topic, 0)
      return ErrorCode.NONE
    } catch (error) {
      return (error as KafkaError).code
    }
  }
  return { replicas, apply, errorOf, story, timers }
}

test('REPLICA-MANAGER-1: a partition is served while this node is its leader in the metadata', () => {
  const { apply, errorOf } = hosting()
  expect(errorOf('t')).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  apply({ t: [NODE, 0] })
  expect(errorOf('t')).toBe(ErrorCode.NONE)
  apply({ t: [ANOTHER, 1] })
  expect(errorOf('t')).toBe(ErrorCode.NOT_LEADER_OR_FOLLOWER)
  apply({})
  expect(errorOf('t')).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
})

test('REPLICA-MANAGER-3: a log is opened once: a node that becomes the leader again continues with it, in the new epoch', () => {
  const { replicas, apply, story } = hosting()
  apply({ t: [NODE, 0] })
  const { log } = replicas.leader('t', 0)
  apply({ t: [ANOTHER, 1] })
  apply({ t: [NODE, 2] })
  expect(replicas.leader('t', 0).log).toBe(log)
  expect(replicas.leader('t', 0).leaderEpoch).toBe(2)
  expect(story).toEqual(['open t'])
})

test('REPLICA-MANAGER-3: a follower has an open log; it is deleted with its topic', () => {
  const { apply, story } = hosting()
  apply({ t: [NODE, 0] })
  apply({ t: [ANOTHER, 1] })
  apply({})
  expect(story).toEqual(['open t', 'delete t'])
})

test('REPLICA-MANAGER-3: a replica that is moved to another node is deleted here', () => {
  const { replicas, apply, errorOf, story } = hosting()
  apply({ t: [NODE, 0] })
  apply({ t: [ANOTHER, 1, [ANOTHER, 3]] })
  expect(story).toEqual(['open t', 'delete t'])
  expect(replicas.replica('t', 0)).toBeUndefined()
  expect(errorOf('t')).toBe(ErrorCode.NOT_LEADER_OR_FOLLOWER)
  apply({ t: [NODE, 2] })
  expect(story).toEqual(['open t', 'delete t', 'open t'])
})

test('REPLICA-MANAGER-3: a node without a replica opens nothing', () => {
  const { apply, errorOf, story } = hosting()
  apply({ t: [ANOTHER, 0, [ANOTHER]] })
  expect([story, errorOf('t')]).toEqual([[], ErrorCode.NOT_LEADER_OR_FOLLOWER])
})

test('REPLICA-MANAGER-2: a failing disk of one partition does not affect the others', () => {
  const { apply, errorOf } = hosting((topic) => topic === 'broken')
  apply({ broken: [NODE, 0], t: [NODE, 0] })
  expect(errorOf('broken')).toBe(ErrorCode.KAFKA_STORAGE_ERROR)
  expect(errorOf('t')).toBe(ErrorCode.NONE)
})

test('opening a log is retried if file descriptors are missing, and not for other errors', () => {
  for (const code of ['EMFILE', 'EIO']) {
    let isFull = true
    const { replicas, apply, errorOf, timers } = hosting(() => isFull, code)
    apply({ t: [NODE, 0] })
    expect(errorOf('t')).toBe(ErrorCode.KAFKA_STORAGE_ERROR)
    for (const fire of timers.splice(0)) fire()
    expect(errorOf('t')).toBe(ErrorCode.KAFKA_STORAGE_ERROR)
    isFull = false
    for (const fire of timers.splice(0)) fire()
    expect(errorOf('t')).toBe(code === 'EMFILE' ? ErrorCode.NONE : ErrorCode.KAFKA_STORAGE_ERROR)
    expect(replicas.offlinePartitions().size).toBe(code === 'EMFILE' ? 0 : 1)
  }
})

test('a partition whose files are lost is refused; its topic can be deleted', () => {
  const { replicas, apply, errorOf } = hosting()
  apply({ t: [NODE, 0] })
  replicas.lose('t', 0, new StorageError('look for', 't-0', 'ENOENT'))
  expect(errorOf('t')).toBe(ErrorCode.KAFKA_STORAGE_ERROR)
  apply({})
  expect(errorOf('t')).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  expect(replicas.offlinePartitions().size).toBe(0)
})
