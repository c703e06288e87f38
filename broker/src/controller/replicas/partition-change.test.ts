import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PartitionImage } from '../metadata/metadata-image.ts'
import { partitionAfter } from '../metadata/partition-after.ts'
import {
  changePartition,
  type Election,
  NO_LEADER,
  type PartitionChangeContext,
  type PartitionTarget,
  RECOVERED,
  RECOVERING,
} from './partition-change.ts'

const DIRECTORY = 'BBBBBBBBBBBBBBBBBBBBBA'

function partition(changes: Partial<PartitionImage> = {}): PartitionImage {
  const replicas = changes.replicas ?? [1, 2, 3]
  return {
    leader: 1,
    leaderEpoch: 5,
    partitionEpoch: 9,
    replicas,
    isr: [1, 2, 3],
    removing: [],
    adding: [],
    leaderRecoveryState: RECOVERED,
    elr: [],
    lastKnownElr: [],
    directories: replicas.map(() => DIRECTORY),
    ...changes,
  }
}

function context(options: {
  alive?: readonly number[]
  election?: Election
  minIsr?: number
  isElrEnabled?: boolean
}): PartitionChangeContext {
  const { alive = [1, 2, 3, 4, 5], election = 'online', minIsr = 1, isElrEnabled = true } = options
  return {
    topicId: 'AAAAAAAAAAAAAAAAAAAABA',
    partitionId: 0,
    election,
    isAcceptableLeader: (replica) => alive.includes(replica),
    minIsr,
    isElrEnabled,
    directoryOf: () => DIRECTORY,
  }
}

/** The partition after the change; undefined if nothing changes. */
function after(
  before: PartitionImage,
  target: PartitionTarget,
  options: Parameters<typeof context>[0] = {},
): PartitionImage | undefined {
  const change = changePartition(before, target, context(options))
  return change && partitionAfter(before, change.value)
}

describe('the elected leader', () => {
  test('the leader stays while it is in the ISR and alive', () => {
    expect(after(partition(), {})).toBeUndefined()
    expect(after(partition({ leader: 2 }), {})).toBeUndefined()
  })

  test('a preferred election moves the lead to the first replica, if it is in sync', () => {
    expect(after(partition({ leader: 2 }), {}, { election: 'preferred' })).toMatchObject({
      leader: 1,
      leaderEpoch: 6,
      partitionEpoch: 10,
    })
    expect(after(partition({ leader: 2, isr: [2, 3] }), {}, { election: 'preferred' })).toBeUndefined()
  })

  test('without its leader, the next replica of the ISR in the order of the replicas leads', () => {
    const next = after(partition(), { isr: [3, 2] }, { alive: [2, 3] })
    expect(next).toMatchObject({ leader: 2, isr: [3, 2], leaderEpoch: 6 })
  })

  test('PARTITION-CHANGE-4: a replica that is in sync and not alive is not elected', () => {
    expect(after(partition(), { isr: [2, 3] }, { alive: [3] })).toMatchObject({ leader: 3 })
  })

  test('an unclean election takes the first replica that is alive, makes it the ISR and marks the recovery', () => {
    const lost = partition({ leader: NO_LEADER, isr: [1], replicas: [1, 2, 3] })
    const options = { alive: [2, 3], isElrEnabled: false }
    expect(after(lost, {}, options)).toBeUndefined()
    expect(after(lost, {}, { ...options, election: 'unclean' })).toMatchObject({
      leader: 2,
      isr: [2],
      leaderRecoveryState: RECOVERING,
    })
  })
})

describe('the ELR (KIP-966)', () => {
  test('PARTITION-CHANGE-2: who leaves an ISR below its minimum is eligible to lead', () => {
    const first = after(partition(), { isr: [1] }, { minIsr: 2 })!
    expect(first).toMatchObject({ isr: [1], elr: [2, 3] })
    const empty = after(first, { isr: [] }, { minIsr: 2, alive: [] })!
    expect(empty).toMatchObject({ isr: [], elr: [1, 2, 3], leader: NO_LEADER, lastKnownElr: [1] })
    const back = after(empty, {}, { minIsr: 2, alive: [3] })!
    expect(back).toMatchObject({
      leader: 3,
      isr: [3],
      elr: [1, 2],
      leaderRecoveryState: RECOVERED,
      lastKnownElr: [],
    })
    expect(after(back, { isr: [3, 1] }, { minIsr: 2 })).toMatchObject({ isr: [3, 1], elr: [] })
  })

  test('after an unclean shutdown a replica is not eligible any more', () => {
    const before = partition({ isr: [1], elr: [2, 3] })
    expect(after(before, { uncleanShutdowns: [2] }, { minIsr: 2 })).toMatchObject({ elr: [3] })
  })

  test('the last known leader is elected when ISR and ELR are empty, and never while it is fenced (R14)', () => {
    const leaderless = partition({ isr: [], leader: NO_LEADER, lastKnownElr: [2] })
    expect(after(leaderless, {}, { alive: [1, 3] })).toBeUndefined()
    expect(after(leaderless, {}, { alive: [1, 2, 3] })).toMatchObject({
      leader: 2,
      isr: [2],
      leaderRecoveryState: RECOVERING,
      lastKnownElr: [],
    })
  })

  test('PARTITION-CHANGE-1: without ELR the last replica stays in the ISR', () => {
    const options = { isElrEnabled: false, alive: [], minIsr: 2 }
    expect(after(partition({ isr: [1] }), { isr: [] }, options)).toMatchObject({
      leader: NO_LEADER,
      isr: [1],
      elr: [],
    })
  })
})

