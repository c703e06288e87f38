/**
 * Idempotent producers: which batch is new, a duplicate, or out of order (KIP-98).
 */
import { type Recorder, scenario } from '../../scenario.ts'
import { batchOf, fetchOf, IdempotentProducer, produceOf, type Topic } from './writing.ts'

async function begins(
  recorder: Recorder,
  configs = {},
): Promise<{ topic: Topic; producer: IdempotentProducer }> {
  const topic = await recorder.topic(1, configs)
  return { topic, producer: await IdempotentProducer.to(recorder, topic) }
}

/** What lies in the log in the end. */
async function stored({ call }: Recorder, topic: Topic): Promise<void> {
  await call('Fetch', 12, fetchOf(topic))
}

scenario('Idempotence: batches in order', 'KIP-98', async (recorder) => {
  const { topic, producer } = await begins(recorder)
  for (const [sequence, count] of [
    [0, 1],
    [1, 3],
    [4, 2],
  ] as const)
    await producer.send(sequence, count)
  await producer.shown()
  await stored(recorder, topic)
})

scenario('Idempotence: each of the last five again, and an older one', 'KIP-98', async (recorder) => {
  const { topic, producer } = await begins(recorder)
  for (let batch = 0; batch < 7; batch++) await producer.sendQuietly(batch * 2, 2)
  for (let batch = 6; batch >= 0; batch--) await producer.send(batch * 2, 2)
  await producer.shown()
  await stored(recorder, topic)
})

scenario('Idempotence: almost the same batch again', 'KIP-98', async (recorder) => {
  const { topic, producer } = await begins(recorder)
  await producer.sendQuietly(0, 3)
  await producer.sendQuietly(3, 3)
  for (const [sequence, count] of [
    [3, 2],
    [3, 4],
    [4, 2],
    [0, 6],
    [2, 4],
    [0, 2],
  ] as const)
    await producer.send(sequence, count)
  await stored(recorder, topic)
})

scenario('Idempotence: one is missing', 'KIP-98', async (recorder) => {
  const { producer } = await begins(recorder)
  for (const sequence of [0, 2, 1, 5, 2, 2, 3, 0x7fff_ffff]) await producer.send(sequence)
  await producer.shown()
})

scenario('Idempotence: the first batch has any sequence number', 'KIP-360', async (recorder) => {
  for (const sequence of [1, 5, 1000, 0x7fff_ffff]) {
    const { producer } = await begins(recorder)
    await producer.send(sequence)
    await producer.send(sequence)
    await producer.send(sequence === 0x7fff_ffff ? 0 : sequence + 1)
    await producer.shown()
  }
})

scenario('Idempotence: sequence numbers wrap', 'KIP-98', async (recorder) => {
  const { topic, producer } = await begins(recorder)
  await producer.send(0x7fff_fffd, 2)
  await producer.send(0x7fff_ffff, 1)
  await producer.send(0, 1)
  await producer.send(0x7fff_ffff, 1)
  await producer.shown()
  await stored(recorder, topic)
})

scenario('Idempotence: a batch over the wrap', 'KIP-98', async (recorder) => {
  const { topic, producer } = await begins(recorder)
  await producer.send(0x7fff_fffe, 5)
  await producer.send(0x7fff_fffe, 5)
  await producer.shown()
  await producer.send(3, 1)
  await producer.send(2, 1)
  await stored(recorder, topic)
})

scenario('Idempotence: a sequence number below 0', 'any client of its own making', async (recorder) => {
  const { producer } = await begins(recorder)
  for (const sequence of [-1, -2]) await producer.send(sequence)
  await producer.shown()
})

scenario('Idempotence: a new epoch', 'KIP-360', async (recorder) => {
  const { topic, producer } = await begins(recorder)
  await producer.sendQuietly(0, 2)
  for (const [sequence, producerEpoch] of [
    [2, 1],
    [1, 1],
    [0, 1],
    [0, 1],
    [1, 1],
    [2, 0],
    [0, 0],
    [0, 5],
    [1, 5],
    [2, 32_767],
    [0, 32_767],
  ] as const)
    await producer.send(sequence, 1, { producerEpoch })
  await producer.shown()
  await stored(recorder, topic)
})

scenario('Idempotence: epochs that are none', 'any client of its own making', async (recorder) => {
  const { producer } = await begins(recorder)
  for (const producerEpoch of [-1, -2]) await producer.send(0, 1, { producerEpoch })
  await producer.shown()
  await producer.sendQuietly(0)
  await producer.send(1, 1, { producerEpoch: -1 })
})

scenario('Idempotence: producer ids that are none', 'any client of its own making', async (recorder) => {
  const { topic, producer } = await begins(recorder)
  for (const producerId of [-1, -2, 987_654_321]) await producer.send(0, 1, { producerId })
  await recorder.call('Produce', 11, produceOf(topic, batchOf(1, { producerEpoch: 4 })))
  await recorder.call('Produce', 11, produceOf(topic, batchOf(1, { baseSequence: 4 })))
  await producer.shown()
})

scenario('Idempotence: several producers in one log', 'KIP-98', async (recorder) => {
  const { topic, producer } = await begins(recorder)
  const other = await IdempotentProducer.to(recorder, topic)
  await producer.send(0, 2)
  await other.send(0, 3)
  await producer.send(2, 2)
  await other.send(0, 3)
  await producer.send(0, 2)
  await stored(recorder, topic)
})

scenario('Idempotence: every partition counts for itself', 'KIP-98', async (recorder) => {
  const topic = await recorder.topic(2)
  const producer = await IdempotentProducer.to(recorder, topic)
  for (const [partition, sequence] of [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
    [0, 1],
    [1, 5],
  ] as const)
    await recorder.call('Produce', 11, produceOf(topic, producer.batch(sequence), {}, partition))
})

scenario('Idempotence: a refused batch counts for nothing', 'KIP-98', async (recorder) => {
  const { topic, producer } = await begins(recorder, { 'max.message.bytes': '500' })
  await producer.send(0)
  await producer.send(1, 50)
  await producer.send(51)
  const damaged = producer.batch(1)
  damaged[damaged.length - 1]! ^= 1
  await recorder.call('Produce', 11, produceOf(topic, damaged))
  await producer.send(1)
  await producer.shown()
})

scenario('Idempotence: records that were deleted meanwhile', 'KIP-360', async (recorder) => {
  const { topic, producer } = await begins(recorder)
  await producer.sendQuietly(0, 3)
  const partitions = [{ partitionIndex: 0, offset: -1 }]
  await recorder.quietly('DeleteRecords', 2, { topics: [{ name: topic.name, partitions }], timeoutMs: 5000 })
  await producer.shown()
  await producer.send(0, 3)
  await producer.send(5)
  await producer.send(3)
})

scenario('Idempotence: a batch again on a topic that stamps its times', 'LogAppendTime', async (recorder) => {
  const { topic, producer } = await begins(recorder, { 'message.timestamp.type': 'LogAppendTime' })
  await producer.send(0, 2)
  await producer.send(0, 2)
  await stored(recorder, topic)
})

scenario('Idempotence: a batch again, compressed anew', 'compression.type', async (recorder) => {
  const { topic, producer } = await begins(recorder, { 'compression.type': 'gzip' })
  await producer.send(0, 2)
  await producer.send(0, 2)
  await producer.send(2, 2)
  await stored(recorder, topic)
})
