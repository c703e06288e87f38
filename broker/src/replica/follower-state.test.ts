/** What a leader concludes from the Fetches of a follower. */
import { expect, test } from 'vitest'
import {
  type FollowerFetch,
  type FollowerState,
  followerAfterFetch,
  followerInNewEpoch,
  isCaughtUp,
  unknownFollower,
} from './follower-state.ts'

const LAG_MS_MAX = 100

const after = (state: FollowerState, fetchOffset: number, leaderEndOffset: number, nowMs: number) => {
  const fetch: FollowerFetch = { fetchOffset, leaderEndOffset, nowMs, logStartOffset: 0, brokerEpoch: 7 }
  return followerAfterFetch(state, fetch)
}

const isInSync = (state: FollowerState, leaderEndOffset: number, nowMs: number) =>
  isCaughtUp(state, { leaderEndOffset, nowMs, lagMsMax: LAG_MS_MAX })

test('a follower that fetches from the log end is caught up now', () => {
  const state = after(unknownFollower(false, 0), 5, 5, 1000)
  expect(state).toMatchObject({ logEndOffset: 5, lastCaughtUpMs: 1000, brokerEpoch: 7 })
})

test('one that is always a batch behind is caught up as of its previous Fetch', () => {
  let state = after(unknownFollower(false, 0), 5, 5, 1000)
  for (let i = 1; i <= 5; i++) state = after(state, 5 + i - 1, 5 + i, 1000 + 60 * i)
  expect(state.lastCaughtUpMs).toBe(1240)
  expect(isInSync(state, 10, 1300)).toBe(true)
  expect(isInSync(state, 10, 1341)).toBe(false)
})

test('FOLLOWER-STATE-3: one that falls further behind keeps its last caught-up time', () => {
  const caughtUp = after(unknownFollower(false, 0), 5, 5, 1000)
  const behind = after(after(caughtUp, 6, 50, 1050), 7, 90, 1060)
  expect(behind.lastCaughtUpMs).toBe(1000)
})

test('FOLLOWER-STATE-1: offset and broker epoch change together (R8)', () => {
  const before = after(unknownFollower(true, 0), 5, 5, 10)
  const fetch = { fetchOffset: 0, leaderEndOffset: 5, nowMs: 20, logStartOffset: 0, brokerEpoch: 8 }
  expect(followerAfterFetch(before, fetch)).toMatchObject({ logEndOffset: 0, brokerEpoch: 8 })
  expect(before).toMatchObject({ logEndOffset: 5, brokerEpoch: 7 })
})

test('FOLLOWER-STATE-2: a new leader knows no offset; only members of the ISR count as caught up, from the election on', () => {
  const member = unknownFollower(true, 500)
  const other = unknownFollower(false, 500)
  expect([member.logEndOffset, member.brokerEpoch]).toEqual([-1, undefined])
  expect([isInSync(member, 9, 600), isInSync(member, 9, 601), isInSync(other, 9, 500)]).toEqual([
    true,
    false,
    false,
  ])
})

test('a new epoch of the same leader keeps the offset, and begins the times anew', () => {
  const state = after(unknownFollower(false, 0), 5, 5, 1000)
  const times = { leaderEndOffset: 9, nowMs: 2000 }
  expect(followerInNewEpoch(state, { isInSync: true, ...times })).toMatchObject({
    logEndOffset: 5,
    lastCaughtUpMs: 2000,
  })
  const outside = followerInNewEpoch(state, { isInSync: false, ...times })
  expect([outside.logEndOffset, isInSync(outside, 9, 2000)]).toEqual([5, false])
  expect(after(outside, 7, 12, 2001).lastCaughtUpMs, 'not by the fetch before the new epoch').toBe(
    Number.NEGATIVE_INFINITY,
  )
})
