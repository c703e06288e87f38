/**
 * Fetch sessions: a client sends changes only, and gets changes only (KIP-227).
 */
import { type ResponseOf, versionsOf } from '../../apis.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { until, untilGone } from '../until.ts'
import { batchOf, fetchOf, produceOf, type Topic } from './writing.ts'

const OTHER_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'

/** The session of a scenario: its id, and the next epoch. */
class Session {
  id = 0
  epoch = 0
  private readonly recorder: Recorder
  private readonly version: number

  constructor(recorder: Recorder, version = 12) {
    this.recorder = recorder
    this.version = version
  }

  /** Fetches partitions of a topic within the session, forgets others, and writes the answer down. */
  async fetch(
    topic: Topic,
    partitions: readonly object[] = [],
    more: object = {},
  ): Promise<ResponseOf<'Fetch'>> {
    const asked = partitions.map((each) => ({
      partition: 0,
      fetchOffset: 0,
      partitionMaxBytes: 1000,
      ...each,
    }))
    const topics =
      asked.length === 0 ? [] : fetchOf(topic).topics.map((each) => ({ ...each, partitions: asked }))
    const body = { maxWaitMs: 0, minBytes: 0, sessionId: this.id, sessionEpoch: this.epoch, topics, ...more }
    const answer = await this.recorder.call('Fetch', this.version, body)
    this.id = answer.sessionId
    if (answer.errorCode === 0) this.epoch++
    return answer
  }

  forgets(topic: Topic, partitions: number[]): Promise<ResponseOf<'Fetch'>> {
    const forgottenTopicsData = [{ topic: topic.name, topicId: topic.topicId, partitions }]
    return this.fetch(topic, [], { forgottenTopicsData })
  }
}

async function wrote({ quietly }: Recorder, topic: Topic, index = 0, count = 1): Promise<void> {
  await quietly('Produce', 9, produceOf(topic, batchOf(count), {}, index))
}

for (const version of versionsOf('Fetch').filter((each) => each >= 7))
  scenario(`Fetch v${version}: a session, from its beginning to its end`, 'KIP-227', async (recorder) => {
    const topic = await recorder.topic(2)
    const session = new Session(recorder, version)
    await session.fetch(topic, [{ partition: 0 }, { partition: 1 }])
    await session.fetch(topic)
    await wrote(recorder, topic, 1)
    await session.fetch(topic)
    await session.fetch(topic, [{ partition: 1, fetchOffset: 1 }])
    await session.fetch(topic)
    await session.forgets(topic, [0])
    await wrote(recorder, topic, 0)
    await session.fetch(topic)
    const { id } = session
    session.epoch = -1
    await session.fetch(topic, [{ partition: 0 }])
    await recorder.call('Fetch', version, { ...fetchOf(topic), sessionId: id, sessionEpoch: 1 })
  })

scenario('Fetch: without a session', 'kafkajs', async (recorder) => {
  const topic = await recorder.topic(1)
  await wrote(recorder, topic)
  for (const version of versionsOf('Fetch').filter((each) => each >= 7))
    await recorder.call('Fetch', version, fetchOf(topic, 0, { sessionId: 0, sessionEpoch: -1 }))
})

scenario('Fetch: sessions that are not there', 'KIP-227', async (recorder) => {
  const topic = await recorder.topic(1)
  for (const version of versionsOf('Fetch').filter((each) => each >= 7))
    for (const [sessionId, sessionEpoch] of [
      [1, 1],
      [1, 5],
      [0, 1],
      [1, -1],
      [-1, 1],
      [-1, -1],
    ] as const)
      await recorder.call('Fetch', version, fetchOf(topic, 0, { sessionId, sessionEpoch }))
})

scenario('Fetch: epochs below -1', 'any client of its own making', async (recorder) => {
  const topic = await recorder.topic(1)
  for (const sessionEpoch of [-2, -5])
    await recorder.call('Fetch', 12, fetchOf(topic, 0, { sessionId: 0, sessionEpoch }))
})

scenario('Fetch: a session, and an answer that was lost', 'KIP-227', async (recorder) => {
  const topic = await recorder.topic(1)
  const session = new Session(recorder)
  await session.fetch(topic, [{}])
  await session.fetch(topic)
  for (const epoch of [1, 3, 7]) {
    const { id } = session
    session.epoch = epoch
    await session.fetch(topic)
    session.id = id
  }
  session.epoch = 2
  await session.fetch(topic)
})

scenario('Fetch: a new session in the place of an old one', 'KIP-227', async (recorder) => {
  const topic = await recorder.topic(1)
  const session = new Session(recorder)
  await session.fetch(topic, [{}])
  const old = session.id
  session.epoch = 0
  await session.fetch(topic, [{}])
  recorder.note('another id', old !== session.id)
  await recorder.call('Fetch', 12, fetchOf(topic, 0, { sessionId: old, sessionEpoch: 1 }))
  await session.fetch(topic)
})

scenario('Fetch: a session of nothing', 'KIP-227', async (recorder) => {
  const topic = await recorder.topic(1)
  const session = new Session(recorder)
  await session.fetch(topic)
  recorder.note('an id', session.id !== 0)
})

