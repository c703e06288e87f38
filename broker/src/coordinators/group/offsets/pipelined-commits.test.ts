/** Offset commits over a log that takes its time, and what is lost with the leadership. In virtual time. */
import { describe, expect, test } from 'vitest'
import { CoordinatorStage } from '../../../../test/coordinator-fixtures.ts'
import { OFFSETS_TOPIC } from '../../../topic-names.ts'
import { ErrorCode, errorName } from '../../../wire/errors.ts'
import { ZERO_UUID } from '../../../wire/uuid.ts'
import type { Appended } from '../../coordinator-host.ts'
import { KAFKA_DEFAULTS } from '../group-config.ts'
import { GroupCoordinator } from '../group-coordinator.ts'
import type { Commit } from './commit.ts'

const GROUP = 'g'

class CommitStage extends CoordinatorStage {
  readonly story: string[] = []
  readonly groups = new GroupCoordinator({ host: this.host, config: KAFKA_DEFAULTS })

  tell(what: string): void {
    this.story.push(`${this.ms} ${what}`)
  }

  news(): string[] {
    return this.story.splice(0)
  }

  /** OffsetCommit of `offset` for t-`partition`; in the transaction of `producerId`, if it is given. */
  commit(partition: number, offset: number, producerId?: number): void {
    const committer = {
      groupId: GROUP,
      memberId: '',
      groupInstanceId: null,
      generationId: -1,
      apiVersion: 9,
      ...(producerId !== undefined && { transaction: { producerId, producerEpoch: 0 } }),
    }
    const commit: Commit = {
      topic: 't',
      topicId: ZERO_UUID,
      partition,
      offset,
      leaderEpoch: -1,
      metadata: null,
      retentionMs: undefined,
      errorCode: ErrorCode.NONE,
    }
    this.groups.commitOffsets(committer, [commit], () =>
      this.tell(`commit of t-${partition}: ${errorName(commit.errorCode)}`),
    )
  }

  fetch(partition: number, requireStable = false): void {
    const topics = [{ name: 't', partitionIndexes: [partition] }]
    const request = { groupId: GROUP, memberId: null, memberEpoch: -1, topics, requireStable }
    this.groups.fetchOffsets(request, ({ errorCode, topics: fetched }) => {
      const found = fetched[0]?.partitions[0]
      const code = errorCode || (found?.errorCode ?? 0)
      this.tell(`t-${partition} is at ${code ? errorName(code) : found?.committedOffset}`)
    })
  }

  /** The marker of a transaction. */
  end(producerId: number, committed: boolean): void {
    const entry = {
      kind: 'end of transaction',
      producer: { producerId, producerEpoch: 0 },
      committed,
    } as const
    const write = (): Appended => this.append(OFFSETS_TOPIC, 0, [entry])
    this.groups.completeTransaction(0, { producerId, committed }, write, 30_000, (error) =>
      this.tell(`marker: ${errorName(error)}`),
    )
  }
}

/** A coordinator whose log commits after 50 ms. */
function started(): CommitStage {
  const stage = new CommitStage()
  stage.commitMs = 50
  stage.groups.onElection(0, 5)
  return stage
}

describe('a log that takes 50 ms', () => {
  test('GROUP-SHARD-2: 20 commits of one group are answered after 50 ms each', () => {
    const stage = started()
    for (let i = 0; i < 20; i++) stage.commit(i, i)
    stage.time.run(2000)
    expect(stage.news()).toEqual(Array.from({ length: 20 }, (_, i) => `50 commit of t-${i}: NONE`))
  })

  test('GROUP-SHARD-2: commits that come every 10 ms, too', () => {
    const stage = started()
    for (let i = 0; i < 20; i++) {
      stage.commit(i, i)
      stage.time.run(10)
    }
    stage.time.run(2000)
    expect(stage.news()).toEqual(
      Array.from({ length: 20 }, (_, i) => `${50 + 10 * i} commit of t-${i}: NONE`),
    )
  })

  test('GROUP-COORDINATOR-4: a fetch tells an offset when it is committed', () => {
    const stage = started()
    stage.commit(0, 7)
    stage.time.run(10)
    stage.fetch(0)
    stage.time.run(100)
    stage.fetch(0)
    expect(stage.news()).toEqual(['50 commit of t-0: NONE', '50 t-0 is at 7', '110 t-0 is at 7'])
  })

  test('GROUP-COORDINATOR-4: a deleted group is gone when that is committed', () => {
    const stage = started()
    stage.commit(0, 7)
    stage.time.run(100)
    stage.groups.deleteGroup(GROUP, (error) => stage.tell(`delete: ${errorName(error)}`))
    stage.fetch(0)
    stage.commit(0, 8)
    stage.time.run(100)
    stage.fetch(0)
    expect(stage.news()).toEqual([
      '50 commit of t-0: NONE',
      '150 delete: NONE',
      '150 t-0 is at -1',
      '150 commit of t-0: NONE',
      '200 t-0 is at 8',
    ])
  })

  test('GROUP-SHARD-2: a marker is answered when it is committed, and ends the transaction at once', () => {
    const stage = started()
    stage.commit(0, 7, 9)
    stage.time.run(100)
    stage.end(9, true)
    stage.fetch(0, true)
    stage.time.run(100)
    expect(stage.news()).toEqual(['50 commit of t-0: NONE', '150 marker: NONE', '150 t-0 is at 7'])
  })
})

