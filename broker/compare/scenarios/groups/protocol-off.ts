/**
 * A cluster without the KIP-848 protocol: the errors that clients get.
 */
import { type Recorder, scenario } from '../../scenario.ts'
import { until } from '../until.ts'

const FEATURE = 'group.version'
const [UPGRADE, DOWNGRADE] = [1, 2]

async function setLevel({ call, quietly }: Recorder, level: number): Promise<void> {
  const update = { feature: FEATURE, maxVersionLevel: level, upgradeType: level === 0 ? DOWNGRADE : UPGRADE }
  await call('UpdateFeatures', 1, { featureUpdates: [update], timeoutMs: 10_000 })
  await until(`${FEATURE} ${level}`, async () => {
    const client = { clientSoftwareName: 'compare', clientSoftwareVersion: '1' }
    const { finalizedFeatures } = await quietly('ApiVersions', 4, client)
    return (finalizedFeatures.find(({ name }) => name === FEATURE)?.maxVersionLevel ?? 0) === level
  })
}

scenario(
  'KIP-848: group.version 0 turns it off',
  'kafka-features downgrade --feature group.version=0',
  async (recorder) => {
    const [groupId, memberId] = [recorder.name('group'), 'M-Mq3yX_RJiQ_z7eC9tAVw']
    await recorder.coordinator(groupId)
    await recorder.quietly('OffsetFetch', 8, { groups: [{ groupId, topics: null }] })
    await setLevel(recorder, 0)
    for (const version of [0, 1]) {
      await recorder.call('ConsumerGroupHeartbeat', version, {
        ...{ groupId, memberId, memberEpoch: 0, rebalanceTimeoutMs: 1000 },
        ...{ subscribedTopicNames: ['t'], topicPartitions: [] },
      })
      await recorder.call('ConsumerGroupDescribe', version, { groupIds: [groupId, '', groupId] })
      await recorder.call('ConsumerGroupDescribe', version, { groupIds: [] })
    }
    await setLevel(recorder, 1)
    await recorder.call('ConsumerGroupDescribe', 1, { groupIds: [groupId] })
  },
  { alone: true },
)
