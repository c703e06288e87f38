import { describe, expect, test } from 'vitest'
import { newTopic, testController } from '../../test/controller-fixtures.ts'
import { batchPositions } from '../record/batch.ts'
import { MemoryStorage } from '../sim/memory-storage.ts'
import { ErrorCode } from '../wire/errors.ts'
import { SAFE_DOWNGRADE, UPGRADE } from './decisions/feature-decisions.ts'
import type { MetadataImage } from './metadata/metadata-image.ts'

const leaders = (image: MetadataImage, topic: string) =>
  image.topic(topic)?.partitions.map(({ leader }) => leader)

describe('a new cluster', () => {
  test('begins with its features and with min.insync.replicas for all brokers', () => {
    const { image } = testController().controller
    expect(Object.fromEntries(image.features)).toEqual({
      'metadata.version': 30,
      'eligible.leader.replicas.version': 1,
      'group.version': 1,
      'transaction.version': 2,
    })
    expect(image.configs.get('broker:')).toEqual(new Map([['min.insync.replicas', '1']]))
  })

  test('knows a broker by its registration, whose offset is its epoch', () => {
    const { image } = testController({ nodes: [1, 2] }).controller
    const [first, second] = [image.brokers.get(1)!, image.brokers.get(2)!]
    expect(first).toMatchObject({ host: 'host-1', port: 9092, rack: null, fenced: false })
    expect(second.epoch).toBe(first.epoch + 1)
    expect(second.epoch).toBe(image.offset)
  })
})

describe('requests and the disk', () => {
  test('CONTROLLER-1, IMAGE-PUBLISHER-2: a topic is visible only once it is on disk, and listeners apply it before the request completes', () => {
    const { controller, storage, answers, note } = testController()
    controller.onImage((image) => answers.push(`followed, ${image.topics.size} topic`))
    controller.createTopic(newTopic('orders'), note('create'))
    expect(answers).toEqual([])
    expect(controller.image.topic('orders')).toBeUndefined()
    storage.finishFlushes()
    expect(answers).toEqual(['followed, 1 topic', 'create: NONE'])
    expect(controller.image.topic('orders')).toBeDefined()
  })

  test('IMAGE-PUBLISHER-1: a decision with many records, and the image with them, take many turns; no request completes before its image is published', () => {
    const { controller, storage, answers, note, due } = testController({ msALook: 1 })
    /** Runs the turns that wait; returns how many there were. */
    const runTurns = (): number => {
      let turns = 0
      for (let fire = due.shift(); fire; fire = due.shift()) {
        fire()
        turns++
      }
      return turns
    }
    controller.createTopic(newTopic('orders', { numPartitions: 100 }), note('create'))
    expect(runTurns()).toBeGreaterThan(20)
    controller.createTopic(newTopic('payments'), note('create another'))
    runTurns()
    storage.finishFlushes()
    expect(answers).toEqual([])
    expect(controller.image.topic('orders')).toBeUndefined()
    expect(runTurns()).toBeGreaterThan(20)
    expect(answers).toEqual(['create: NONE'])
    expect(leaders(controller.image, 'orders')).toHaveLength(100)
    expect(controller.image.topic('payments')).toBeUndefined()
  })

  test('CONTROLLER-2: a decision sees the one before it, even if neither is on disk', () => {
    const { controller, answers, note, settle } = testController()
    controller.createTopic(newTopic('orders'), note('first'))
    controller.createTopic(newTopic('orders'), note('second'))
    expect(answers).toEqual(["second: TOPIC_ALREADY_EXISTS Topic 'orders' already exists."])
    settle()
    expect(answers).toContain('first: NONE')
  })

  test('METADATA-LOG-2: decisions that are made during a flush share the next one', () => {
    const { controller, storage, answers, note } = testController()
    for (const name of ['a', 'b', 'c']) controller.createTopic(newTopic(name), note(name))
    storage.finishFlushes()
    expect(answers).toEqual(['a: NONE'])
    expect([...controller.image.topics.keys()]).toEqual(['a'])
    storage.finishFlushes()
    expect(answers).toEqual(['a: NONE', 'b: NONE', 'c: NONE'])
  })

  test('a closed controller refuses requests, and pending ones complete with an error', () => {
    const { controller, storage, answers, note } = testController()
    controller.createTopic(newTopic('in-the-first-flush'), note('first'))
    controller.createTopic(newTopic('in-the-second'), note('second'))
    controller.close()
    controller.createTopic(newTopic('late'), note('late'))
    storage.finishFlushes()
    expect(answers).toEqual([
      'second: KAFKA_STORAGE_ERROR the metadata log was closed',
      'late: NOT_CONTROLLER The controller has stopped.',
      'first: NONE',
    ])
  })

  test('an image does not change after it was published', () => {
    const { controller, settle, note } = testController()
    const before = controller.image
    controller.createTopic(newTopic('orders'), note('create'))
    settle()
    expect(before.topics.size).toBe(0)
    expect(controller.image.topics.size).toBe(1)
  })

  test('a removed listener is not called any more', () => {
    const { controller, settle, note } = testController()
    const heard: number[] = []
    const end = controller.onImage((image) => heard.push(image.topics.size))
    end()
    controller.createTopic(newTopic('orders'), note('create'))
    settle()
    expect(heard).toEqual([])
  })
})