describe('the leadership moves', () => {
  test('GROUP-COORDINATOR-1, GROUP-COORDINATOR-2: what was appended and lost is refused, and not there when this node leads again', () => {
    const stage = started()
    stage.commit(0, 7)
    stage.time.run(100)
    stage.commit(0, 8)
    stage.commit(1, 1)
    stage.fetch(0)
    stage.groups.onResignation(0, 6)
    stage.truncate(OFFSETS_TOPIC, 0)
    stage.groups.onElection(0, 7)
    stage.time.run(100)
    stage.fetch(0)
    stage.fetch(1)
    expect(stage.news()).toEqual([
      '50 commit of t-0: NONE',
      '100 commit of t-0: NOT_COORDINATOR',
      '100 commit of t-1: NOT_COORDINATOR',
      '100 t-0 is at NOT_COORDINATOR',
      '200 t-0 is at 7',
      '200 t-1 is at -1',
    ])
    stage.groups.close()
    expect(stage.timersLeft).toBe(0)
  })

  test('GROUP-COORDINATOR-3: while the partition is loaded requests wait for it, but a heartbeat does not fail', () => {
    const stage = started()
    stage.commit(0, 7, 9)
    stage.time.run(100)
    stage.groups.onResignation(0, 6)
    stage.readMs = 10
    stage.groups.onElection(0, 7)
    stage.news()
    stage.fetch(0)
    stage.commit(0, 8)
    const beat = { groupId: GROUP, generationId: 1, memberId: 'm', groupInstanceId: null }
    const client = { apiVersion: 4, clientId: 'c', clientHost: '/h' }
    stage.groups.heartbeat(beat, client, (error) => stage.tell(`heartbeat: ${errorName(error)}`))
    stage.end(9, true)
    const listing = stage.groups.listGroups({ statesFilter: [], typesFilter: [] })
    expect(listing.next().value).toEqual({ errorCode: ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, groups: [] })
    expect(stage.log(OFFSETS_TOPIC, 0).entries).toHaveLength(1)
    stage.time.run(100)
    stage.end(9, true)
    stage.time.run(100)
    stage.fetch(0)
    expect(stage.news()).toEqual([
      '100 t-0 is at COORDINATOR_LOAD_IN_PROGRESS',
      '100 commit of t-0: COORDINATOR_LOAD_IN_PROGRESS',
      '100 heartbeat: NONE',
      '100 marker: COORDINATOR_LOAD_IN_PROGRESS',
      '250 marker: NONE',
      '300 t-0 is at 7',
    ])
  })

  test('GROUP-COORDINATOR-4: groups are listed when they are committed; those of a lost partition are left out', () => {
    const stage = started()
    const listed: string[] = []
    const list = (): void => {
      stage.host.turns.run(
        stage.groups.listGroups({ statesFilter: [], typesFilter: [] }),
        ({ groups }) => listed.push(`${stage.ms} ${groups.map(({ groupId }) => groupId).join()}`),
        (error) => listed.push(String(error)),
      )
    }
    stage.commit(0, 7)
    list()
    stage.time.run(100)
    stage.commit(0, 8)
    list()
    stage.groups.onResignation(0)
    stage.time.run(100)
    expect(listed).toEqual(['50 g', '100 '])
  })
})
