/**
 * Produce and Fetch: valid and invalid requests.
 */
import { buildBatch } from '../../../src/record/batch-builder.ts'
import { versionsOf } from '../../apis.ts'
import { scenario } from '../../scenario.ts'

const VALUE = new TextEncoder().encode('value')

function batch(): Uint8Array {
  return buildBatch([{ key: null, value: VALUE, timestamp: 1000 }])
}

function to(topic: { name: string; topicId: string }, index: number, records: Uint8Array) {
  return [{ ...topic, partitionData: [{ index, records }] }]
}

scenario('Produce: every version', 'every producer', async ({ call, topic }) => {
  const there = await topic()
  for (const version of versionsOf('Produce'))
    await call('Produce', version, { acks: -1, timeoutMs: 1000, topicData: to(there, 0, batch()) })
})

scenario('Produce: acks that do not exist', 'a client of its own making', async ({ call, topic }) => {
  const there = await topic()
  for (const acks of [2, -2])
    await call('Produce', 9, { acks, timeoutMs: 1000, topicData: to(there, 0, batch()) })
})

scenario('Produce: a damaged batch, a partition that is not there', 'KIP-467', async ({ call, topic }) => {
  const there = await topic()
  const damaged = batch()
  damaged[damaged.length - 1]! ^= 1
  for (const version of versionsOf('Produce')) {
    await call('Produce', version, { acks: 1, timeoutMs: 1000, topicData: to(there, 0, damaged) })
    await call('Produce', version, { acks: 1, timeoutMs: 1000, topicData: to(there, 7, batch()) })
  }
})

scenario(
  'DeleteRecords: up to, beyond, of none',
  'Admin.deleteRecords, KIP-107',
  async ({ call, quietly, topic }) => {
    const there = await topic()
    await quietly('Produce', 9, { acks: -1, timeoutMs: 1000, topicData: to(there, 0, batch()) })
    for (const version of versionsOf('DeleteRecords'))
      for (const [partitionIndex, offset] of [
        [0, 0],
        [0, 2],
        [0, -2],
        [3, 0],
        [0, -1],
      ] as const)
        await call('DeleteRecords', version, {
          topics: [{ name: there.name, partitions: [{ partitionIndex, offset }] }],
          timeoutMs: 1000,
        })
  },
)
