/**
 * Topics as admin clients make and remove them, well and badly. (Their partitions: topics/partitions.ts)
 */
import { type RequestOf, versionsOf } from '../../apis.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { brokerId, untilThere } from '../until.ts'

type NewTopic = NonNullable<RequestOf<'CreateTopics'>['topics']>[number]

const ONE = { numPartitions: 1, replicationFactor: 1 }
const ASSIGNED = { numPartitions: -1, replicationFactor: -1 }

/** A scenario of topics that are each asked for on their own, in the newest version. */
function refused(what: string, standsFor: string, topics: (recorder: Recorder) => Promise<NewTopic[]>): void {
  scenario(`CreateTopics: ${what}`, standsFor, async (recorder) => {
    for (const topic of await topics(recorder))
      for (const validateOnly of [true, false])
        await recorder.call('CreateTopics', 7, { topics: [topic], validateOnly })
  })
}

refused('names that are none', 'Admin.createTopics', async () =>
  ['', '.', '..', 'a b', 'ü', 'a/b', 'a'.repeat(250)].map((name) => ({ name, ...ONE })),
)

scenario('CreateTopics: the longest name', 'Admin.createTopics', async ({ call, name }) => {
  const longest = name('t').padEnd(249, 'x')
  await call('CreateTopics', 7, { topics: [{ name: longest, ...ONE }], validateOnly: true })
})

refused('partitions that are none', 'Admin.createTopics', async ({ name }) =>
  [0, -2, -100].map((numPartitions) => ({ name: name('t'), numPartitions, replicationFactor: 1 })),
)

refused('replication factors that are none', 'Admin.createTopics', async ({ name }) =>
  [0, -2, 2, 3, 32_767].map((replicationFactor) => ({
    name: name('t'),
    numPartitions: 1,
    replicationFactor,
  })),
)

refused('both numbers wrong', 'Admin.createTopics', async ({ name }) => [
  { name: name('t'), numPartitions: 0, replicationFactor: 0 },
  { name: name('t'), numPartitions: 0, replicationFactor: 5 },
])

refused('far too many partitions', 'Admin.createTopics', async ({ name }) => [
  { name: name('t'), numPartitions: 10_001, replicationFactor: 1 },
  { name: name('t'), numPartitions: 20_000, replicationFactor: 1 },
])

scenario('CreateTopics: the defaults of the broker', 'KIP-464', async ({ call, name }) => {
  for (const version of versionsOf('CreateTopics').filter((each) => each >= 4))
    for (const [numPartitions, replicationFactor] of [
      [-1, -1],
      [-1, 1],
      [2, -1],
    ] as const)
      await call('CreateTopics', version, { topics: [{ name: name('t'), numPartitions, replicationFactor }] })
})

scenario('CreateTopics: defaults before they may be', 'KIP-464', async ({ call, name }) => {
  for (const version of [2, 3])
    await call('CreateTopics', version, {
      topics: [{ name: name('t'), numPartitions: -1, replicationFactor: -1 }],
      validateOnly: true,
    })
})

const SETTINGS = [
  ['cleanup.policy', 'bogus'],
  ['cleanup.policy', ''],
  ['cleanup.policy', 'compact,delete'],
  ['no.such.key', '1'],
  ['retention.ms', 'soon'],
  ['retention.ms', '-2'],
  ['retention.bytes', '-3'],
  ['segment.bytes', '1'],
  ['min.insync.replicas', '0'],
  ['min.insync.replicas', '2'],
  ['compression.type', 'rar'],
  ['message.timestamp.type', 'Never'],
  ['max.message.bytes', '-1'],
  ['max.compaction.lag.ms', '0'],
  ['unclean.leader.election.enable', 'perhaps'],
  ['local.retention.ms', '100'],
  ['remote.storage.enable', 'true'],
] as const

for (const [key, value] of SETTINGS) {
  const what = `the setting ${key}=${value}`
  scenario(`CreateTopics: ${what}`, 'Admin.createTopics', async ({ call, name }) => {
    const topic = { name: name('t'), ...ONE, configs: [{ name: key, value }] }
    await call('CreateTopics', 7, { topics: [topic], validateOnly: true })
  })
}

