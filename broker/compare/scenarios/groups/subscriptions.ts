/**
 * A classic consumer's subscription, as the coordinator reads it to protect offsets: by version 0, of which every
 * later version is an extension, whatever version it says it is. (Kafka: ClassicGroup.computeSubscribedTopics)
 *
 * At bytes that end too early it knows of no topics. At lengths that can't be (a list that is null, a text longer than
 * the bytes) it never answers JoinGroup again, so those are not asked here.
 */
import { Writer } from '../../../src/wire/writer.ts'
import { scenario } from '../../scenario.ts'
import { stableGroup } from './classic-member.ts'

type Fill = (writer: Writer, topic: string) => void

const bytesOf = (fill: Fill, topic: string): Uint8Array => {
  const writer = new Writer()
  fill(writer, topic)
  return writer.toBytes()
}

/** Version, topics, user data: all that version 0 has. */
const version0 =
  (version: number, more: Fill = () => {}): Fill =>
  (writer, topic) => {
    writer.int16(version)
    writer.int32(1)
    writer.string(false, topic)
    writer.int32(-1)
    more(writer, topic)
  }

const SUBSCRIPTIONS: readonly (readonly [string, Fill])[] = [
  ['of version 0', version0(0)],
  ['of version 1 without owned partitions', version0(1)],
  ['of version 3 without all that it adds', version0(3)],
  ['of version 3 that ends amid its owned partitions', version0(3, (writer) => writer.int32(5))],
  ['of version 99', version0(99)],
  ['of version -1', version0(-1)],
  ['of version 0 with more behind it', version0(0, (writer) => writer.int32(77))],
  [
    'without user data',
    (writer, topic) => {
      writer.int16(0)
      writer.int32(1)
      writer.string(false, topic)
    },
  ],
  ['of no bytes', () => {}],
  ['of one byte', (writer) => writer.int8(0)],
  ['of a version alone', (writer) => writer.int16(1)],
]

for (const [what, fill] of SUBSCRIPTIONS) {
  scenario(`OffsetDelete: a subscription ${what}`, 'a client of its own making', async (recorder) => {
    const [there, other] = [await recorder.topic(), await recorder.topic()]
    const protocols = [{ name: 'range', metadata: bytesOf(fill, there.name) }]
    const [a] = await stableGroup(recorder, [{ protocols }])
    const partitions = [{ partitionIndex: 0 }]
    for (const { name } of [there, other])
      await recorder.call('OffsetDelete', 0, { groupId: a!.groupId, topics: [{ name, partitions }] })
    await recorder.call('DescribeGroups', 5, { groups: [a!.groupId] })
  })
}
