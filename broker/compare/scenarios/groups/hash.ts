/**
 * The hash of what a KIP-848 group's topics look like. Topics have other ids on the other side, so the hashes differ; what
 * is compared is whether each is the one that our own arithmetic comes to from that side's ids.
 */
import type { CoordinatorHost } from '../../../src/coordinators/coordinator-host.ts'
import { metadataHashOf } from '../../../src/coordinators/group/consumer/metadata-hash.ts'
import { ConsumerGroupMetadataKey } from '../../../src/messages/records/consumer-group-records.ts'
import { pause } from '../../line.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { ConsumerMember, promptGroup } from './consumer-member.ts'
import { recordsOf } from './log.ts'

const ATTEMPTS_MAX = 50
const PAUSE_MS = 40

/** Whether the newest hash of the group is that of these topics, as this side has them. */
async function hashed(recorder: Recorder, member: ConsumerMember, names: readonly string[]): Promise<void> {
  // Asked without care, Metadata would make the topic that is to be missing.
  const asked = { topics: names.map((name) => ({ name })), allowAutoTopicCreation: false }
  const { topics } = await recorder.quietly('Metadata', 12, asked)
  const there = new Map(topics.filter(({ errorCode }) => errorCode === 0).map((each) => [each.name, each]))
  const host = {
    topicId: (name: string) => there.get(name)?.topicId,
    partitionCount: (name: string) => there.get(name)?.partitions.length,
  } as unknown as CoordinatorHost
  const expected = metadataHashOf(host, names)
  let found: unknown
  // In Kafka, the coordinator learns of a topic slightly later than Metadata shows it.
  for (let attempt = 0; attempt < ATTEMPTS_MAX && found !== expected; attempt++) {
    if (attempt > 0) await pause(PAUSE_MS)
    await member.quietly({})
    const records = await recordsOf(recorder, member.groupId)
    const newest = records.findLast(({ type }) => type === ConsumerGroupMetadataKey.apiKey)
    found = newest?.value?.metadataHash
  }
  recorder.note('the hash', { isNone: found === '0', isAsExpected: found === expected })
}

for (const partitions of [1, 2, 3, 12, 50, 300])
  scenario(
    `KIP-1101: the hash of a topic of ${partitions}`,
    'a group that moves to another broker',
    async (recorder) => {
      const { name } = await recorder.topic(partitions)
      const a = new ConsumerMember(recorder, await promptGroup(recorder), { subscribedTopicNames: [name] })
      await a.join({}, 1, recorder.quietly)
      await hashed(recorder, a, [name])
    },
  )

scenario('KIP-1101: the hash of several topics', 'a group that moves to another broker', async (recorder) => {
  const topics = [await recorder.topic(2), await recorder.topic(5), await recorder.topic(1)].map(
    ({ name }) => name,
  )
  const missing = recorder.name('missing')
  const groupId = await promptGroup(recorder)
  const [a, b] = [new ConsumerMember(recorder, groupId), new ConsumerMember(recorder, groupId)]
  await a.join({ subscribedTopicNames: [topics[1]!, missing] }, 1, recorder.quietly)
  await hashed(recorder, a, [topics[1]!, missing])
  await b.join({ subscribedTopicNames: [topics[2]!, topics[0]!] }, 1, recorder.quietly)
  await hashed(recorder, a, [...topics, missing])
  await a.quietly({ subscribedTopicNames: [missing] })
  await hashed(recorder, a, [topics[0]!, topics[2]!, missing])
})

scenario('KIP-1101: the hash of no topic', 'a consumer that starts first', async (recorder) => {
  const missing = recorder.name('missing')
  const a = new ConsumerMember(recorder, await promptGroup(recorder), { subscribedTopicNames: [missing] })
  await a.join({}, 1, recorder.quietly)
  await hashed(recorder, a, [missing])
})