describe('a restart', () => {
  test('BROKER-DECISIONS-2, TOPIC-RECORDS-1: fences every broker until it registers again, and leads its partitions in a new epoch', () => {
    const first = testController({ nodes: [1, 2] })
    first.controller.createTopic(newTopic('orders', { numPartitions: 2 }), first.note('create'))
    first.settle()
    const { image } = testController({ storage: first.storage, nodes: [1] }).controller
    expect(image.brokers.get(1)?.fenced).toBe(false)
    expect(image.brokers.get(2)?.fenced).toBe(true)
    const epochs = image.topic('orders')!.partitions.map(({ leader, leaderEpoch }) => [leader, leaderEpoch])
    expect(Object.fromEntries(epochs)).toEqual({ 1: 1, 2: 0 })
  })

  test('restores topic ids, settings and producer ids', () => {
    const first = testController()
    const configs = [{ name: 'retention.ms', value: '5000' }]
    first.controller.createTopic(newTopic('orders', { configs }), first.note('create'))
    first.controller.allocateProducerIds(1, () => {})
    first.settle()
    const second = testController({ storage: first.storage, seed: 2 })
    const { image } = second.controller
    expect(image.topic('orders')?.id).toBe(first.controller.image.topic('orders')?.id)
    expect(image.configs.get('topic:orders')).toEqual(new Map([['retention.ms', '5000']]))
    let block: unknown
    second.controller.allocateProducerIds(1, (_error, given) => {
      block = given
    })
    second.settle()
    expect(block).toEqual({ firstProducerId: 1000, size: 1000 })
  })

  test('starts a new leader epoch of the metadata log', () => {
    const first = testController()
    const second = testController({ storage: first.storage })
    expect(second.controller.metadataLog.leaderEpoch).toBe(first.controller.metadataLog.leaderEpoch + 1)
    const state = new TextDecoder().decode(first.storage.readFile('__cluster_metadata-0/quorum-state'))
    expect(state).toBe(
      '{"leaderId":1,"leaderEpoch":2,"votedId":-1,"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA","data_version":1}',
    )
  })
})

describe('a disk that fails', () => {
  test('METADATA-LOG-3: after a failed flush nothing is decided, it is logged once, and the image stays the same', () => {
    const storage = new MemoryStorage()
    const { controller, lines, answers, note, settle } = testController({ storage })
    controller.createTopic(newTopic('before'), note('before'))
    settle()
    storage.failFlushes('EIO')
    controller.createTopic(newTopic('during'), note('during'))
    controller.createTopic(newTopic('waits'), note('waits'))
    settle()
    controller.createTopic(newTopic('after'), note('after'))
    settle()
    const why = 'KAFKA_STORAGE_ERROR The controller has stopped: the metadata log was not written: flush'
    expect(answers).toEqual([
      'before: NONE',
      expect.stringContaining(`during: ${why}`),
      expect.stringContaining(`waits: ${why}`),
      expect.stringContaining(`after: ${why}`),
    ])
    expect([...controller.image.topics.keys()]).toEqual(['before'])
    expect(lines.filter((line) => line.startsWith('error'))).toHaveLength(1)
    expect(lines.at(-1)).toMatch(
      /EIO; clients can still produce and fetch, but .*\. Repair the disk, then restart the broker/,
    )
  })
})

describe('quotas and unregistered nodes', () => {
  const quota = (value: number | null) => ({
    entity: [{ entityType: 'client-id', entityName: 'a' }],
    ops: [{ key: 'producer_byte_rate', value }],
  })

  test('a quota survives a restart, until it is removed', () => {
    const first = testController()
    first.controller.alterClientQuotas([quota(1000)], false, () => {})
    first.settle()
    const second = testController({ storage: first.storage })
    const values = () => [...second.controller.image.quotas.values()].map((each) => [...each.values])
    expect(values()).toEqual([[['producer_byte_rate', 1000]]])
    second.controller.alterClientQuotas([quota(null)], false, () => {})
    second.settle()
    expect(values()).toEqual([])
    expect(testController({ storage: first.storage }).controller.image.quotas.size).toBe(0)
  })

  test('an unregistered node leads no partition until it registers again', () => {
    const { controller, storage, settle, note, answers } = testController()
    controller.createTopic(newTopic('a', { numPartitions: 2 }), note('create'))
    settle()
    controller.unregisterBroker(9, note('unknown'))
    controller.unregisterBroker(1, note('gone'))
    settle()
    expect(answers.slice(1)).toEqual([
      'unknown: BROKER_ID_NOT_REGISTERED Broker ID 9 is not currently registered',
      'gone: NONE',
    ])
    expect(leaders(controller.image, 'a')).toEqual([-1, -1])
    const { image } = testController({ storage }).controller
    expect(leaders(image, 'a')).toEqual([1, 1])
    expect(image.topic('a')?.partitions[0]).toMatchObject({ isr: [1], elr: [], leaderEpoch: 2 })
  })
})

