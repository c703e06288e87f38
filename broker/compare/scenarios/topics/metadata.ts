/**
 * Metadata as clients ask for it: every topic or some, by name or id, known or not, in every version.
 */
import { versionsOf } from '../../apis.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { untilThere } from '../until.ts'

const UNKNOWN_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
const BY_ID_SINCE = 12

scenario('Metadata: a topic, every version', 'every client', async ({ call, topic }) => {
  const { name } = await topic(3)
  for (const version of versionsOf('Metadata'))
    await call('Metadata', version, { topics: [{ name }], allowAutoTopicCreation: false })
})

scenario('Metadata: a topic, and one that is not there', 'every client', async ({ call, topic, name }) => {
  const { name: there } = await topic(2)
  const missing = name('missing')
  for (const version of versionsOf('Metadata').filter((each) => each >= 4)) {
    const topics = [{ name: there }, { name: missing }, { name: 'not a name' }]
    await call('Metadata', version, { topics, allowAutoTopicCreation: false })
  }
})

scenario('Metadata: no topic at all', 'Admin.describeCluster', async ({ call }) => {
  for (const version of versionsOf('Metadata').filter((each) => each > 0))
    await call('Metadata', version, { topics: [] })
})

/** The response contains topics of other scenarios too; only the own ones are recorded. */
scenario(
  'Metadata: all topics',
  'Admin.listTopics, consumers by pattern',
  async ({ quietly, note, topic }) => {
    const mine = new Set([(await topic(2)).name, (await topic(1)).name])
    for (const version of versionsOf('Metadata')) {
      const { topics, brokers, ...rest } = await quietly('Metadata', version, {
        topics: version === 0 ? [] : null,
      })
      note(`Metadata v${version}`, {
        ...rest,
        brokers: brokers.length,
        topics: topics.filter(({ name }) => mine.has(name!)),
      })
    }
  },
)

scenario('Metadata: by id', 'KIP-516, consumers of KIP-848', async ({ call, topic }) => {
  const { topicId } = await topic(2)
  for (const version of versionsOf('Metadata').filter((each) => each >= BY_ID_SINCE)) {
    await call('Metadata', version, { topics: [{ name: null, topicId }] })
    await call('Metadata', version, { topics: [{ name: '', topicId }] })
  }
})

scenario('Metadata: by an id that nobody has', 'KIP-516', async ({ call, topic }) => {
  const { topicId } = await topic()
  for (const version of versionsOf('Metadata').filter((each) => each >= BY_ID_SINCE)) {
    await call('Metadata', version, { topics: [{ name: null, topicId: UNKNOWN_ID }] })
    await call('Metadata', version, {
      topics: [
        { name: null, topicId },
        { name: null, topicId: UNKNOWN_ID },
      ],
    })
  }
})

scenario('Metadata: by id before it may be', 'KIP-516', async ({ call, topic }) => {
  const { topicId } = await topic()
  for (const version of [10, 11]) {
    await call('Metadata', version, { topics: [{ name: null, topicId }] })
    await call('Metadata', version, { topics: [{ name: null }] })
  }
})

scenario('Metadata: by id and by name at once', 'KIP-516', async ({ call, topic }) => {
  const [one, two] = [await topic(), await topic()]
  await call('Metadata', 12, { topics: [{ name: one.name, topicId: one.topicId }] })
  await call('Metadata', 13, { topics: [{ name: one.name, topicId: two.topicId }] })
  await call('Metadata', 12, { topics: [{ name: null }] })
  await call('Metadata', 12, { topics: [{ name: one.name }, { name: null, topicId: two.topicId }] })
})

scenario('Metadata: the same topic twice', 'any client of its own making', async ({ call, topic }) => {
  const { name, topicId } = await topic()
  for (const version of [0, 4, 9, 12, 13])
    await call('Metadata', version, { topics: [{ name }, { name }], allowAutoTopicCreation: false })
  const twice = { name: null, topicId }
  await call('Metadata', 13, { topics: [twice, twice] })
})

scenario('Metadata: the same unknown topic twice', 'any client of its own making', async ({ call, name }) => {
  const missing = { name: name('missing') }
  await call('Metadata', 12, { topics: [missing, missing], allowAutoTopicCreation: false })
})

