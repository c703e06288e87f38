import { describe, expect, test } from 'vitest'
import { newTopic, testController } from '../../../test/controller-fixtures.ts'
import { decodeMetadataRecord, encodeMetadataRecord } from '../../messages/records/metadata-frame.ts'
import { MemoryStorage } from '../../sim/memory-storage.ts'
import { recordsOf } from './image-records.ts'
import { ImageBuilder, type MetadataImage } from './metadata-image.ts'
import { snapshotIdOf, snapshotName } from './metadata-snapshot.ts'
import { replayRecord } from './replay-record.ts'

const FOLDER = '__cluster_metadata-0'
/** Settings that write a snapshot with every image. */
const OFTEN = { 'metadata.log.max.record.bytes.between.snapshots': '1' }

const snapshots = (storage: MemoryStorage): string[] =>
  storage.list(FOLDER).filter((name) => name.endsWith('.checkpoint'))

/** The topics, configs, quotas and ids of an image. */
function facts({ topics, configs, quotas, features, nextProducerId }: MetadataImage) {
  const maps = { topics: [...topics], configs: [...configs], quotas: [...quotas], features: [...features] }
  return { ...maps, nextProducerId }
}

/** Changes of every kind. */
function live(settings: Record<string, string> = OFTEN, segmentBytes?: number) {
  const storage = new MemoryStorage()
  const node = testController({ storage, settings, ...(segmentBytes !== undefined && { segmentBytes }) })
  const { controller, settle } = node
  const configs = [{ name: 'retention.ms', value: '1000' }]
  const ask: (() => void)[] = [
    () => controller.createTopic(newTopic('orders', { numPartitions: 3, configs }), () => {}),
    () => controller.createTopic(newTopic('gone'), () => {}),
    () => controller.createPartitions([{ name: 'orders', count: 4, assignments: null }], {}, () => {}),
    () => controller.deleteTopics([controller.image.topic('gone')!.id], {}, () => {}),
    () => controller.allocateProducerIds(1, () => {}),
    () => {
      const entity = [
        { entityType: 'user', entityName: null },
        { entityType: 'client-id', entityName: 'a' },
      ]
      const ops = [{ key: 'request_percentage', value: 0.5 }]
      controller.alterClientQuotas([{ entity, ops }], false, () => {})
    },
  ]
  for (const each of ask) {
    each()
    settle()
  }
  return { ...node, storage }
}

describe('snapshots', () => {
  test('a start replays the newest snapshot and the log after it, and has the same image', () => {
    const { storage, controller } = live()
    expect(snapshots(storage)).toHaveLength(2)
    const again = testController({ storage, nodes: [] })
    // The node is fenced until it registers, and the leader epochs are new; everything else is the same.
    const leaderless = (image: MetadataImage) =>
      [...image.topics.values()].map(({ name, partitions }) => [name, partitions.length])
    expect(leaderless(again.controller.image)).toEqual(leaderless(controller.image))
    expect({ ...facts(again.controller.image), topics: 0 }).toEqual({
      ...facts(controller.image),
      topics: 0,
    })
    expect(again.controller.image.offset).toBeGreaterThan(controller.image.offset)
  })

  test('the log below the snapshots is deleted when it is too large, and a restart does not need it', () => {
    const storage = new MemoryStorage()
    const settings = { ...OFTEN, 'metadata.max.retention.bytes': '2000' }
    const options = { storage, settings, segmentBytes: 1000 }
    const { controller, settle } = testController(options)
    for (let i = 0; i < 40; i++) {
      controller.createTopic(newTopic(`topic-${i}`), () => {})
      settle()
    }
    expect(controller.metadataLog.asLog.logStartOffset).toBeGreaterThan(50)
    expect(controller.metadataLog.asLog.sizeBytes).toBeLessThan(4000)
    const again = testController(options)
    expect([...again.controller.image.topics.keys()]).toEqual([...controller.image.topics.keys()])
    expect(again.controller.metadataLog.leaderEpoch).toBe(2)
  })

  test('METADATA-SNAPSHOT-1: a damaged snapshot is skipped and logged', () => {
    const { storage, controller } = live()
    const newest = `${FOLDER}/${snapshots(storage).at(-1)}`
    const bytes = storage.readFile(newest)!
    for (const [damaged, why] of [
      [bytes.slice(0, -1), 'ends in the middle'],
      [bytes.with(100, bytes[100]! ^ 1), 'Record is corrupt'],
      [new Uint8Array(0), 'ends in the middle'],
    ] as const) {
      storage.writeFileAtomic(newest, damaged)
      const again = testController({ storage, nodes: [] })
      expect(again.lines[0]).toContain(why)
      expect(again.controller.image.topic('orders')?.partitions).toHaveLength(4)
      expect([...again.controller.image.configs]).toEqual([...controller.image.configs])
    }
  })

  test('METADATA-SNAPSHOT-2: a log whose beginning was deleted is refused without a snapshot', () => {
    const storage = new MemoryStorage()
    const options = {
      storage,
      settings: { ...OFTEN, 'metadata.max.retention.bytes': '1' },
      segmentBytes: 500,
    }
    const { controller, settle } = testController(options)
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      controller.createTopic(newTopic(name), () => {})
      settle()
    }
    for (const name of snapshots(storage)) storage.remove(`${FOLDER}/${name}`)
    expect(() => testController(options)).toThrow(
      /__cluster_metadata-0 begins at offset \d+, and no snapshot .* goes so far/,
    )
  })

  test('METADATA-SNAPSHOT-2: a snapshot older than metadata.max.retention.ms is deleted when the next one is written, and the log below the new one', () => {
    const aged = (settings: Record<string, string>) => {
      const node = live({ ...OFTEN, ...settings }, 500)
      return { written: snapshots(node.storage).length, ...node }
    }
    // The clock of these tests does not advance by itself, so nothing is older than 0 ms.
    expect(aged({ 'metadata.max.retention.ms': '0' }).written).toBe(2)
    const { storage, core, controller, settle, written } = aged({ 'metadata.max.retention.ms': '1000' })
    expect(written).toBe(2)
    const start = core.clock.now()
    Object.assign(core.clock, { now: () => start + 1001, monotonicMs: () => start + 1001 })
    controller.createTopic(newTopic('later'), () => {})
    settle()
    expect(snapshots(storage)).toHaveLength(1)
    expect(testController({ storage, nodes: [] }).controller.image.topic('later')).toBeDefined()
  })

  test('no snapshot is written before one is due', () => {
    expect(snapshots(live({}).storage)).toEqual([])
  })
})

test('IMAGE-RECORDS-1: the records of an image restore the image', () => {
  const { controller } = live()
  const image = new ImageBuilder(controller.image.clusterId, 1)
  const records = [...recordsOf(controller.image)].map((each) =>
    decodeMetadataRecord(encodeMetadataRecord(each)),
  )
  for (const each of records) replayRecord(image, each, controller.image.offset)
  expect(facts(image)).toEqual(facts(controller.image))
  expect([...image.brokers]).toEqual([...controller.image.brokers])
})

test('the name of a snapshot contains its end', () => {
  const id = { endOffset: 39, epoch: 2 }
  expect(snapshotName(id)).toBe('00000000000000000039-0000000002.checkpoint')
  expect(snapshotIdOf(snapshotName(id))).toEqual(id)
  expect(snapshotIdOf('bootstrap.checkpoint')).toBeUndefined()
})
