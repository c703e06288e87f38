import { describe, expect, test } from 'vitest'
import { MemoryStorage } from '../sim/memory-storage.ts'
import { electionStore, readQuorumState, writeQuorumState } from './quorum-state.ts'

const PATH = '__cluster_metadata-0/quorum-state'
const DIRECTORY = 'J8aAPcfLQt2bqs1JT_rMgQ'
const text = (storage: MemoryStorage): string => new TextDecoder().decode(storage.readFile(PATH))

describe('quorum-state', () => {
  test('QUORUM-STATE-1: what was written is read back', () => {
    const store = electionStore(new MemoryStorage())
    expect(store.read()).toBeUndefined()
    const voted = { leaderId: -1, leaderEpoch: 4, votedKey: { id: 2, directoryId: DIRECTORY } }
    store.write(voted, { kraftVersion: 1, voterIds: [1, 2] })
    expect(store.read()).toEqual(voted)
    const led = { leaderId: 3, leaderEpoch: 5 }
    store.write(led, { kraftVersion: 1, voterIds: [1, 2] })
    expect(store.read()).toEqual(led)
  })

  test('is what FileQuorumStateStore writes, in both versions', () => {
    const storage = new MemoryStorage()
    const state = { leaderId: -1, leaderEpoch: 2, votedKey: { id: 1, directoryId: DIRECTORY } }
    writeQuorumState(storage, state)
    expect(text(storage)).toBe(
      `{"leaderId":-1,"leaderEpoch":2,"votedId":1,"votedDirectoryId":"${DIRECTORY}","data_version":1}`,
    )
    writeQuorumState(storage, { leaderId: 1, leaderEpoch: 2 }, 0, [1, 2])
    expect(text(storage)).toBe(
      '{"clusterId":"","leaderId":1,"leaderEpoch":2,"votedId":-1,"appliedOffset":0,' +
        '"currentVoters":[{"voterId":1},{"voterId":2}],"data_version":0}',
    )
    expect(readQuorumState(storage)).toEqual({ leaderId: 1, leaderEpoch: 2 })
  })

  test.each(['{', '[]', '{"data_version":2}', '{"data_version":1,"leaderId":1}'])('refuses %s', (json) => {
    const storage = new MemoryStorage()
    storage.writeFileAtomic(PATH, new TextEncoder().encode(json))
    expect(() => readQuorumState(storage)).toThrow()
  })
})
