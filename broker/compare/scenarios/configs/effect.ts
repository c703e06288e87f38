/**
 * The effects of config changes on producers and consumers while the broker runs.
 */
import { buildBatch } from '../../../src/record/batch-builder.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { until, untilGone } from '../until.ts'
import {
  ALL_BROKERS,
  altered,
  type Change,
  describe,
  Op,
  type Resource,
  Type,
  thisBroker,
} from './resources.ts'

type Topic = Awaited<ReturnType<Recorder['topic']>>
type Produced = Awaited<ReturnType<typeof produced>>

const VALUE = new TextEncoder().encode('x'.repeat(900))

function produceTo({ name }: Topic, withKey: boolean) {
  const key = withKey ? VALUE.subarray(0, 5) : null
  const records = buildBatch([{ key, value: VALUE, timestamp: 1_700_000_000_000 }])
  const topicData = [{ name, partitionData: [{ index: 0, records }] }]
  return { acks: -1, timeoutMs: 5000, topicData }
}

/** What a record of 900 bytes is answered with, not written down. */
async function produced({ quietly }: Recorder, topic: Topic, withKey: boolean) {
  const { responses } = await quietly('Produce', 9, produceTo(topic, withKey))
  return responses[0]!.partitionResponses[0]!
}

/** The log applies a new config some time after DescribeConfigs shows it. */
async function untilProduced(
  recorder: Recorder,
  topic: Topic,
  isSo: (answer: Produced) => boolean,
): Promise<void> {
  await until(`a changed answer to Produce to ${topic.name}`, async () =>
    isSo(await produced(recorder, topic, true)),
  )
}

const tooLarge = ({ errorCode }: Produced) => errorCode === 10
const fine = ({ errorCode }: Produced) => errorCode === 0

const topicOf = ({ name }: Topic): Resource => ({ resourceType: Type.TOPIC, resourceName: name })

scenario('Configs in effect: max.message.bytes of a topic', 'kafka-configs --alter', async (recorder) => {
  const topic = await recorder.topic()
  await altered(recorder, topicOf(topic), ['max.message.bytes', Op.SET, '500'])
  await untilProduced(recorder, topic, tooLarge)
  await recorder.call('Produce', 9, produceTo(topic, false))
  await altered(recorder, topicOf(topic), ['max.message.bytes', Op.DELETE, null])
  await untilProduced(recorder, topic, fine)
})

scenario('Configs in effect: message.timestamp.type of a topic', 'KIP-32', async (recorder) => {
  const topic = await recorder.topic()
  await altered(recorder, topicOf(topic), ['message.timestamp.type', Op.SET, 'LogAppendTime'])
  await untilProduced(recorder, topic, ({ logAppendTimeMs }) => logAppendTimeMs > 1_700_000_000_000)
  await altered(recorder, topicOf(topic), ['message.timestamp.type', Op.SET, 'CreateTime'])
  await untilProduced(recorder, topic, ({ logAppendTimeMs }) => logAppendTimeMs === -1)
})

scenario(
  'Configs in effect: a topic is compacted from now on',
  'INVALID_RECORD, KIP-467',
  async (recorder) => {
    const topic = await recorder.topic()
    await altered(recorder, topicOf(topic), ['cleanup.policy', Op.SET, 'compact'])
    await until('records without keys refused', async () => !fine(await produced(recorder, topic, false)))
    await recorder.call('Produce', 9, produceTo(topic, false))
    await recorder.call('Produce', 7, produceTo(topic, false))
  },
)

scenario('Configs in effect: message.timestamp.before.max.ms of a topic', 'KIP-937', async (recorder) => {
  const topic = await recorder.topic()
  await altered(recorder, topicOf(topic), ['message.timestamp.before.max.ms', Op.SET, '1000'])
  await untilProduced(recorder, topic, (answer) => !fine(answer))
  recorder.note('refused', (await produced(recorder, topic, true)).errorCode)
})

scenario(
  'Configs in effect: a topic of the same name begins anew',
  'Admin.deleteTopics',
  async (recorder) => {
    const topic = await recorder.topic(1, { 'retention.ms': '1000' })
    await altered(recorder, topicOf(topic), ['segment.ms', Op.SET, '9'])
    await recorder.quietly('DeleteTopics', 6, { topics: [{ name: topic.name }], timeoutMs: 5000 })
    await untilGone(recorder, topic.name)
    const topics = [{ name: topic.name, numPartitions: 1, replicationFactor: 1 }]
    await recorder.call('CreateTopics', 7, { topics })
    await until('there', async () => fine(await produced(recorder, topic, true)))
    await describe(recorder, topicOf(topic), ['retention.ms', 'segment.ms'])
  },
)

/** A change of brokers' settings that producers meet, undone at the end. */
function ofBrokers(
  what: string,
  of: (recorder: Recorder) => Promise<Resource>,
  change: Change,
  met: (answer: Produced) => boolean,
): void {
  const play = async (recorder: Recorder) => {
    const topic = await recorder.topic()
    const resource = await of(recorder)
    await altered(recorder, resource, change)
    await untilProduced(recorder, topic, met)
    await altered(recorder, resource, [change[0], Op.DELETE, null])
    await untilProduced(recorder, topic, (answer) => fine(answer) && answer.logAppendTimeMs === -1)
    recorder.note('met, and undone', true)
  }
  scenario(`Configs in effect: ${what}`, 'KIP-226', play, { alone: true })
}

ofBrokers('message.max.bytes of a broker', thisBroker, ['message.max.bytes', Op.SET, '500'], tooLarge)
ofBrokers(
  'message.max.bytes of all brokers',
  async () => ALL_BROKERS,
  ['message.max.bytes', Op.SET, '500'],
  tooLarge,
)
ofBrokers(
  'log.message.timestamp.type of all brokers',
  async () => ALL_BROKERS,
  ['log.message.timestamp.type', Op.SET, 'LogAppendTime'],
  ({ logAppendTimeMs }) => logAppendTimeMs > 1_700_000_000_000,
)
ofBrokers(
  'log.message.timestamp.before.max.ms of a broker',
  thisBroker,
  ['log.message.timestamp.before.max.ms', Op.SET, '1000'],
  (answer) => !fine(answer),
)
