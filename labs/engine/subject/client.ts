/**
 * The kafkajs client that a learner's function is handed: a real one, made in the learner's own thread from a
 * description. Its sockets go through the judge's proxy (wire/proxy.ts), which counts and reads along.
 *
 * - metadata lists partitions in no order, as a broker may: `shuffle`
 * - the first replica of a partition need not lead it: that broker may be down; nor need the first one in sync
 * - a fetch waits 50 ms for news, and a member of a group gives a sign of life every 250 ms, unless the code asks otherwise,
 *   so that a verdict comes soon: a member hears of a rebalance by the answer to it
 */
import net from 'node:net'
import type { Admin, ConsumerConfig, Kafka } from 'kafkajs'
import type { ClientSpec } from './protocol.ts'

export async function prepareClients(): Promise<void> {
  kafkajs ??= await import('kafkajs')
}

let kafkajs: typeof import('kafkajs') | undefined
/** Node's own, from before timers are watched: what the engine waits for is not the learner's timer. */
const later = setTimeout

export function makeClient(spec: ClientSpec): Kafka {
  if (kafkajs === undefined) throw new Error('client: prepareClients has not been called')
  const kafka = new kafkajs.Kafka({
    ...spec.config,
    clientId: 'offset-zero-lab',
    brokers: [...spec.brokers],
    logLevel: kafkajs.logLevel.NOTHING,
    socketFactory: ({ host, port, onConnect }) => {
      const socket = net.connect({ host: '127.0.0.1', port: spec.proxyPort }, () => {
        socket.write(`${spec.id} ${host} ${port}\n`)
        onConnect()
      })
      return socket
    },
  })
  const makeAdmin = kafka.admin.bind(kafka)
  kafka.admin = (config) => {
    const admin = makeAdmin(config)
    if (spec.shuffle !== undefined) shuffled(admin, spec.shuffle, spec.absentBroker)
    if (spec.isPatient) admin.createTopics = patientCreate(admin)
    admin.setOffsets = promptReset(kafka, admin)
    return admin
  }
  const makeConsumer = kafka.consumer.bind(kafka)
  kafka.consumer = (config?: ConsumerConfig) =>
    makeConsumer({ maxWaitTimeInMs: 50, heartbeatInterval: 250, ...config } as ConsumerConfig)
  return kafka
}

/** Each list comes in an order of its own, and never sorted if there are three or more: one turned round, one rotated. */
function shuffled(admin: Admin, seed: number, absentBroker: number | undefined): void {
  const rotated = <T>(list: readonly T[]): T[] => {
    const by = list.length < 3 ? 0 : 1 + (seed % (list.length - 2))
    return [...list.slice(by), ...list.slice(0, by)]
  }
  const byPartition = <T>(list: readonly T[], partitionOf: (one: T) => number): T[] =>
    [...list].sort((a, b) => partitionOf(a) - partitionOf(b))
  const { fetchTopicMetadata, fetchTopicOffsets } = admin
  admin.fetchTopicMetadata = async (...args: Parameters<typeof fetchTopicMetadata>) => {
    const { topics } = await fetchTopicMetadata(...args)
    const replicasOf = (partition: number, replicas: readonly number[]) =>
      absentBroker === undefined || partition % 2 === 0 ? [...replicas] : [absentBroker, ...replicas]
    // The leader is in sync, and need not stand first.
    const inSyncOf = (leader: number, isr: readonly number[], leaders: readonly number[]) => {
      const other = leaders.find((one) => one !== leader)
      return other === undefined ? { isr: [...isr] } : { replicas: [leader, other], isr: [other, leader] }
    }
    return {
      topics: topics.map((topic) => ({
        ...topic,
        partitions: rotated(byPartition(topic.partitions, (one) => one.partitionId))
          .reverse()
          .map((one) => ({
            ...one,
            replicas: replicasOf(one.partitionId, one.replicas),
            ...(one.partitionId % 2 === 0
              ? inSyncOf(
                  one.leader,
                  one.isr,
                  topic.partitions.map(({ leader }) => leader),
                )
              : {}),
          })),
      })),
    }
  }
  admin.fetchTopicOffsets = async (topic) =>
    rotated(byPartition(await fetchTopicOffsets(topic), (one) => one.partition))
}

/** Waits until the cluster knows a new topic: a KRaft broker may hear of it a moment later. */
function patientCreate(admin: Admin): Admin['createTopics'] {
  const createTopics = admin.createTopics.bind(admin)
  return async (options) => {
    const isNew = await createTopics({ ...options, waitForLeaders: false })
    if (options.waitForLeaders === false) return isNew
    for (const { topic } of options.topics) {
      for (let tries = 0; ; tries++) {
        try {
          await admin.fetchTopicOffsets(topic)
          break
        } catch (error) {
          if (tries === 40) throw error
          await new Promise((resolve) => later(resolve, 50))
        }
      }
    }
    return isNew
  }
}

/**
 * kafkajs sets a group's offsets as a member of it, seeks, and then sleeps for as long as a fetch of a consumer with the
 * default settings may wait, 5 s. The same with a consumer whose fetches wait 50 ms.
 */
function promptReset(kafka: Kafka, admin: Admin): Admin['setOffsets'] {
  const setOffsets = admin.setOffsets.bind(admin)
  return async (options) => {
    const { groupId, topic, partitions } = options
    if (!groupId || !topic || !partitions || partitions.length === 0) return setOffsets(options)
    const consumer = kafka.consumer({ groupId })
    try {
      await consumer.connect()
      await consumer.subscribe({ topics: [topic], fromBeginning: true })
      const { state } = await consumer.describeGroup()
      // With members in the group kafkajs throws, and has not slept yet.
      if (state !== 'Empty' && state !== 'Dead') return await setOffsets(options)
      await new Promise<void>((resolve, reject) => {
        consumer.on(consumer.events.FETCH, () => resolve())
        consumer.run({ eachBatchAutoResolve: false, eachBatch: async () => {} }).catch(reject)
        consumer.pause([{ topic }])
        for (const place of partitions) consumer.seek({ topic, ...place })
      })
    } finally {
      await consumer.disconnect()
    }
  }
}
