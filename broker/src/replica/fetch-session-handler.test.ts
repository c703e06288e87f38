/** The client's side of a fetch session, alone and beside the broker's. */
import { describe, expect, test } from 'vitest'
import { TOPIC_ID } from '../../test/log-fixtures.ts'
import { ErrorCode } from '../wire/errors.ts'
import { FetchSessions } from './fetch-session.ts'
import { FetchSessionHandler, keyOf, type PartitionFetch } from './fetch-session-handler.ts'

const NONE = { errorCode: ErrorCode.NONE }

/** Partitions by index, each with its fetch offset. */
function wantedOf(offsets: Readonly<Record<number, number>>, changed: Partial<PartitionFetch> = {}) {
  return new Map(
    Object.entries(offsets).map(([index, fetchOffset]): [string, PartitionFetch] => [
      keyOf(TOPIC_ID, Number(index)),
      {
        topic: 't',
        topicId: TOPIC_ID,
        index: Number(index),
        leaderEpoch: 5,
        fetchOffset,
        lastFetchedEpoch: 4,
        logStartOffset: 0,
        ...changed,
      },
    ]),
  )
}

/** A handler with a session, and what the next request for these partitions looks like. */
function stage() {
  const handler = new FetchSessionHandler()
  const next = (offsets: Readonly<Record<number, number>>, changed: Partial<PartitionFetch> = {}) => {
    const { sessionId, sessionEpoch, named, forgotten } = handler.next(wantedOf(offsets, changed))
    const names = named.map(({ index }) => index)
    const gone = forgotten.map(({ index }) => `-${index}`)
    return `${sessionId}/${sessionEpoch}: ${[...names, ...gone].join(' ')}`
  }
  return { handler, next }
}

test('the first request names all partitions, the following ones what changed', () => {
  const { handler, next } = stage()
  expect(next({ 0: 10, 1: 20, 2: 30 })).toBe('0/0: 0 1 2')
  handler.onResponse({ ...NONE, sessionId: 77 })
  expect(next({ 0: 10, 1: 20, 2: 30 })).toBe('77/1: ')
  handler.onResponse({ ...NONE, sessionId: 77 })
  expect(next({ 0: 11, 1: 20 })).toBe('77/2: 0 -2')
  handler.onResponse({ ...NONE, sessionId: 77 })
  expect(next({ 0: 11, 1: 20, 2: 30 })).toBe('77/3: 2')
})

test('FETCH-SESSION-HANDLER-2: a partition is named again when any of its values has changed', () => {
  for (const changed of [
    { leaderEpoch: 6 },
    { lastFetchedEpoch: 5 },
    { logStartOffset: 1 },
    { fetchOffset: 9 },
  ]) {
    const { handler, next } = stage()
    next({ 0: 10 })
    handler.onResponse({ ...NONE, sessionId: 77 })
    expect(next({ 0: 10 }, changed), JSON.stringify(changed)).toBe('77/1: 0')
  }
})

test('without a session on the leader all partitions are named each time', () => {
  const { handler, next } = stage()
  next({ 0: 10 })
  handler.onResponse({ ...NONE, sessionId: 0 })
  expect(next({ 0: 10 })).toBe('0/0: 0')
})

describe('FETCH-SESSION-HANDLER-1: all partitions are named again', () => {
  test.each([
    [
      'the leader has dropped the session',
      { errorCode: ErrorCode.FETCH_SESSION_ID_NOT_FOUND, sessionId: 0 },
      '0/0: 0 1',
    ],
    ['a response was lost', { errorCode: ErrorCode.INVALID_FETCH_SESSION_EPOCH, sessionId: 0 }, '77/0: 0 1'],
    ['no response has arrived', undefined, '77/0: 0 1'],
  ])('%s', (_, response, expected) => {
    const { handler, next } = stage()
    next({ 0: 10, 1: 20 })
    handler.onResponse({ ...NONE, sessionId: 77 })
    next({ 0: 11, 1: 20 })
    handler.onResponse(response)
    expect(next({ 0: 11, 1: 20 })).toBe(expected)
    handler.onResponse({ ...NONE, sessionId: 78 })
    expect(next({ 0: 11, 1: 20 })).toBe('78/1: ')
  })
})

test('FETCH-SESSION-HANDLER-3: beside a broker, epochs agree request by request', () => {
  const sessions = new FetchSessions(
    { slotsMax: 1, idleMsMin: 0 },
    () => 41,
    () => 0,
  )
  const handler = new FetchSessionHandler()
  for (let round = 0; round < 5; round++) {
    const { sessionId, sessionEpoch, named, forgotten } = handler.next(wantedOf({ 0: round, 1: 7 }))
    const targets = named.map((fetch) => ({ ...fetch, currentLeaderEpoch: 5, bytesMax: 100 }))
    const opened = sessions.open({ sessionId, sessionEpoch, byId: true, targets, forgotten })
    if (typeof opened === 'number') throw new Error(`round ${round}: error ${opened}`)
    expect(opened.targets.map(({ index, fetchOffset }) => [index, fetchOffset])).toEqual([
      [0, round],
      [1, 7],
    ])
    handler.onResponse({ ...NONE, sessionId: opened.sessionId })
  }
})