describe('topics', () => {
  test('partitions are spread over the registered nodes', () => {
    const { controller, settle, note } = testController({ nodes: [1, 2, 3] })
    controller.createTopic(newTopic('a', { numPartitions: 4 }), note('a'))
    controller.createTopic(newTopic('b', { numPartitions: 2 }), note('b'))
    settle()
    expect(new Set(leaders(controller.image, 'a')!.slice(0, 3))).toEqual(new Set([1, 2, 3]))
    expect(new Set(leaders(controller.image, 'b')).size).toBe(2)
  })

  test('PARTITION-DECISIONS-1: added partitions continue the numbers of the old ones', () => {
    const { controller, settle, note, answers } = testController({ nodes: [1, 2] })
    controller.createTopic(newTopic('a', { numPartitions: 1 }), note('create'))
    controller.createPartitions([{ name: 'a', count: 3, assignments: null }], {}, ([answer]) =>
      note('3 of 1')(answer!),
    )
    controller.createPartitions([{ name: 'a', count: 2, assignments: null }], {}, ([answer]) =>
      note('2 of 3')(answer!),
    )
    controller.createPartitions([{ name: 'a', count: 3, assignments: null }], {}, ([answer]) =>
      note('3 of 3')(answer!),
    )
    controller.createPartitions([{ name: 'a', count: 5, assignments: [[1]] }], {}, ([answer]) =>
      note('1 assignment for 2')(answer!),
    )
    controller.createPartitions([{ name: 'a', count: 2 ** 31 - 1, assignments: null }], {}, ([answer]) =>
      note('too many')(answer!),
    )
    controller.createPartitions([{ name: 'b', count: 2, assignments: null }], {}, ([answer]) =>
      note('b')(answer!),
    )
    settle()
    expect(leaders(controller.image, 'a')).toHaveLength(3)
    expect(answers).toEqual([
      '2 of 3: INVALID_PARTITIONS The topic a currently has 3 partition(s); 2 would not be an increase.',
      '3 of 3: INVALID_PARTITIONS Topic already has 3 partition(s).',
      '1 assignment for 2: INVALID_REPLICA_ASSIGNMENT Attempted to add 2 additional partition(s), but only 1 assignment(s) were specified.',
      'too many: UNKNOWN_SERVER_ERROR',
      'b: UNKNOWN_TOPIC_OR_PARTITION',
      'create: NONE',
      '3 of 1: NONE',
    ])
  })

  test('validateOnly: the results are complete, and nothing is changed', () => {
    const { controller, settle, answers } = testController()
    const topic = newTopic('a', { numPartitions: 3 })
    controller.createTopics([topic], { validateOnly: true }, ([answer]) => {
      answers.push(`${answer?.errorCode}, ${answer?.decision?.replicas.length} partitions`)
    })
    settle()
    expect(answers).toEqual(['0, 3 partitions'])
    expect(controller.image.topics.size).toBe(0)
  })

  test('a topic that is created again has another id, and none of the old settings', () => {
    const { controller, settle, note, answers } = testController()
    const configs = [{ name: 'retention.ms', value: '5000' }]
    controller.createTopic(newTopic('a', { configs }), note('create'))
    settle()
    const old = controller.image.topic('a')!.id
    controller.deleteTopics([old], {}, ([answer]) => note('delete')(answer!))
    controller.deleteTopics([old], {}, ([answer]) => note('delete again')(answer!))
    controller.createTopic(newTopic('a'), note('create'))
    settle()
    expect(answers).toEqual([
      'create: NONE',
      'delete again: UNKNOWN_TOPIC_ID',
      'delete: NONE',
      'create: NONE',
    ])
    expect(controller.image.topicById(old)).toBeUndefined()
    expect(controller.image.configs.get('topic:a')).toBeUndefined()
  })

  test('the topics of the coordinators have fifty partitions, compacted, with as many replicas as there are brokers, at most three', () => {
    const { controller, settle, note } = testController({
      settings: { 'transaction.state.log.num.partitions': '3' },
    })
    controller.createInternalTopic('__consumer_offsets', note('offsets'))
    controller.createInternalTopic('__transaction_state', note('transactions'))
    settle()
    const { image } = controller
    expect(image.topic('__consumer_offsets')?.partitions.length).toBe(50)
    expect(image.topic('__transaction_state')?.partitions.length).toBe(3)
    expect(image.topic('__consumer_offsets')?.partitions[0]?.replicas).toEqual([1])
    const four = testController({ nodes: [1, 2, 3, 4] })
    four.controller.createInternalTopic('__transaction_state', four.note('of four'))
    four.settle()
    expect(four.controller.image.topic('__transaction_state')?.partitions[0]?.replicas).toHaveLength(3)
    expect(four.controller.image.configs.get('topic:__transaction_state')?.get('min.insync.replicas')).toBe(
      '2',
    )
    expect(Object.fromEntries(image.configs.get('topic:__consumer_offsets')!)).toEqual({
      'cleanup.policy': 'compact',
      'compression.type': 'producer',
      'segment.bytes': '104857600',
    })
  })
})

