/**
 * Requests about the cluster: its APIs, brokers, controller, quorum and features.
 */
import { type RequestOf, versionsOf } from '../apis.ts'
import { type Recorder, scenario } from '../scenario.ts'
import { until } from './until.ts'

const METADATA_TOPIC = '__cluster_metadata'
type Update = NonNullable<RequestOf<'UpdateFeatures'>['featureUpdates']>[number]

scenario('ApiVersions: what is advertised', 'every client, KIP-511', async ({ call }) => {
  const client = { clientSoftwareName: 'compare', clientSoftwareVersion: '1' }
  for (const version of versionsOf('ApiVersions')) await call('ApiVersions', version, client)
})

scenario('ApiVersions: a name that is none', 'KIP-511', async ({ call }) => {
  for (const [clientSoftwareName, clientSoftwareVersion] of [
    ['-', '1'],
    ['a', ''],
    ['', ''],
    ['a b', '1'],
    ['a.', '1'],
    ['a', '1_2'],
    ['ü', '1'],
  ] as const)
    for (const version of [3, 4])
      await call('ApiVersions', version, { clientSoftwareName, clientSoftwareVersion })
})

scenario('ApiVersions: names that may be', 'KIP-511', async ({ quietly, note }) => {
  for (const [clientSoftwareName, clientSoftwareVersion] of [
    ['a', '1'],
    ['apache-kafka-java', '4.3.1'],
    ['a.b-c', '1-2'],
    ['x'.repeat(1000), '1'],
  ] as const) {
    const client = { clientSoftwareName, clientSoftwareVersion }
    note(clientSoftwareName, (await quietly('ApiVersions', 3, client)).errorCode)
  }
})

scenario('DescribeCluster: every version', 'Admin.describeCluster, KIP-700', async ({ call }) => {
  for (const version of versionsOf('DescribeCluster'))
    for (const includeClusterAuthorizedOperations of [true, false])
      await call('DescribeCluster', version, { includeClusterAuthorizedOperations })
})

for (const endpointType of [1, 2, 0, 3, -1, 127]) {
  scenario(`DescribeCluster: endpoints of type ${endpointType}`, 'KIP-919', async ({ call }) => {
    for (const version of versionsOf('DescribeCluster').filter((each) => each > 0))
      await call('DescribeCluster', version, { endpointType })
  })
}

scenario('DescribeCluster: with fenced brokers', 'KIP-1073', async ({ call }) => {
  for (const includeFencedBrokers of [true, false]) await call('DescribeCluster', 2, { includeFencedBrokers })
})

/** A quorum in comparable form: times and offsets only by their relation to each other. */
async function quorum({ quietly, note }: Recorder, version: number): Promise<void> {
  const topics = [{ topicName: METADATA_TOPIC, partitions: [{ partitionIndex: 0 }] }]
  const { topics: told, nodes, ...rest } = await quietly('DescribeQuorum', version, { topics })
  const { leaderEpoch, highWatermark, currentVoters, ...partition } = told[0]!.partitions[0]!
  const voters = currentVoters.map(({ replicaId, logEndOffset, lastFetchTimestamp, ...voter }) => ({
    leads: replicaId === partition.leaderId,
    isAhead: logEndOffset >= highWatermark,
    hasFetched: lastFetchTimestamp > 0,
    hasCaughtUp: voter.lastCaughtUpTimestamp > 0,
    hasDirectory: voter.replicaDirectoryId !== 'AAAAAAAAAAAAAAAAAAAAAA',
  }))
  const listeners = nodes.map((node) => node.listeners.map(({ name }) => name))
  const hasEpoch = leaderEpoch > 0
  note(`DescribeQuorum v${version}`, { ...rest, listeners, ...partition, hasEpoch, voters })
}

scenario(
  'DescribeQuorum: the log of the controllers',
  'kafka-metadata-quorum, KIP-595, KIP-853',
  async (recorder) => {
    for (const version of versionsOf('DescribeQuorum')) await quorum(recorder, version)
  },
)

scenario('DescribeQuorum: any other log', 'KIP-595', async ({ call, topic, name }) => {
  const { name: there } = await topic(1)
  for (const version of versionsOf('DescribeQuorum')) {
    for (const [topicName, indexes] of [
      [there, [0]],
      [name('missing'), [0]],
      [METADATA_TOPIC, [1]],
      [METADATA_TOPIC, [0, 1]],
      [METADATA_TOPIC, []],
    ] as const)
      await call('DescribeQuorum', version, {
        topics: [{ topicName, partitions: indexes.map((partitionIndex) => ({ partitionIndex })) }],
      })
    await call('DescribeQuorum', version, { topics: [] })
  }
})

