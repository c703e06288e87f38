/** A broker on a failing disk: the errors of its clients, what continues to work, and what is stored afterwards. */
import { beforeEach, describe, expect, test } from 'vitest'
import { CreateTopicsRequest, CreateTopicsResponse } from '../src/messages/create-topics.ts'
import { OffsetCommitRequest, OffsetCommitResponse } from '../src/messages/offset-commit.ts'
import { ProduceRequest, ProduceResponse } from '../src/messages/produce.ts'
import { buildBatch } from '../src/record/batch-builder.ts'
import type { SimClient } from '../src/sim/sim-client.ts'
import { Simulation } from '../src/sim/simulation.ts'
import { ErrorCode, errorName } from '../src/wire/errors.ts'
import { FaultyStorage } from './faulty-storage.ts'
import { commit, committed, createTopic, fetch, findCoordinator, join, produce, TOPIC } from './sim-story.ts'

let disk: FaultyStorage
let run: Simulation
let client: SimClient
/** The behaviour of the disk from the next start on. */
let failFromStart: FaultyStorage['fail']

beforeEach(() => {
  failFromStart = () => undefined
  run = new Simulation({
    seed: 3,
    disk: (below) => {
      disk = new FaultyStorage(below)
      disk.fail = failFromStart
      return disk
    },
  })
  run.start()
  client = run.client()
  createTopic(client)
})

/** From now on, writes below this folder fail. */
function fill(folder: string, code = 'ENOSPC'): void {
  disk.fail = ({ operation, path }) =>
    path.startsWith(folder) && ['append', 'write', 'writeFileAtomic'].includes(operation) ? code : undefined
}
function makeRoom(): void {
  disk.fail = () => undefined
}

function tryProduce(topic: string, value = 'x'): string {
  const records = buildBatch([{ key: null, value: new TextEncoder().encode(value), timestamp: 1 }])
  const body = {
    acks: -1,
    timeoutMs: 1000,
    topicData: [{ name: topic, partitionData: [{ index: 0, records }] }],
  }
  const { responses } = client.call(ProduceRequest, ProduceResponse, 9, body)
  return errorName(responses[0]!.partitionResponses[0]!.errorCode)
}

function tryCreate(name: string): string {
  const topic = { name, numPartitions: 1, replicationFactor: 1 }
  const { topics } = client.call(CreateTopicsRequest, CreateTopicsResponse, 5, { topics: [topic] })
  return errorName(topics[0]!.errorCode)
}

describe('a full disk', () => {
  test('refuses producers with KAFKA_STORAGE_ERROR, serves consumers, and takes records when there is room', () => {
    produce(client, 'before')
    fill(`${TOPIC}-0`)
    for (let i = 0; i < 3; i++) expect(tryProduce(TOPIC)).toBe('KAFKA_STORAGE_ERROR')
    expect(fetch(client, 0)).toEqual(['before'])
    makeRoom()
    expect(produce(client, 'after')).toBe(1)
    expect(fetch(client, 0)).toEqual(['before', 'after'])
    const told = run.log.filter((line) => line.includes('the disk is full'))
    expect(told).toEqual([expect.stringMatching(/error disk, orders-0.*free some space/)])
  })

  test('DISK-TROUBLE-1: of one partition leaves the others alone', () => {
    expect(tryCreate('payments')).toBe('NONE')
    fill(`${TOPIC}-0`)
    expect(tryProduce(TOPIC)).toBe('KAFKA_STORAGE_ERROR')
    expect(tryProduce('payments')).toBe('NONE')
  })

  test('keeps a topic from being made, and lets it be made when there is room', () => {
    fill('__cluster_metadata-0')
    const refused = tryCreate('payments')
    expect(refused).not.toBe('NONE')
    expect(tryProduce('payments')).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    makeRoom()
    expect(tryCreate('payments')).toBe('NONE')
    expect(tryProduce('payments')).toBe('NONE')
    run.stop()
    run.start()
    client = run.client()
    expect(tryProduce('payments')).toBe('NONE')
  })

  test('COORDINATOR-LOGS-1: refuses an offset commit: the group has the offsets that were acknowledged, before and after a restart', () => {
    findCoordinator(run, client)
    const member = join(client)
    commit(client, member, 5)
    fill('__consumer_offsets')
    const partitions = [{ partitionIndex: 0, committedOffset: 9, committedMetadata: '' }]
    const body = {
      groupId: 'billing',
      generationIdOrMemberEpoch: member.generationId,
      memberId: member.memberId,
      topics: [{ name: TOPIC, partitions }],
    }
    const { topics } = client.call(OffsetCommitRequest, OffsetCommitResponse, 8, body)
    expect(topics[0]!.partitions[0]!.errorCode).toBe(ErrorCode.NOT_COORDINATOR)
    expect(committed(client)).toBe(5)
    makeRoom()
    run.stop()
    run.start()
    client = run.client()
    findCoordinator(run, client)
    expect(committed(client)).toBe(5)
    commit(client, join(client), 9)
    expect(committed(client)).toBe(9)
  })
})

describe('a disk that fails otherwise', () => {
  test('while a partition is opened: that partition is offline, the others are served', () => {
    expect(tryCreate('payments')).toBe('NONE')
    produce(client, 'before')
    run.stop()
    failFromStart = ({ operation, path }) =>
      operation === 'open' && path.startsWith('payments-0') ? 'EIO' : undefined
    run.start()
    client = run.client()
    expect(tryProduce('payments')).toBe('KAFKA_STORAGE_ERROR')
    expect(fetch(client, 0)).toEqual(['before'])
    expect(run.log.join('\n')).toMatch(/payments-0 is offline until the broker is restarted: .*EIO.*dmesg/)
  })
})