describe('reassignment', () => {
  const moving = partition({ replicas: [4, 5, 1, 2, 3], adding: [4, 5], removing: [2, 3], isr: [1, 2, 3] })

  test('PARTITION-CHANGE-5: it is complete when all new replicas are in sync, and the leader epoch increases', () => {
    expect(after(moving, { isr: [1, 2, 3, 4] })).toMatchObject({ replicas: [4, 5, 1, 2, 3], leaderEpoch: 5 })
    expect(after(moving, { isr: [1, 2, 3, 4, 5] })).toMatchObject({
      replicas: [4, 5, 1],
      isr: [1, 4, 5],
      adding: [],
      removing: [],
      leader: 1,
      leaderEpoch: 6,
    })
  })

  test('moves the lead when the leader is not among the new replicas', () => {
    const away = partition({ replicas: [4, 5, 1, 2, 3], adding: [4, 5], removing: [1, 2, 3] })
    expect(after(away, { isr: [1, 4, 5] })).toMatchObject({ replicas: [4, 5], leader: 4, isr: [4, 5] })
  })
})

describe('any change keeps the invariants', () => {
  const brokers = [1, 2, 3, 4]
  const someOf = (from: readonly number[], min = 0) => fc.shuffledSubarray([...from], { minLength: min })
  const events = fc.record({
    alive: someOf(brokers),
    election: fc.constantFrom<Election>('preferred', 'online', 'unclean'),
    uncleanShutdowns: someOf(brokers),
    /** The leader reports these replicas as in sync; undefined: it reports nothing. */
    reported: fc.option(someOf(brokers), { nil: undefined }),
  })

  test('PARTITION-CHANGE-2, PARTITION-CHANGE-3: ValidControllerIsrAndElr, Unclean Exclusion, and a leader that is in its ISR and alive', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        fc.array(events, { maxLength: 25 }),
        (minIsr, isElrEnabled, history) => {
          let now = partition({ replicas: [1, 2, 3], isr: [1, 2, 3] })
          for (const { alive, election, uncleanShutdowns, reported } of history) {
            // Brokers are fenced one after the other.
            for (const gone of now.isr.filter((replica) => !alive.includes(replica))) {
              const without = now.isr.filter((replica) => replica !== gone)
              const others = brokers.filter(
                (id) => id !== gone && (alive.includes(id) || now.isr.includes(id)),
              )
              const fenced = after(now, { isr: without }, { alive: others, minIsr, isElrEnabled })
              now = fenced ?? now
            }
            const isReport = reported && alive.includes(now.leader) && now.leader !== NO_LEADER
            const isr = isReport
              ? [
                  now.leader,
                  ...reported.filter(
                    (id) => id !== now.leader && alive.includes(id) && now.replicas.includes(id),
                  ),
                ]
              : now.isr.filter((replica) => alive.includes(replica) || !isElrEnabled)
            const options = { alive, election, minIsr, isElrEnabled }
            const next = after(now, { isr, uncleanShutdowns }, options) ?? now
            expect(next.isr.some((replica) => next.elr.includes(replica))).toBe(false)
            if (next.isr.length >= minIsr || !isElrEnabled) expect(next.elr).toEqual([])
            if (!isElrEnabled) expect(next.isr).not.toEqual([])
            if (next.leader !== NO_LEADER) {
              expect(next.isr).toContain(next.leader)
              expect(alive).toContain(next.leader)
            }
            const mayLead = [...now.isr, ...isr, ...now.elr]
            if (next.leader !== NO_LEADER && !mayLead.includes(next.leader)) {
              expect(next).toMatchObject({ isr: [next.leader], leaderRecoveryState: RECOVERING })
              expect(election === 'unclean' || now.lastKnownElr[0] === next.leader).toBe(true)
            }
            expect(next.leaderEpoch).toBeGreaterThanOrEqual(now.leaderEpoch)
            if (next.leader !== now.leader) expect(next.leaderEpoch).toBe(now.leaderEpoch + 1)
            now = next
          }
        },
      ),
    )
  })
})