/** Features with invalid levels, one at a time, in every version and with every upgrade type. */
const UPDATES: readonly (readonly [string, Update])[] = [
  ['a feature that is not there', { feature: 'no.such.version', maxVersionLevel: 1 }],
  ['no feature at all', { feature: '', maxVersionLevel: 1 }],
  ['a level below 0', { feature: 'group.version', maxVersionLevel: -1 }],
  ['a level too high', { feature: 'group.version', maxVersionLevel: 9 }],
  ['metadata.version too high', { feature: 'metadata.version', maxVersionLevel: 99 }],
  ['metadata.version too low', { feature: 'metadata.version', maxVersionLevel: 1 }],
  ['metadata.version off', { feature: 'metadata.version', maxVersionLevel: 0 }],
  ['metadata.version down', { feature: 'metadata.version', maxVersionLevel: 20 }],
  ['metadata.version down by one', { feature: 'metadata.version', maxVersionLevel: 29 }],
  ['metadata.version as it is', { feature: 'metadata.version', maxVersionLevel: 30 }],
  ['group.version as it is', { feature: 'group.version', maxVersionLevel: 1 }],
  ['group.version off', { feature: 'group.version', maxVersionLevel: 0 }],
  ['transaction.version down', { feature: 'transaction.version', maxVersionLevel: 1 }],
  ['transaction.version as it is', { feature: 'transaction.version', maxVersionLevel: 2 }],
  ['eligible leader replicas off', { feature: 'eligible.leader.replicas.version', maxVersionLevel: 0 }],
  ['kraft.version as it is', { feature: 'kraft.version', maxVersionLevel: 1 }],
  ['kraft.version down', { feature: 'kraft.version', maxVersionLevel: 0 }],
  ['kraft.version too high', { feature: 'kraft.version', maxVersionLevel: 2 }],
]
for (const [what, update] of UPDATES) {
  scenario(`UpdateFeatures: ${what}`, 'kafka-features, KIP-584, KIP-778', async ({ call }) => {
    for (const version of [1, 2])
      for (const upgradeType of [0, 1, 2, 3, 4])
        await call('UpdateFeatures', version, {
          featureUpdates: [{ ...update, upgradeType }],
          validateOnly: true,
        })
  })
}

scenario('UpdateFeatures: before kinds of change', 'KIP-584', async ({ call }) => {
  for (const allowDowngrade of [true, false])
    for (const feature of ['no.such.version', 'group.version', 'transaction.version'])
      await call('UpdateFeatures', 0, {
        featureUpdates: [{ feature, maxVersionLevel: feature === 'group.version' ? 1 : 9, allowDowngrade }],
      })
})

scenario(
  'UpdateFeatures: down and up again',
  'kafka-features',
  async ({ call, quietly, note }) => {
    const level = async () => {
      const { finalizedFeatures } = await quietly('ApiVersions', 3, {
        clientSoftwareName: 'compare',
        clientSoftwareVersion: '1',
      })
      note(
        'transaction.version',
        finalizedFeatures.find(({ name }) => name === 'transaction.version'),
      )
    }
    for (const [maxVersionLevel, upgradeType] of [
      [1, 2],
      [0, 3],
      [2, 1],
    ] as const) {
      const featureUpdates = [{ feature: 'transaction.version', maxVersionLevel, upgradeType }]
      await call('UpdateFeatures', 1, { featureUpdates })
      await untilFinalized(quietly, maxVersionLevel)
      await level()
      // To a newer level one does not come by going down.
      for (const kind of [2, 3]) {
        const up = [{ feature: 'transaction.version', maxVersionLevel: 2, upgradeType: kind }]
        await call('UpdateFeatures', 1, { featureUpdates: up, validateOnly: true })
      }
    }
  },
  { alone: true },
)

/** In Apache Kafka, a broker applies a new feature level some time after the controller. */
async function untilFinalized(quietly: Recorder['quietly'], wanted: number): Promise<void> {
  await until(`transaction.version ${wanted}`, async () => {
    const { finalizedFeatures } = await quietly('ApiVersions', 3, {
      clientSoftwareName: 'compare',
      clientSoftwareVersion: '1',
    })
    const found = finalizedFeatures.find(({ name }) => name === 'transaction.version')
    return (found?.maxVersionLevel ?? 0) === wanted
  })
}

