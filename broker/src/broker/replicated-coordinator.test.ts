/** The group coordinator over a partition with a follower: what it appends is committed when the follower has it. */
import { expect, test } from 'vitest'
import { assigned, leadingNode } from '../../test/hosted-fixtures.ts'
import type { MetadataImage } from '../controller/metadata/metadata-image.ts'
import type { CoordinatorHost } from '../coordinators/coordinator-host.ts'
import { NO_EXPRESSIONS } from '../coordinators/expressions.ts'
import { KAFKA_DEFAULTS } from '../coordinators/group/group-config.ts'
import { GroupCoordinator } from '../coordinators/group/group-coordinator.ts'
import type { Commit } from '../coordinators/group/offsets/commit.ts'
import { NO_CODECS } from '../record/compression.ts'
import type { AssignedPartition } from '../replica/assignment.ts'
import { Turns } from '../turns.ts'
import { ErrorCode, errorName } from '../wire/errors.ts'
import { ZERO_UUID } from '../wire/uuid.ts'
import { CoordinatorElections } from './coordinator-elections.ts'
import { coordinatorHost } from './coordinator-logs.ts'

/** Node 1 leads the coordinator's only partition, which is t-0 here; node 2 follows. */
function stage(partition: AssignedPartition, minInsyncReplicas = 1) {
  const node = leadingNode([partition], minInsyncReplicas)
  const { time, core, replicas } = node
  const options = {
    core,
    nodeId: 1,
    replicas,
    codecs: NO_CODECS,
    turns: new Turns(core),
    expressions: NO_EXPRESSIONS,
  }
  const below = coordinatorHost(options as unknown as Parameters<typeof coordinatorHost>[0])
  const host: CoordinatorHost = {
    ...below,
    partitionCount: () => 1,
    append: (...[, index, records, transaction]) => below.append('t', index, records, transaction),
    whenCommitted: (...[, ...rest]) => below.whenCommitted('t', ...rest),
    replay: (...[, index, visit]) => below.replay('t', index, visit),
  }
  const groups = new GroupCoordinator({ host, config: KAFKA_DEFAULTS })
  const elections = new CoordinatorElections({
    replicas,
    coordinators: [{ topic: 't', coordinator: groups }],
  })
  const elect = (): void => elections.apply(node.metadata() as unknown as MetadataImage)
  elect()
  /** The metadata says so: the replicas follow it first, then the coordinator. */
  const publish = (next: AssignedPartition): void => {
    node.apply([next])
    elect()
  }
  const story: string[] = []
  const tell = (what: string): void => void story.push(`${time.monotonicMs()} ${what}`)
  const news = (): string[] => story.splice(0)
  const commit = (offset: number): void => {
    const committer = { groupId: 'g', memberId: '', groupInstanceId: null, generationId: -1, apiVersion: 9 }
    const one: Commit = {
      topic: 'orders',
      topicId: ZERO_UUID,
      partition: 0,
      offset,
      leaderEpoch: -1,
      metadata: null,
      retentionMs: undefined,
      errorCode: ErrorCode.NONE,
    }
    groups.commitOffsets(committer, [one], () => tell(`commit ${offset}: ${errorName(one.errorCode)}`))
  }
  const fetchOffset = (): void => {
    const topics = [{ name: 'orders', partitionIndexes: [0] }]
    const request = { groupId: 'g', memberId: null, memberEpoch: -1, topics, requireStable: true }
    groups.fetchOffsets(request, ({ errorCode, topics: fetched }) =>
      tell(errorCode ? errorName(errorCode) : `is at ${fetched[0]!.partitions[0]!.committedOffset}`),
    )
  }
  /** Node 2 has fetched everything below `offset`. */
  const follow = (offset: number): void => node.fetch(0, offset)
  return { time, publish, news, commit, fetchOffset, follow }
}

test('COORDINATOR-LOGS-1: 20 commits are answered when the follower has fetched them, in order', () => {
  const { time, news, commit, fetchOffset, follow } = stage(assigned([1, 2]))
  for (let offset = 0; offset < 20; offset++) commit(offset)
  fetchOffset()
  time.run(30)
  follow(3)
  expect(news()).toEqual(['30 commit 0: NONE', '30 commit 1: NONE', '30 commit 2: NONE'])
  time.run(20)
  follow(20)
  const rest = Array.from({ length: 17 }, (_, i) => `50 commit ${i + 3}: NONE`)
  expect(news()).toEqual([...rest, '50 is at 19'])
})

test('with too few replicas in the ISR a commit is refused, and has changed nothing', () => {
  const { news, commit, fetchOffset } = stage(assigned([1, 2], { isr: [1] }), 2)
  commit(5)
  fetchOffset()
  expect(news()).toEqual(['0 commit 5: COORDINATOR_NOT_AVAILABLE', '0 is at -1'])
})

test('a follower that does not fetch: the commit is answered after offsets.commit.timeout.ms', () => {
  const { time, news, commit } = stage(assigned([1, 2]))
  commit(5)
  time.run(10_000)
  expect(news()).toEqual(['5000 commit 5: COORDINATOR_NOT_AVAILABLE'])
})

test('when the leadership moves, what waits is refused; when it comes back, what was loaded is served when it is committed', () => {
  const { time, publish, news, commit, fetchOffset, follow } = stage(assigned([1, 2]))
  commit(5)
  follow(1)
  commit(6)
  fetchOffset()
  time.run(10)
  publish(assigned([1, 2], { leader: 2, leaderEpoch: 1, partitionEpoch: 1 }))
  fetchOffset()
  expect(news()).toEqual([
    '0 commit 5: NONE',
    '10 commit 6: NOT_COORDINATOR',
    '10 NOT_COORDINATOR',
    '10 NOT_COORDINATOR',
  ])
  publish(assigned([1, 2], { leaderEpoch: 2, partitionEpoch: 2 }))
  fetchOffset()
  time.run(10)
  expect(news()).toEqual([])
  follow(2)
  expect(news()).toEqual(['20 is at 6'])
})
