/** Runs Kafka's DumpLogSegments on a metadata log that we wrote: it must decode every record. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newTopic, type TestController, testController } from '../../../test/controller-fixtures.ts'
import { findKafkaTools, runKafkaTool } from '../../../test/kafka-tools.ts'
import { FileStorage } from '../../node/files/file-storage.ts'

const DUMP = 'org.apache.kafka.tools.DumpLogSegments'
const tools = findKafkaTools()
if ('missing' in tools) console.warn(`DumpLogSegments is left out: ${tools.missing}`)

let root: string
let printed: string
let snapshot: string

/** A cluster in which topics are created, extended, changed and deleted, with a restart in between. */
async function live(folder: string): Promise<void> {
  const flushed = ({ controller }: TestController) =>
    new Promise<void>((resolve) => controller.metadataLog.whenFlushed(() => resolve()))
  const first = testController({ storage: new FileStorage(folder), nodes: [1, 2] })
  const configs = [{ name: 'cleanup.policy', value: 'compact' }]
  first.controller.createTopic(newTopic('orders', { numPartitions: 2, configs }), () => {})
  first.controller.createTopic(newTopic('gone'), () => {})
  first.controller.createPartitions([{ name: 'orders', count: 3, assignments: null }], {}, () => {})
  await flushed(first)
  first.controller.close()
  const settings = { 'metadata.log.max.record.bytes.between.snapshots': '1' }
  const second = testController({ storage: new FileStorage(folder), nodes: [1], settings })
  await flushed(second)
  second.controller.deleteTopics([second.controller.image.topic('gone')!.id], {}, () => {})
  second.controller.allocateProducerIds(1, () => {})
  const toDefault = { name: 'cleanup.policy', operation: 1, value: null }
  const alteration = { type: 2, name: 'orders', changes: [toDefault], replaces: false }
  second.controller.alterConfigs([alteration], false, () => {})
  await flushed(second)
  second.controller.close()
}

describe.skipIf('missing' in tools)('DumpLogSegments', () => {
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'offset-zero-metadata-'))
    await live(root)
    const file = join(root, 't-0', `${'0'.repeat(20)}.log`)
    const options = ['--cluster-metadata-decoder', '--files', file]
    printed = 'missing' in tools ? '' : runKafkaTool(tools.folder, DUMP, ...options)
    const snapshots = readdirSync(join(root, '__cluster_metadata-0')).filter((name) =>
      name.endsWith('checkpoint'),
    )
    const newest = [
      '--cluster-metadata-decoder',
      '--files',
      join(root, '__cluster_metadata-0', snapshots.at(-1)!),
    ]
    snapshot = 'missing' in tools ? '' : runKafkaTool(tools.folder, DUMP, ...newest)
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  test('finds every batch valid, including those of the elections', () => {
    expect(printed).not.toMatch(/isvalid: false|Could not|Found an error|Exception/)
    expect(printed.match(/isControl: true/g)?.length).toBe(2)
  })

  test('reads the quorum: its level and voters once, a leader per start', () => {
    expect(printed.match(/LeaderChange: /g)?.length).toBe(2)
    expect(printed.match(/KRaftVersion \{"version":0,"kRaftVersion":1\}/g)?.length).toBe(1)
    expect(printed.match(/KRaftVoters .*"voterId":1,.*"name":"CONTROLLER"/g)?.length).toBe(1)
  })

  test('reads a snapshot: header, quorum, the records of the image, footer', () => {
    expect(snapshot).not.toMatch(/isvalid: false|Could not|Found an error|Exception/)
    expect(snapshot).toMatch(/Snapshot end offset: \d+, epoch: 2\n/)
    const kinds = [...snapshot.matchAll(/(SnapshotHeader|KRaftVersion|KRaftVoters|SnapshotFooter) /g)]
    expect(kinds.map(([, kind]) => kind)).toEqual([
      'SnapshotHeader',
      'KRaftVersion',
      'KRaftVoters',
      'SnapshotFooter',
    ])
    expect(snapshot.match(/"PARTITION_RECORD"/g)?.length).toBe(3)
    expect(snapshot).not.toContain('gone')
  })

  test('decodes every record with the values that we wrote', () => {
    const types = [...printed.matchAll(/"type":"(\w+)_RECORD","version":(\d)/g)].map(
      ([, type, version]) => `${type} ${version}`,
    )
    const features = Array.from({ length: 4 }, () => 'FEATURE_LEVEL 0')
    const begun = ['BEGIN_TRANSACTION 0', ...features, 'CONFIG 0', 'END_TRANSACTION 0']
    const registered = ['REGISTER_CONTROLLER 0', 'REGISTER_BROKER 4', 'REGISTER_BROKER 4']
    const made = [
      'TOPIC 0',
      'CONFIG 0',
      'PARTITION 2',
      'PARTITION 2',
      'TOPIC 0',
      'PARTITION 2',
      'PARTITION 2',
    ]
    const fenced = ['BROKER_REGISTRATION_CHANGE 0', 'BROKER_REGISTRATION_CHANGE 0']
    const again = [...fenced, 'REGISTER_CONTROLLER 0', 'REGISTER_BROKER 4']
    expect(types.slice(0, 21)).toEqual([...begun, ...registered, ...made, ...again])
    expect(types.slice(21)).toEqual([
      ...types.slice(21).filter((type) => type === 'PARTITION_CHANGE 2'),
      'REMOVE_TOPIC 0',
      'PRODUCER_IDS 0',
      'CONFIG 0',
    ])
  })
})