scenario('UpdateFeatures: nothing', 'any client of its own making', async ({ call }) => {
  for (const version of versionsOf('UpdateFeatures'))
    await call('UpdateFeatures', version, { featureUpdates: [] })
})

scenario('UpdateFeatures: one good, one bad', 'KIP-1022', async ({ call }) => {
  const featureUpdates = [
    { feature: 'group.version', maxVersionLevel: 1 },
    { feature: 'no.such.version', maxVersionLevel: 1 },
  ]
  for (const version of versionsOf('UpdateFeatures'))
    await call('UpdateFeatures', version, { featureUpdates, validateOnly: true })
})

scenario('UpdateFeatures: a feature twice', 'any client of its own making', async ({ call }) => {
  const featureUpdates = [1, 0].map((maxVersionLevel) => ({ feature: 'group.version', maxVersionLevel }))
  for (const version of versionsOf('UpdateFeatures'))
    await call('UpdateFeatures', version, { featureUpdates, validateOnly: true })
})

const SOMEWHERE = [{ name: 'CONTROLLER', host: '127.0.0.1', port: 1 }]
const SOME_ID = 'AAAAAAAAAAAAAAAAAAAACw'
const ZERO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'

/** The quorum as both name it: its only voter, that voter's directory, and the cluster. */
async function quorumIds({ quietly }: Recorder) {
  const topics = [{ topicName: METADATA_TOPIC, partitions: [{ partitionIndex: 0 }] }]
  const [topic] = (await quietly('DescribeQuorum', 2, { topics })).topics
  const [voter] = topic!.partitions[0]!.currentVoters
  const { clusterId } = await quietly('DescribeCluster', 0, {})
  return { clusterId, voterId: voter!.replicaId, voterDirectoryId: voter!.replicaDirectoryId! }
}

/** The message of an error, without the names of this cluster. */
function anonymous(
  message: string | null,
  { clusterId, voterDirectoryId }: { clusterId: string; voterDirectoryId: string },
) {
  return message?.replaceAll(clusterId, 'CLUSTER').replaceAll(voterDirectoryId, 'DIRECTORY')
}

scenario(
  'AddRaftVoter: who cannot vote',
  'kafka-metadata-quorum add-controller, KIP-853',
  async (recorder) => {
    const ids = await quorumIds(recorder)
    const other = { clusterId: null, voterId: 9, voterDirectoryId: SOME_ID, listeners: SOMEWHERE }
    for (const voter of [
      { ...other, clusterId: 'another' },
      { ...other, clusterId: '' },
      { ...other, voterId: -1 },
      { ...other, voterDirectoryId: ZERO_ID },
      { ...other, listeners: [] },
      { ...other, listeners: [{ name: 'X', host: 'h', port: 1 }] },
      { ...other, ...ids },
      { ...other, voterId: ids.voterId },
    ])
      for (const version of versionsOf('AddRaftVoter')) {
        const { errorCode, errorMessage } = await recorder.quietly('AddRaftVoter', version, {
          timeoutMs: 1000,
          ...voter,
        })
        recorder.note(`AddRaftVoter v${version}`, { errorCode, errorMessage: anonymous(errorMessage, ids) })
      }
    // Kafka tries to connect; the message of its error depends on the timing.
    const { errorCode } = await recorder.quietly('AddRaftVoter', 1, { timeoutMs: 1000, ...other })
    recorder.note('a voter that nobody reaches', errorCode)
  },
)

scenario(
  'RemoveRaftVoter: who is none, and the last',
  'kafka-metadata-quorum remove-controller, KIP-853',
  async (recorder) => {
    const ids = await quorumIds(recorder)
    for (const voter of [
      { ...ids, clusterId: 'another' },
      { ...ids, voterId: 9 },
      { ...ids, voterId: -1 },
      { ...ids, voterDirectoryId: SOME_ID },
      { ...ids, voterDirectoryId: ZERO_ID },
      { ...ids, clusterId: null },
      ids,
    ]) {
      const { errorCode, errorMessage } = await recorder.quietly('RemoveRaftVoter', 0, voter)
      recorder.note('RemoveRaftVoter v0', { errorCode, errorMessage: anonymous(errorMessage, ids) })
    }
  },
)

scenario('UnregisterBroker: one that is not there', 'kafka-cluster unregister', async ({ call }) => {
  for (const id of [99, -1]) await call('UnregisterBroker', 0, { brokerId: id })
})
