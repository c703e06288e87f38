/**
 * A topic's partitions, as admin clients add them, look at them, and empty them.
 */
import { type RequestOf, versionsOf } from '../../apis.ts'
import { scenario } from '../../scenario.ts'
import { brokerId, untilThere } from '../until.ts'

const timeoutMs = 5000
type Assignments = readonly { readonly brokerIds: readonly number[] }[]
type Cursor = NonNullable<RequestOf<'DescribeTopicPartitions'>['cursor']>

scenario('CreatePartitions: more, fewer, as many', 'Admin.createPartitions, KIP-195', async (recorder) => {
  const { name } = await recorder.topic(2)
  for (const version of versionsOf('CreatePartitions'))
    for (const count of [2, 1, 0, -1])
      await recorder.call('CreatePartitions', version, {
        topics: [{ name, count, assignments: null }],
        timeoutMs,
      })
})

scenario('CreatePartitions: every version', 'Admin.createPartitions', async (recorder) => {
  const { name } = await recorder.topic(1)
  for (const version of versionsOf('CreatePartitions')) {
    const topics = [{ name, count: version + 2, assignments: null }]
    await recorder.call('CreatePartitions', version, { topics, timeoutMs, validateOnly: true })
    await recorder.call('CreatePartitions', version, { topics, timeoutMs })
    await untilThere(recorder, name, version + 2)
    await recorder.call('Metadata', 12, { topics: [{ name }] })
  }
})

scenario(
  'CreatePartitions: of a topic that is not there',
  'Admin.createPartitions',
  async ({ call, name }) => {
    for (const missing of [name('missing'), '', 'a b', '__cluster_metadata'])
      for (const version of [0, 3])
        await call('CreatePartitions', version, {
          topics: [{ name: missing, count: 3, assignments: null }],
          timeoutMs,
        })
  },
)

scenario('CreatePartitions: a topic twice', 'any client of its own making', async ({ call, topic, name }) => {
  const wanted = { name: (await topic()).name, count: 3, assignments: null }
  await call('CreatePartitions', 3, { topics: [wanted, { ...wanted, count: 4 }], timeoutMs })
  const missing = { ...wanted, name: name('missing') }
  await call('CreatePartitions', 3, { topics: [missing, missing], timeoutMs })
})

scenario('CreatePartitions: nothing', 'any client of its own making', async ({ call }) => {
  for (const version of versionsOf('CreatePartitions'))
    await call('CreatePartitions', version, { topics: [], timeoutMs })
})

scenario('CreatePartitions: far too many', 'Admin.createPartitions', async ({ call, topic }) => {
  const { name } = await topic()
  for (const count of [10_002, 20_000])
    await call('CreatePartitions', 3, {
      topics: [{ name, count, assignments: null }],
      timeoutMs,
      validateOnly: true,
    })
})

scenario('CreatePartitions: good and bad in one request', 'Admin.createPartitions', async (recorder) => {
  const { quietly, note, topic, name } = recorder
  const names = [(await topic(1)).name, (await topic(4)).name, name('missing')]
  const topics = names.map((each) => ({ name: each, count: 3, assignments: null }))
  const { results } = await quietly('CreatePartitions', 3, { topics, timeoutMs })
  note(
    'by name',
    results.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  )
})

const ASSIGNMENTS: readonly (readonly [string, number, (id: number) => Assignments])[] = [
  ['as they may be', 3, (id) => [{ brokerIds: [id] }, { brokerIds: [id] }]],
  ['too few', 3, (id) => [{ brokerIds: [id] }]],
  ['too many', 2, (id) => [{ brokerIds: [id] }, { brokerIds: [id] }]],
  ['none', 2, () => []],
  ['to a broker that is not there', 2, () => [{ brokerIds: [99] }]],
  ['to nobody', 2, () => [{ brokerIds: [] }]],
  ['to the same broker twice', 2, (id) => [{ brokerIds: [id, id] }]],
  ['to one replica more', 2, (id) => [{ brokerIds: [id, 99] }]],
]
for (const [what, count, assignmentsOf] of ASSIGNMENTS) {
  scenario(`CreatePartitions: assigned ${what}`, 'Admin.createPartitions', async (recorder) => {
    const { name } = await recorder.topic(1)
    const topics = [{ name, count, assignments: assignmentsOf(await brokerId(recorder)) }]
    await recorder.call('CreatePartitions', 3, { topics, timeoutMs, validateOnly: true })
    await recorder.call('CreatePartitions', 3, { topics, timeoutMs })
  })
}

