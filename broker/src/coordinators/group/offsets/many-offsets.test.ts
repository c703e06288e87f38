/** A broker may keep a million offsets, and have ten thousand open transactions: nothing looks at all of them in one go. */
import { expect, test } from 'vitest'
import type { Core } from '../../../core.ts'
import { OFFSETS_TOPIC } from '../../../topic-names.ts'
import { oneStep, Turns } from '../../../turns.ts'
import { ErrorCode } from '../../../wire/errors.ts'
import type { CoordinatorHost, CoordinatorRecord } from '../../coordinator-host.ts'
import { CoordinatorRuntime } from '../../runtime/coordinator-runtime.ts'
import { ClassicGroup } from '../classic/classic-group.ts'
import { KAFKA_DEFAULTS } from '../group-config.ts'
import { GroupShard } from '../group-shard.ts'
import { deleteOffsetsOfTopics, expireOffsets } from './expiration.ts'
import { OffsetStore } from './offset-store.ts'

const committed = (offset: number, { topicId = '', commitTimestamp = 1 } = {}) => ({
  offset,
  leaderEpoch: -1,
  metadata: '',
  commitTimestamp,
  expireTimestamp: undefined,
  topicId,
})

test('OFFSET-STORE-2: what is pending is counted by partition, whatever transactions end or change', () => {
  const store = new OffsetStore()
  store.set('g', 't', 0, committed(1), 7)
  store.set('g', 't', 0, committed(2), 7)
  store.set('g', 't', 0, committed(3), 8)
  store.set('g', 't', 1, committed(4), 8)
  const pending = () => [store.isPending('g', 't', 0), store.isPending('g', 't', 1), store.hasAnyPending('g')]
  expect(pending()).toEqual([true, true, true])
  store.endTransaction(7, true)
  expect(pending()).toEqual([true, true, true])
  expect(store.get('g', 't', 0)?.offset).toBe(2)
  store.delete('g', 't', 0)
  expect(pending()).toEqual([false, true, true])
  expect(store.groupIds()).toEqual(['g'])
  store.endTransaction(8, false)
  expect(pending()).toEqual([false, false, false])
  expect([store.groupIds(), store.get('g', 't', 1)]).toEqual([[], undefined])
})

const COUNT = 2500
const RETENTION_MS = 1000

/** A shard with COUNT offsets of the topic t, on a host whose turns are always over soon: each read of the clock takes a ms. */
function shardWithMany() {
  let ms = 0
  const turns: (() => void)[] = []
  const written: CoordinatorRecord[][] = []
  const topics = new Map([['t', 'old']])
  const core = {
    clock: { now: () => 1_000_000, monotonicMs: () => ms++ },
    timers: {
      set: (_delayMs: number, fire: () => void) => {
        turns.push(fire)
        return { cancel: () => {} }
      },
    },
    log: () => {},
  } as unknown as Core
  const host = {
    core,
    turns: new Turns(core),
    topicId: (name: string) => topics.get(name),
    append: (...[, , records]: Parameters<CoordinatorHost['append']>) => {
      written.push([...records])
      return { error: ErrorCode.NONE, endOffset: written.length }
    },
    whenCommitted: (...[, , , , done]: Parameters<CoordinatorHost['whenCommitted']>) => {
      done(ErrorCode.NONE)
      return () => {}
    },
    replay: () => oneStep(() => 0),
  } as unknown as CoordinatorHost
  const config = { ...KAFKA_DEFAULTS, offsetsRetentionMs: RETENTION_MS }
  const life = { loaded: () => {}, unloaded: () => {} }
  const runtime = new CoordinatorRuntime({
    host,
    topic: OFFSETS_TOPIC,
    serves: 'groups',
    create: (context) => new GroupShard({ host, config, context, life }),
  })
  runtime.load(0, 0)
  const shard = runtime.find(0) as GroupShard
  shard.groups.set('g', new ClassicGroup('g', 0))
  for (let i = 0; i < COUNT; i++) shard.offsets.set('g', 't', i, committed(i, { topicId: 'old' }))
  /** Runs turns, by default all that are left; returns how many there were. */
  const runAll = (most = Number.POSITIVE_INFINITY): number => {
    for (let count = 0; ; count++) {
      const next = count < most ? turns.shift() : undefined
      if (!next) return count
      next()
    }
  }
  return { host, shard, topics, written, runAll }
}

test('OFFSET-EXPIRATION-2: many offsets expire in turns and in pieces; one that is committed meanwhile stays', () => {
  const { host, shard, written, runAll } = shardWithMany()
  expireOffsets(host, [shard])
  expect(runAll(100)).toBe(100)
  expect(shard.offsets.countOf('g')).toBe(COUNT)
  const fresh = committed(77, { commitTimestamp: 1_000_000 })
  shard.offsets.set('g', 't', 2400, fresh)
  shard.offsets.set('g', 't', 3, fresh)
  expect(runAll()).toBeGreaterThan(100)
  expect([...shard.offsets.each('g')].map(({ partition }) => partition)).toEqual([3, 2400])
  expect(written.map((records) => records.length)).toEqual([999, 1000, 499])
  expect(shard.groups.has('g')).toBe(true)
})

test('with the last piece of its offsets a group without members is deleted', () => {
  const { host, shard, written, runAll } = shardWithMany()
  expireOffsets(host, [shard])
  runAll()
  expect(written.map((records) => records.length)).toEqual([1000, 1000, 501])
  expect([shard.offsets.countOf('g'), shard.groups.has('g')]).toEqual([0, false])
})

test('the offsets of a deleted topic go in turns and in pieces, but not those of a new topic with its name', () => {
  const { host, shard, topics, written, runAll } = shardWithMany()
  shard.offsets.set('g', 'other', 0, committed(5))
  for (let i = 0; i < 1000; i++) shard.offsets.set(`g${i}`, 'other', 0, committed(5))
  topics.delete('t')
  deleteOffsetsOfTopics(host, [shard], new Set(['t']))
  topics.set('t', 'new')
  shard.offsets.set('g', 't', 2400, committed(1, { topicId: 'new' }))
  expect(runAll()).toBeGreaterThan(100)
  expect([...shard.offsets.each('g')].map(({ topic, partition }) => `${topic}-${partition}`)).toEqual([
    't-2400',
    'other-0',
  ])
  expect(written.map((records) => records.length)).toEqual([1000, 1000, 499])
  expect(shard.offsets.countOf('g999')).toBe(1)
})
