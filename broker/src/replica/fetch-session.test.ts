import { beforeEach, describe, expect, test } from 'vitest'
import { ErrorCode } from '../wire/errors.ts'
import { type FetchContext, FetchSessions } from './fetch-session.ts'
import type { FetchedPartition, FetchTarget } from './fetched.ts'

const target = (index: number, fetchOffset = 0): FetchTarget => ({
  topic: 'orders',
  topicId: 'id',
  index,
  fetchOffset,
  currentLeaderEpoch: -1,
  lastFetchedEpoch: -1,
  bytesMax: 1000,
})
const result = (change: Partial<FetchedPartition> = {}): FetchedPartition => ({
  errorCode: ErrorCode.NONE,
  highWatermark: 5,
  lastStableOffset: 5,
  logStartOffset: 0,
  records: new Uint8Array(0),
  abortedTransactions: null,
  ...change,
})
const RECORDS = { records: Uint8Array.of(1) }

let now: number
let sessions: FetchSessions
beforeEach(() => {
  now = 0
  let id = 100
  sessions = new FetchSessions(
    { slotsMax: 2, idleMsMin: 1000 },
    () => id++,
    () => now,
  )
})
const ask = (
  sessionId: number,
  sessionEpoch: number,
  targets: FetchTarget[] = [],
  forgotten: number[] = [],
) =>
  sessions.open({
    sessionId,
    sessionEpoch,
    byId: false,
    targets,
    forgotten: forgotten.map((index) => ({ topic: 'orders', topicId: 'id', index })),
  })
const opened = (context: FetchContext | ErrorCode): FetchContext => {
  if (typeof context === 'number') throw new Error(`refused: ${context}`)
  return context
}
const partitions = (context: FetchContext): number[] => context.targets.map(({ index }) => index)
const changedOf = (context: FetchContext, ...results: FetchedPartition[]): number[] =>
  context.selectChanged(results).map(({ target }) => target.index)

describe('a session', () => {
  test('FETCH-SESSION-5: keeps the name of an id, whether or not the id is sent again, and learns one that it lacks', () => {
    const open = (sessionEpoch: number, topic: string | undefined, targets: FetchTarget[]) =>
      opened(
        sessions.open({
          ...{ sessionId: 100, sessionEpoch, byId: true, forgotten: [], nameOf: () => topic },
          targets: targets.map((each) => ({ ...each, topic })),
        }),
      )
    const names = ({ targets }: FetchContext) => targets.map(({ topic }) => topic)
    open(0, undefined, [target(0)])
    expect(names(open(1, 'orders', []))).toEqual(['orders'])
    expect(names(open(2, undefined, [target(0)]))).toEqual(['orders'])
    expect(names(open(3, undefined, []))).toEqual(['orders'])
  })

  test('starts with all partitions and continues with changes', () => {
    const first = opened(ask(0, 0, [target(0), target(1), target(2)]))
    expect(first.sessionId).toBe(100)
    expect(changedOf(first, result(), result(), result())).toEqual([0, 1, 2])
    const second = opened(ask(100, 1))
    expect(partitions(second)).toEqual([0, 1, 2])
    expect(changedOf(second, result(), result(RECORDS), result({ highWatermark: 6 }))).toEqual([1, 2])
  })

  test('FETCH-SESSION-1: an error is returned each time, and so is the first result after it', () => {
    opened(ask(0, 0, [target(0)])).selectChanged([result()])
    const failed = result({ errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER })
    expect(changedOf(opened(ask(100, 1)), failed)).toEqual([0])
    expect(changedOf(opened(ask(100, 2)), failed)).toEqual([0])
    expect(changedOf(opened(ask(100, 3)), result())).toEqual([0])
    expect(changedOf(opened(ask(100, 4)), result())).toEqual([])
  })

  test('FETCH-SESSION-3: partitions with records move to the end, except after the first response', () => {
    opened(ask(0, 0, [target(0), target(1), target(2)])).selectChanged([result(RECORDS), result(), result()])
    const second = opened(ask(100, 1))
    expect(partitions(second)).toEqual([0, 1, 2])
    second.selectChanged([result(RECORDS), result(), result()])
    expect(partitions(opened(ask(100, 2)))).toEqual([1, 2, 0])
  })

  test('a request adds, updates and removes partitions; without partitions the session ends', () => {
    opened(ask(0, 0, [target(0), target(1)])).selectChanged([result(), result()])
    const moved = opened(ask(100, 1, [target(1, 9), target(2)], [0]))
    expect(moved.targets.map(({ index, fetchOffset }) => [index, fetchOffset])).toEqual([
      [1, 9],
      [2, 0],
    ])
    expect(opened(ask(100, 2, [], [1, 2])).sessionId).toBe(0)
    expect(ask(100, 3)).toBe(ErrorCode.FETCH_SESSION_ID_NOT_FOUND)
  })

  test('FETCH-SESSION-2: an epoch other than the next one is refused, and epochs wrap to 1', () => {
    opened(ask(0, 0, [target(0)]))
    expect(ask(100, 2)).toBe(ErrorCode.INVALID_FETCH_SESSION_EPOCH)
    opened(ask(100, 1))
    expect(ask(100, 1)).toBe(ErrorCode.INVALID_FETCH_SESSION_EPOCH)
  })

  test('can be ended by the client, and ends when the client starts a new one', () => {
    opened(ask(0, 0, [target(0)]))
    expect(opened(ask(100, -1, [target(0)])).sessionId).toBe(0)
    expect(sessions.size).toBe(0)
    opened(ask(0, 0, [target(0)]))
    expect(opened(ask(101, 0, [target(0)])).sessionId).toBe(102)
    expect(sessions.size).toBe(1)
  })
})

test('names after ids, or ids after names, are refused', () => {
  opened(ask(0, 0, [target(0)]))
  const answer = sessions.open({ sessionId: 100, sessionEpoch: 1, byId: true, targets: [], forgotten: [] })
  expect(answer).toBe(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR)
})

test('without a free slot there is no session, until another one is idle long enough', () => {
  opened(ask(0, 0, [target(0)]))
  opened(ask(0, 0, [target(0)]))
  expect(opened(ask(0, 0, [target(0)])).sessionId).toBe(0)
  now = 900
  opened(ask(100, 1))
  now = 1500
  expect(opened(ask(0, 0, [target(0)])).sessionId).toBe(102)
  expect(ask(101, 1)).toBe(ErrorCode.FETCH_SESSION_ID_NOT_FOUND)
  expect(opened(ask(100, 2)).sessionId).toBe(100)
})

test('FETCH-SESSION-4: a request with too many partitions gets all results, and no session', () => {
  const many = (count: number, from = 0): FetchTarget[] =>
    Array.from({ length: count }, (_, i) => target(from + i))
  const large = opened(ask(0, 0, many(20_001)))
  expect([large.sessionId, large.targets.length]).toEqual([0, 20_001])
  const { sessionId } = opened(ask(0, 0, many(20_000)))
  expect(sessionId).toBeGreaterThan(0)
  expect(ask(sessionId, 1, many(20_001, 20_000))).toBe(ErrorCode.FETCH_SESSION_ID_NOT_FOUND)
})