scenario('DescribeTopicPartitions: some topics', 'Admin.describeTopics, KIP-966', async ({ call, topic }) => {
  const names = [(await topic(2)).name, (await topic(1)).name]
  await call('DescribeTopicPartitions', 0, { topics: names.map((name) => ({ name })) })
  await call('DescribeTopicPartitions', 0, { topics: names.toReversed().map((name) => ({ name })) })
})

scenario('DescribeTopicPartitions: page by page', 'KIP-966', async ({ call, topic }) => {
  const topics = [{ name: (await topic(3)).name }, { name: (await topic(2)).name }]
  for (const responsePartitionLimit of [1, 2, 3, 4, 5, 6]) {
    let cursor: Cursor | null = null
    do {
      const page: RequestOf<'DescribeTopicPartitions'> = { topics, responsePartitionLimit, cursor }
      cursor = (await call('DescribeTopicPartitions', 0, page)).nextCursor
    } while (cursor !== null)
  }
})

scenario('DescribeTopicPartitions: limits that are none', 'KIP-966', async ({ call, topic }) => {
  const topics = [{ name: (await topic(3)).name }]
  for (const responsePartitionLimit of [0, -1, 2001, 0x7fff_ffff])
    await call('DescribeTopicPartitions', 0, { topics, responsePartitionLimit })
})

scenario('DescribeTopicPartitions: unknown topics', 'KIP-966', async ({ call, topic, name }) => {
  const there = { name: (await topic(2)).name }
  for (const missing of [name('missing'), 'a b', '__cluster_metadata', 'a'.repeat(250)])
    await call('DescribeTopicPartitions', 0, { topics: [there, { name: missing }] })
  const many = [name('m'), name('m'), name('m')].map((each) => ({ name: each }))
  await call('DescribeTopicPartitions', 0, { topics: many, responsePartitionLimit: 2 })
})

scenario('DescribeTopicPartitions: an empty name', 'KIP-966', async ({ call }) => {
  await call('DescribeTopicPartitions', 0, { topics: [{ name: '' }] })
})

scenario('DescribeTopicPartitions: a topic twice', 'KIP-966', async ({ call, topic }) => {
  const twice = { name: (await topic(2)).name }
  await call('DescribeTopicPartitions', 0, { topics: [twice, twice] })
})

scenario('DescribeTopicPartitions: cursors', 'KIP-966', async ({ call, topic, name }) => {
  const names = [(await topic(2)).name, (await topic(2)).name]
  const topics = names.map((each) => ({ name: each }))
  for (const [topicName, partitionIndex] of [
    [names[0]!, 1],
    [names[1]!, 0],
    [names[1]!, 1],
    [names[1]!, 2],
    [names[1]!, 7],
    [names[0]!, -1],
    [name('missing'), 0],
    ['a', 0],
    ['zzz', 0],
    ['', 0],
  ] as const)
    await call('DescribeTopicPartitions', 0, { topics, cursor: { topicName, partitionIndex } })
})

/** There may be several pages, with different ends, because other scenarios create topics too. */
scenario('DescribeTopicPartitions: all topics', 'KIP-966', async ({ quietly, note, topic }) => {
  const mine = new Set([(await topic(2)).name, (await topic(1)).name])
  const found: string[] = []
  let cursor: Cursor | null = null
  do {
    const page: RequestOf<'DescribeTopicPartitions'> = { topics: [], cursor }
    const { topics, nextCursor } = await quietly('DescribeTopicPartitions', 0, page)
    for (const { name, partitions } of topics.filter((each) => mine.has(each.name!)))
      found.push(...partitions.map(({ partitionIndex }) => `${name}-${partitionIndex}`))
    cursor = nextCursor
  } while (cursor !== null)
  note('mine, each once', found)
})

scenario(
  'DeleteRecords: an empty partition, every version',
  'Admin.deleteRecords',
  async ({ call, topic }) => {
    const { name } = await topic()
    for (const version of versionsOf('DeleteRecords'))
      for (const offset of [0, -1, 1, -2])
        await call('DeleteRecords', version, {
          topics: [{ name, partitions: [{ partitionIndex: 0, offset }] }],
          timeoutMs,
        })
  },
)

scenario('DeleteRecords: what is not there', 'Admin.deleteRecords', async ({ call, topic, name }) => {
  const { name: there } = await topic()
  for (const version of versionsOf('DeleteRecords'))
    for (const [topicName, partitionIndex] of [
      [there, 7],
      [there, -1],
      [name('missing'), 0],
      ['a b', 0],
      ['__cluster_metadata', 0],
      ['__consumer_offsets', 0],
    ] as const)
      await call('DeleteRecords', version, {
        topics: [{ name: topicName, partitions: [{ partitionIndex, offset: 0 }] }],
        timeoutMs,
      })
})