for (const [what, bad] of [
  ['with a space', 'not a name'],
  ['empty', ''],
  ['a dot', '.'],
  ['two dots', '..'],
  ['too long', 'a'.repeat(250)],
  ['not ASCII', 'ü'],
] as const) {
  scenario(`Metadata: a name that is none, ${what}`, 'any client of its own making', async ({ call }) => {
    for (const version of [1, 4, 8, 9, 10, 12, 13])
      for (const allowAutoTopicCreation of version >= 4 ? [true, false] : [true])
        await call('Metadata', version, { topics: [{ name: bad }], allowAutoTopicCreation })
  })
}

scenario('Metadata: what may be done', 'KIP-430', async ({ call, quietly, note, topic }) => {
  const { name } = await topic()
  for (const version of [8, 9, 10, 11, 12, 13])
    for (const asked of [true, false]) {
      const operations = {
        includeClusterAuthorizedOperations: asked,
        includeTopicAuthorizedOperations: asked,
      }
      await call('Metadata', version, { topics: [{ name }], ...operations })
      const { topics, clusterAuthorizedOperations } = await quietly('Metadata', version, {
        topics: null,
        ...operations,
      })
      note('of all', { clusterAuthorizedOperations, mine: topics.filter((each) => each.name === name) })
    }
})

scenario('Metadata: what may be done with a topic that is not there', 'KIP-430', async ({ call, name }) => {
  const unknown = { name: null, topicId: 'AAAAAAAAAAAAAAAAAAAABw' }
  for (const version of [8, 9, 10, 11, 12, 13])
    for (const topic of [
      { name: name('missing') },
      { name: 'not a name' },
      ...(version < 12 ? [] : [unknown]),
    ])
      await call('Metadata', version, {
        topics: [topic],
        allowAutoTopicCreation: false,
        includeTopicAuthorizedOperations: true,
      })
})

scenario('Metadata: made by being asked for', 'auto.create.topics.enable, KIP-204', async (recorder) => {
  for (const version of [0, 1, 3, 4, 9, 12, 13]) {
    const topics = [{ name: recorder.name('auto') }]
    await recorder.call('Metadata', version, { topics })
    await untilThere(recorder, topics[0]!.name)
    await recorder.call('Metadata', version, { topics })
  }
})

scenario('Metadata: several made by being asked for', 'auto.create.topics.enable', async (recorder) => {
  const { call, name, topic } = recorder
  const wanted = [await topic(), { name: name('a') }, { name: name('b') }].map((each) => ({
    name: each.name,
  }))
  await call('Metadata', 12, { topics: [...wanted, wanted[1]!] })
  for (const each of wanted) await untilThere(recorder, each.name)
  await call('Metadata', 12, { topics: wanted })
})

scenario('Metadata: not made when it may not be', 'KIP-204', async ({ call, name }) => {
  const topics = [{ name: name('t') }]
  for (const version of [4, 9, 12, 13]) {
    await call('Metadata', version, { topics, allowAutoTopicCreation: false })
    await call('Metadata', version, { topics, allowAutoTopicCreation: false })
  }
})

scenario('Metadata: a name that would collide is not made', 'auto.create.topics.enable', async (recorder) => {
  const { call, name, quietly } = recorder
  const plain = name('a_b')
  await quietly('CreateTopics', 7, { topics: [{ name: plain, numPartitions: 1, replicationFactor: 1 }] })
  await untilThere(recorder, plain)
  const topics = [{ name: plain.replace('a_b', 'a.b') }]
  await call('Metadata', 12, { topics })
  await call('Metadata', 12, { topics, allowAutoTopicCreation: false })
})

scenario('Metadata: internal topics', 'KIP-204, every consumer', async (recorder) => {
  const { quietly, note } = recorder
  for (const name of ['__consumer_offsets', '__transaction_state']) {
    await quietly('Metadata', 12, { topics: [{ name }] })
    await untilThere(recorder, name)
    for (const version of [0, 1, 9, 12]) note(name, await briefly(recorder, version, name))
  }
})

/** An internal topic has many partitions: how many, and the first one's leader, say enough. */
async function briefly({ quietly }: Recorder, version: number, name: string): Promise<unknown> {
  const { topics } = await quietly('Metadata', version, { topics: [{ name }] })
  const [{ partitions, errorCode, isInternal }] = topics as [(typeof topics)[number]]
  return { errorCode, isInternal, partitions: partitions.length, first: partitions[0]?.replicaNodes }
}

scenario('Metadata: the log of the controllers is no topic', 'KIP-500', async ({ call }) => {
  for (const allowAutoTopicCreation of [false, true])
    await call('Metadata', 12, { topics: [{ name: '__cluster_metadata' }], allowAutoTopicCreation })
})