refused('a setting without a value', 'Admin.createTopics', async ({ name }) => [
  { name: name('t'), ...ONE, configs: [{ name: 'retention.ms', value: null }] },
  { name: name('t'), ...ONE, configs: [{ name: 'no.such.key', value: null }] },
])

scenario('CreateTopics: a setting twice', 'any client of its own making', async ({ call, name }) => {
  const configs = ['1000', '2000'].map((value) => ({ name: 'retention.ms', value }))
  await call('CreateTopics', 7, { topics: [{ name: name('t'), ...ONE, configs }], validateOnly: true })
})

scenario('CreateTopics: two settings wrong', 'any client of its own making', async ({ call, name }) => {
  const configs = [
    { name: 'retention.ms', value: 'soon' },
    { name: 'no.such.key', value: '1' },
  ]
  await call('CreateTopics', 7, { topics: [{ name: name('t'), ...ONE, configs }], validateOnly: true })
})

scenario('CreateTopics: the configs in the response', 'KIP-525', async ({ call, name }) => {
  const configs = [
    { name: 'retention.ms', value: '1000' },
    { name: 'cleanup.policy', value: 'compact' },
  ]
  for (const version of [4, 5, 6, 7])
    await call('CreateTopics', version, { topics: [{ name: name('t'), ...ONE, configs }] })
})

scenario('CreateTopics: every version, and again', 'Admin.createTopics', async ({ call, name }) => {
  for (const version of versionsOf('CreateTopics')) {
    const topics = [{ name: name('t'), ...ONE }]
    await call('CreateTopics', version, { topics, validateOnly: true })
    await call('CreateTopics', version, { topics })
    await call('CreateTopics', version, { topics })
    await call('CreateTopics', version, { topics, validateOnly: true })
  }
})

scenario(
  'CreateTopics: a name twice in one request',
  'any client of its own making',
  async ({ call, name }) => {
    const [twice, once] = [name('twice'), name('once')]
    for (const version of versionsOf('CreateTopics')) {
      const topics = [twice, once, twice].map((each) => ({ name: each, ...ONE }))
      await call('CreateTopics', version, { topics, validateOnly: true })
    }
  },
)

scenario('CreateTopics: a bad name twice', 'any client of its own making', async ({ call }) => {
  await call('CreateTopics', 7, { topics: ['a b', 'a b'].map((each) => ({ name: each, ...ONE })) })
})

scenario('CreateTopics: no topics', 'any client of its own making', async ({ call }) => {
  for (const version of versionsOf('CreateTopics')) await call('CreateTopics', version, { topics: [] })
})

scenario('CreateTopics: good and bad in one request', 'Admin.createTopics', async ({ call, name, topic }) => {
  const { name: there } = await topic()
  const topics = [
    { name: name('good'), ...ONE },
    { name: there, ...ONE },
    { name: 'a b', ...ONE },
    { name: name('none'), numPartitions: 0, replicationFactor: 1 },
    { name: name('fine'), numPartitions: 2, replicationFactor: 1 },
  ]
  await call('CreateTopics', 7, { topics })
})

scenario('CreateTopics: names that collide', 'Topic.hasCollision', async (recorder) => {
  const { call, name } = recorder
  const plain = name('a_b')
  const dotted = plain.replace('a_b', 'a.b')
  await call('CreateTopics', 7, { topics: [{ name: plain, ...ONE }] })
  await call('CreateTopics', 7, { topics: [{ name: dotted, ...ONE }] })
  await untilThere(recorder, plain)
  await recorder.quietly('DeleteTopics', 6, { topics: [{ name: plain }], timeoutMs: 5000 })
  await call('CreateTopics', 7, { topics: [{ name: dotted, ...ONE }] })
  await call('CreateTopics', 7, { topics: [{ name: plain, ...ONE }] })
})

scenario('CreateTopics: names that collide in one request', 'Topic.hasCollision', async ({ call, name }) => {
  const plain = name('a_b')
  const topics = [plain, plain.replace('a_b', 'a.b')].map((each) => ({ name: each, ...ONE }))
  await call('CreateTopics', 7, { topics })
})