scenario('Fetch: a session that has forgotten everything', 'KIP-227', async (recorder) => {
  const topic = await recorder.topic(2)
  const session = new Session(recorder)
  await session.fetch(topic, [{ partition: 0 }, { partition: 1 }])
  const { id } = session
  await session.forgets(topic, [0, 1])
  await recorder.call('Fetch', 12, fetchOf(topic, 0, { sessionId: id, sessionEpoch: 2 }))
})

scenario('Fetch: a session forgets what it does not have', 'KIP-227', async (recorder) => {
  const topic = await recorder.topic(2)
  const session = new Session(recorder)
  await session.fetch(topic, [{ partition: 0 }])
  await session.forgets(topic, [1, 7])
  await session.forgets({ name: 'no-such-topic', topicId: OTHER_ID }, [0])
  await wrote(recorder, topic)
  await session.fetch(topic)
})

scenario('Fetch: a session forgets and asks again at once', 'KIP-227', async (recorder) => {
  const topic = await recorder.topic(2)
  const session = new Session(recorder)
  await session.fetch(topic, [{ partition: 0 }, { partition: 1 }])
  const forgottenTopicsData = [{ topic: topic.name, topicId: topic.topicId, partitions: [0] }]
  await session.fetch(topic, [{ partition: 0 }], { forgottenTopicsData })
  await wrote(recorder, topic)
  await session.fetch(topic)
})

scenario('Fetch: errors within a session', 'KIP-227', async (recorder) => {
  const topic = await recorder.topic(1)
  const session = new Session(recorder)
  await session.fetch(topic, [{ partition: 0 }, { partition: 5 }])
  await session.fetch(topic)
  await session.fetch(topic, [{ partition: 0, fetchOffset: 9 }])
  await session.fetch(topic)
  await session.fetch(topic, [{ partition: 0, fetchOffset: 0, currentLeaderEpoch: 9 }])
  await session.fetch(topic, [{ partition: 0, fetchOffset: 0 }])
  await session.fetch(topic)
})

scenario('Fetch: a session hears of records that were deleted', 'KIP-227, KIP-107', async (recorder) => {
  const topic = await recorder.topic(1)
  await wrote(recorder, topic, 0, 5)
  const session = new Session(recorder)
  await session.fetch(topic, [{ fetchOffset: 5 }])
  await session.fetch(topic)
  const partitions = [{ partitionIndex: 0, offset: 3 }]
  await recorder.quietly('DeleteRecords', 2, { topics: [{ name: topic.name, partitions }], timeoutMs: 5000 })
  await session.fetch(topic)
  await session.fetch(topic)
})

for (const [name, before, after] of [
  ['names and then ids', 12, 13],
  ['ids and then names', 13, 12],
] as const)
  scenario(`Fetch: a session of ${name}`, 'KIP-516', async (recorder) => {
    const topic = await recorder.topic(1)
    const { sessionId } = await recorder.call('Fetch', before, fetchOf(topic, 0, { sessionEpoch: 0 }))
    await recorder.call('Fetch', after, fetchOf(topic, 0, { sessionId, sessionEpoch: 1 }))
    await recorder.call('Fetch', before, fetchOf(topic, 0, { sessionId, sessionEpoch: 1 }))
  })

scenario('Fetch: a session with unknown topic ids', 'KIP-516', async (recorder) => {
  const topic = await recorder.topic(1)
  const session = new Session(recorder, 13)
  await session.fetch({ ...topic, topicId: OTHER_ID }, [{}])
  await session.fetch(topic, [{}])
  await session.fetch(topic)
})

scenario('Fetch: a session, and a topic that was made anew', 'KIP-516', async (recorder) => {
  const [old, other] = [await recorder.topic(1), await recorder.topic(1)]
  const [kept, named, byName] = [
    new Session(recorder, 13),
    new Session(recorder, 18),
    new Session(recorder, 12),
  ]
  for (const session of [kept, named, byName]) {
    await session.fetch(other, [{}])
    await session.fetch(old, [{}])
  }
  await recorder.quietly('DeleteTopics', 6, { topics: [{ name: old.name }], timeoutMs: 5000 })
  await untilGone(recorder, old.name)
  for (const session of [kept, byName]) await session.fetch(old)
  await named.fetch(old, [{}])
  const again = { topics: [{ name: old.name, numPartitions: 1, replicationFactor: 1 }] }
  let topicId = ''
  await until('a new topic of the name', async () => {
    const { topics } = await recorder.quietly('CreateTopics', 7, again)
    topicId = topics[0]!.topicId
    return topics[0]!.errorCode === 0
  })
  await until('the new topic serves', async () => {
    const { responses } = await recorder.quietly('Fetch', 13, fetchOf({ name: old.name, topicId }))
    return responses[0]!.partitions[0]!.errorCode === 0
  })
  for (const session of [kept, byName]) await session.fetch(old)
  await named.fetch(old, [{}])
  await named.fetch({ ...old, topicId }, [{}])
  await named.fetch(old)
})

scenario('Fetch: the order of a session turns', 'KIP-227', async (recorder) => {
  const topic = await recorder.topic(3)
  for (const index of [0, 1, 2]) await wrote(recorder, topic, index)
  const session = new Session(recorder)
  await session.fetch(topic, [{ partition: 0 }, { partition: 1 }, { partition: 2 }], { maxBytes: 1 })
  for (let again = 0; again < 4; again++) await session.fetch(topic, [], { maxBytes: 1 })
})
