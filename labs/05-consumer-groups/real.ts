/** Lab 05 for real: three workers join a group one after the other and leave it again, while records come in. */
import { defineReal } from '../engine/real.ts'
import type { ConsumerGroups, Handed, TopicPartition, Worker } from './subject.ts'

const topic = 'group-at-work'
const partitions = 6

export const real = defineReal<ConsumerGroups>({
  topics: [topic],
  run: async ({ subject, kafka, newKafka, say, show }) => {
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic, numPartitions: partitions }] })
    await admin.disconnect()
    const told = new Map<string, readonly TopicPartition[]>()
    const handled = new Map<string, number>()
    const workers = new Map<string, Worker>()
    const begin = async (name: string) => {
      const worker = await subject.startWorker(newKafka(), {
        groupId: 'group-at-work',
        topics: [topic],
        sessionMs: 10_000,
        heartbeatMs: 300,
        onAssigned: async (own) => void told.set(name, own),
        onRecord: async (_record: Handed) => void handled.set(name, (handled.get(name) ?? 0) + 1),
      })
      workers.set(name, worker)
    }
    const look = async (call: string) => {
      // Until the others have heard of the rebalance and joined again.
      await new Promise((resolve) => setTimeout(resolve, 1_200))
      const now = [...told].map(([name, own]) => {
        const numbers = own.map(({ partition }) => partition).sort((a, b) => a - b)
        return `${name}: ${numbers.length === 0 ? '—' : numbers.join(' ')}`
      })
      show(call, now)
    }
    say({
      en: 'Three workers join. Look who keeps what: only what has to move moves.',
      ru: 'Три воркера входят в группу. Смотрите, кто что сохраняет: переезжает только то, что должно.',
    })
    for (const name of ['A', 'B', 'C']) {
      await begin(name)
      await look(`startWorker(kafka, …)  // ${name}`)
    }
    const producer = kafka.producer()
    await producer.connect()
    await producer.send({
      topic,
      messages: Array.from({ length: 30 }, (_, i) => ({ key: `order-${i}`, value: `order ${i}` })),
    })
    await producer.disconnect()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    show('onRecord', Object.fromEntries(handled))
    say({ en: 'They leave again.', ru: 'И выходят из неё.' })
    for (const [name, worker] of workers) {
      await worker.stop()
      told.delete(name)
      await look(`stop()  // ${name}`)
    }
    say({
      en: 'kafka-consumer-groups.sh --describe --group group-at-work shows what they have committed.',
      ru: 'Что они зафиксировали, покажет kafka-consumer-groups.sh --describe --group group-at-work.',
    })
  },
})