scenario('CreateTopics: the log of the controllers', 'KIP-500', async ({ call }) => {
  for (const version of [2, 7])
    await call('CreateTopics', version, { topics: [{ name: '__cluster_metadata', ...ONE }] })
})

scenario('CreateTopics: assigned by hand', 'Admin.createTopics', async (recorder) => {
  const { call, name } = recorder
  const brokerIds = [await brokerId(recorder)]
  for (const version of versionsOf('CreateTopics')) {
    const assignments = [0, 1, 2].map((partitionIndex) => ({ partitionIndex, brokerIds }))
    await call('CreateTopics', version, { topics: [{ name: name('t'), ...ASSIGNED, assignments }] })
  }
})

scenario('CreateTopics: assigned in another order', 'Admin.createTopics', async (recorder) => {
  const brokerIds = [await brokerId(recorder)]
  const assignments = [1, 0].map((partitionIndex) => ({ partitionIndex, brokerIds }))
  await recorder.call('CreateTopics', 7, { topics: [{ name: recorder.name('t'), ...ASSIGNED, assignments }] })
})

/** What is wrong with an assignment, made from a broker's id. */
const ASSIGNMENTS: readonly (readonly [string, (id: number) => NonNullable<NewTopic['assignments']>])[] = [
  ['to a broker that is not there', () => [{ partitionIndex: 0, brokerIds: [99] }]],
  ['to a broker below 0', () => [{ partitionIndex: 0, brokerIds: [-1] }]],
  ['to nobody', () => [{ partitionIndex: 0, brokerIds: [] }]],
  ['to the same broker twice', (id) => [{ partitionIndex: 0, brokerIds: [id, id] }]],
  ['to one that is there and one that is not', (id) => [{ partitionIndex: 0, brokerIds: [id, 99] }]],
  ['with a gap', (id) => [0, 2].map((partitionIndex) => ({ partitionIndex, brokerIds: [id] }))],
  ['from 1 on', (id) => [{ partitionIndex: 1, brokerIds: [id] }]],
  ['from -1 on', (id) => [{ partitionIndex: -1, brokerIds: [id] }]],
  ['a partition twice', (id) => [0, 0].map((partitionIndex) => ({ partitionIndex, brokerIds: [id] }))],
  [
    'uneven',
    (id) => [
      { partitionIndex: 0, brokerIds: [id] },
      { partitionIndex: 1, brokerIds: [id, 99] },
    ],
  ],
]
for (const [what, assignmentsOf] of ASSIGNMENTS) {
  refused(`assigned ${what}`, 'Admin.createTopics', async (recorder) => [
    { name: recorder.name('t'), ...ASSIGNED, assignments: assignmentsOf(await brokerId(recorder)) },
  ])
}

refused('assigned and counted', 'Admin.createTopics', async (recorder) => {
  const assignments = [{ partitionIndex: 0, brokerIds: [await brokerId(recorder)] }]
  return [
    { name: recorder.name('t'), numPartitions: 1, replicationFactor: -1, assignments },
    { name: recorder.name('t'), numPartitions: -1, replicationFactor: 1, assignments },
    { name: recorder.name('t'), numPartitions: 1, replicationFactor: 1, assignments },
    { name: recorder.name('t'), numPartitions: 0, replicationFactor: 0, assignments },
  ]
})

scenario(
  'CreateTopics: too many partitions at once',
  'any client of its own making',
  async ({ call, name }) => {
    const topic = (numPartitions: number) => ({ name: name('topic'), numPartitions, replicationFactor: 1 })
    await call('CreateTopics', 7, { topics: [topic(10_000), topic(1)], timeoutMs: 5000 })
    // One record more than partitions: the topic's own.
    await call('CreateTopics', 7, { topics: [topic(10_000)], timeoutMs: 5000, validateOnly: true })
    await call('CreateTopics', 7, { topics: [topic(9999)], timeoutMs: 5000, validateOnly: true })
  },
)

scenario('CreatePartitions: too many at once', 'any client of its own making', async ({ call, topic }) => {
  const { name } = await topic()
  for (const count of [10_002, 10_001])
    await call('CreatePartitions', 3, {
      topics: [{ name, count, assignments: null }],
      timeoutMs: 5000,
      validateOnly: true,
    })
})