scenario('DeleteRecords: a compacted topic', 'Admin.deleteRecords', async ({ call, topic }) => {
  for (const policy of ['compact', 'compact,delete', 'delete', '']) {
    const { name } = await topic(1, { 'cleanup.policy': policy || 'delete' })
    await call('DeleteRecords', 2, {
      topics: [{ name, partitions: [{ partitionIndex: 0, offset: 0 }] }],
      timeoutMs,
    })
  }
})

for (const electionType of [0, 1, 2, -1]) {
  const type = electionType < 0 ? 'below 0' : electionType
  scenario(`ElectLeaders: of type ${type}`, 'Admin.electLeaders, KIP-183, KIP-460', async (recorder) => {
    const { call, quietly, note, topic, name } = recorder
    const { name: there } = await topic(2)
    const missing = name('missing')
    for (const version of versionsOf('ElectLeaders')) {
      for (const topicPartitions of [
        [{ topic: there, partitions: [0] }],
        [{ topic: there, partitions: [1, 9] }],
        [{ topic: missing, partitions: [0] }],
        [{ topic: there, partitions: [] }],
        [],
      ])
        await call('ElectLeaders', version, { electionType, topicPartitions, timeoutMs })
      const all = await quietly('ElectLeaders', version, { electionType, topicPartitions: null, timeoutMs })
      const mine = all?.replicaElectionResults.filter(({ topic }) => topic === there)
      note('of all', { errorCode: all?.errorCode, mine })
    }
  })
}

const MOVES: readonly (readonly [string, (id: number) => number[] | null])[] = [
  ['to where they are', (id) => [id]],
  ['to a broker that is not there', () => [99]],
  ['to a broker more', (id) => [id, 99]],
  ['to nobody', () => []],
  ['to the same broker twice', (id) => [id, id]],
  ['to a broker below 0', () => [-1]],
  ['stopped', () => null],
]
for (const [what, replicasOf] of MOVES) {
  scenario(`AlterPartitionReassignments: ${what}`, 'KIP-455', async (recorder) => {
    const { name } = await recorder.topic(1)
    const replicas = replicasOf(await brokerId(recorder))
    for (const version of versionsOf('AlterPartitionReassignments'))
      for (const allowReplicationFactorChange of version > 0 ? [true, false] : [true]) {
        const topics = [{ name, partitions: [{ partitionIndex: 0, replicas }] }]
        await recorder.call('AlterPartitionReassignments', version, {
          topics,
          allowReplicationFactorChange,
          timeoutMs,
        })
      }
    await recorder.call('ListPartitionReassignments', 0, { topics: null, timeoutMs })
  })
}

scenario('AlterPartitionReassignments: what is not there', 'KIP-455', async (recorder) => {
  const { name } = await recorder.topic(1)
  const id = await brokerId(recorder)
  for (const replicas of [[id], [99], null])
    for (const [topic, partitionIndex] of [
      [name, 7],
      [name, -1],
      [recorder.name('missing'), 0],
      ['', 0],
    ] as const)
      await recorder.call('AlterPartitionReassignments', 1, {
        topics: [{ name: topic, partitions: [{ partitionIndex, replicas }] }],
        timeoutMs,
      })
  await recorder.call('AlterPartitionReassignments', 1, { topics: [], timeoutMs })
})

scenario('ListPartitionReassignments: all, some, unknown', 'KIP-455', async ({ call, topic, name }) => {
  const { name: there } = await topic(2)
  for (const asked of [
    null,
    [],
    [{ name: there, partitionIndexes: [0, 1] }],
    [{ name: there, partitionIndexes: [9] }],
    [{ name: there, partitionIndexes: [] }],
    [{ name: name('missing'), partitionIndexes: [0] }],
  ])
    await call('ListPartitionReassignments', 0, { topics: asked, timeoutMs })
})

scenario('DeleteRecords: of topics that the broker keeps for itself', 'KIP-107', async (recorder) => {
  await recorder.coordinator(recorder.name('group'))
  for (const name of ['__consumer_offsets', '__cluster_metadata', '__nowhere'])
    for (const partitionIndex of [0, 999]) {
      const topics = [{ name, partitions: [{ partitionIndex, offset: 0 }] }]
      await recorder.call('DeleteRecords', 2, { topics, timeoutMs: 1000 })
    }
})