test('producer ids are allocated in blocks that do not overlap', () => {
  const { controller, settle } = testController({ nodes: [1, 2] })
  const blocks: unknown[] = []
  for (const node of [1, 2, 1])
    controller.allocateProducerIds(node, (error, block) => blocks.push([error, block]))
  settle()
  expect(blocks).toEqual(
    [0, 1000, 2000].map((firstProducerId) => [ErrorCode.NONE, { firstProducerId, size: 1000 }]),
  )
})

test('FEATURE-DECISIONS-1: features are upgraded to supported levels, downgraded only on explicit request, and all of them or none', () => {
  const { controller, settle, note, answers } = testController()
  const level = (name: string, level: number, kind = UPGRADE) => ({ name, level, kind })
  controller.updateFeatures([level('group.version', 0)], false, note('down'))
  controller.updateFeatures(
    [level('group.version', 0, SAFE_DOWNGRADE), level('group.version', 9)],
    false,
    note('half'),
  )
  controller.updateFeatures([level('warp.drive', 1)], false, note('unknown'))
  controller.updateFeatures([level('group.version', 0, SAFE_DOWNGRADE)], false, note('off'))
  settle()
  const failed =
    'INVALID_UPDATE_VERSION The update failed for all features since the following feature had an error:'
  expect(answers).toEqual([
    `down: ${failed} Invalid update version 0 for feature group.version. Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.`,
    `half: ${failed} Invalid update version 9 for feature group.version. Local controller 1 only supports versions 0-1`,
    `unknown: ${failed} Invalid update version 1 for feature warp.drive. Local controller 1 does not support this feature.`,
    'off: NONE',
  ])
  expect(controller.image.features.get('group.version')).toBe(0)
})

describe('requests with several items', () => {
  const limits = (...ops: [key: string, value: number | null][]) => ({
    entity: [{ entityType: 'client-id', entityName: 'a' }],
    ops: ops.map(([key, value]) => ({ key, value })),
  })
  /** The batches of the metadata log. */
  function batchesIn(storage: MemoryStorage): number {
    const folder = 't-0'
    const logs = storage.list(folder).filter((name) => name.endsWith('.log'))
    return logs.reduce(
      (sum, name) => sum + [...batchPositions(storage.readFile(`${folder}/${name}`)!)].length,
      0,
    )
  }

  test('METADATA-LOG-1: all records of a request are one batch', () => {
    const { controller, settle, note, storage } = testController()
    settle()
    const before = batchesIn(storage)
    controller.createTopic(newTopic('a', { numPartitions: 5 }), note('a'))
    settle()
    expect(controller.image.topic('a')?.partitions.length).toBe(5)
    expect(batchesIn(storage)).toBe(before + 1)
  })

  test('QUOTA-DECISIONS-1, QUOTA-DECISIONS-2, QUOTA-DECISIONS-3: all limits are set, or none; an unchanged limit writes nothing', () => {
    const { controller, settle, storage } = testController()
    const answers: string[] = []
    const alter = (change: ReturnType<typeof limits>): void => {
      controller.alterClientQuotas([change], false, ([answer]) =>
        answers.push(`${answer!.errorCode} ${answer!.message}`),
      )
      settle()
    }
    alter(limits(['producer_byte_rate', 1000], ['warp', 1], ['consumer_byte_rate', -1]))
    expect(controller.image.quotas.size).toBe(0)
    alter(limits(['producer_byte_rate', 1000], ['consumer_byte_rate', 2000]))
    const [quota] = controller.image.quotas.values()
    expect(quota!.values.size).toBe(2)
    const before = batchesIn(storage)
    alter(limits(['producer_byte_rate', 1000]))
    expect(batchesIn(storage)).toBe(before)
    expect(answers).toEqual(['42 Quota consumer_byte_rate must be greater than 0', '0 null', '0 null'])
  })
})
