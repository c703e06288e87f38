/**
 * Kafka's tools during activity: an open transaction, an active group.
 */
import { Kafka, logLevel } from 'kafkajs'
import { buildBatch } from '../../../src/record/batch-builder.ts'
import { type Tools, toolScenario } from './tool-runs.ts'

const VALUE = new TextEncoder().encode('value')
/** Columns of kafka-transactions that hold ids and times. */
const UNLIKE = new Set([
  'ProducerId',
  'LastTimestamp',
  'CurrentTransactionStartTimeMs',
  'TransactionDurationMs',
])

/** Opens a transaction with one record in the topic's partition 0, and leaves it so. */
async function openTransaction(tools: Tools, topic: string, transactionalId: string): Promise<void> {
  const { quietly } = tools
  await tools.coordinator(transactionalId, 1)
  const asked = { transactionalId, transactionTimeoutMs: 60_000, producerId: -1, producerEpoch: -1 }
  const { producerId, producerEpoch } = await quietly('InitProducerId', 4, asked)
  const added = { producerId, producerEpoch, transactionalId }
  const topics = [{ name: topic, partitions: [0] }]
  await quietly('AddPartitionsToTxn', 3, {
    v3AndBelowTransactionalId: transactionalId,
    v3AndBelowProducerId: producerId,
    v3AndBelowProducerEpoch: producerEpoch,
    v3AndBelowTopics: topics,
  })
  const options = { ...added, baseSequence: 0, transactional: true }
  const records = buildBatch([{ key: null, value: VALUE, timestamp: 1000 }], options)
  const topicData = [{ name: topic, partitionData: [{ index: 0, records }] }]
  await quietly('Produce', 9, { transactionalId, acks: -1, timeoutMs: 5000, topicData })
}

/** A table with tabs between its columns, row by row, under the names in its first line. */
function rowsOf(table: string): Record<string, string>[] {
  const [head = [], ...rows] = table
    .trim()
    .split('\n')
    .map((line) => line.split('\t').map((cell) => cell.trim()))
  return rows.map((row) =>
    Object.fromEntries(
      head.map((name, column) => [name, row[column] ?? '']).filter(([name]) => !UNLIKE.has(name!)),
    ),
  )
}

for (const [name, end] of [
  ['aborted by its place', (topic: string) => `abort --topic ${topic} --partition 0 --start-offset 0`],
  [
    'terminated by its name',
    (_topic: string, id: string) => `forceTerminateTransaction --transactionalId ${id}`,
  ],
] as const)
  toolScenario(
    `kafka-transactions: an open one, ${name}`,
    'kafka-transactions.sh, KIP-664',
    async (tools) => {
      const { name: topic } = await tools.topic()
      const id = tools.name('id')
      await openTransaction(tools, topic, id)
      const run = async (words: string) => {
        const { code, out, err } = await tools.runQuietly('TransactionsCommand', words)
        tools.note(words.split(' ')[0]!, { code, rows: rowsOf(out), err })
      }
      await run(`list --transactional-id-pattern ${id}`)
      await run(`describe --transactional-id ${id}`)
      await run(`find-hanging --topic ${topic}`)
      await run(end(topic, id))
      await run(`describe-producers --topic ${topic} --partition 0`)
      await tools.call('ListOffsets', 6, {
        replicaId: -1,
        isolationLevel: 1,
        topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp: -1 }] }],
      })
    },
  )

toolScenario('kafka-consumer-groups: a group at work', 'kafka-consumer-groups.sh', async (tools) => {
  const { run, name } = tools
  const { name: topic } = await tools.topic(2)
  const groupId = name('group')
  const brokers = tools.bootstrap.split(',')
  const kafka = new Kafka({ clientId: 'worker', brokers, logLevel: logLevel.NOTHING })
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 })
  const joined = new Promise<void>((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, () => resolve())
  })
  await consumer.connect()
  try {
    await consumer.subscribe({ topic })
    await consumer.run({ eachMessage: async () => {} })
    await joined
    const it = `--group ${groupId}`
    await run('ConsumerGroupCommand', `--describe ${it} --members --verbose`)
    await run('ConsumerGroupCommand', `--describe ${it} --state`)
    await run('ConsumerGroupCommand', `--reset-offsets ${it} --topic ${topic} --to-earliest --execute`)
    await run('ConsumerGroupCommand', `--delete ${it}`)
    await run('ConsumerGroupCommand', `--delete-offsets ${it} --topic ${topic}`)
  } finally {
    await consumer.disconnect()
  }
})

toolScenario(
  'kafka-verifiable-consumer',
  'kafka-verifiable-consumer.sh',
  async ({ run, runQuietly, topic, name }) => {
    const { name: there } = await topic()
    await runQuietly('ConsoleProducer', `--topic ${there}`, { input: 'a\nb\nc\nd\ne\n' })
    await run(
      'VerifiableConsumer',
      `--topic ${there} --group-id ${name('group')} --max-messages 5 --reset-policy earliest`,
      {
        keep: /records_consumed/,
      },
    )
  },
)
