/**
 * Hanging transactions: open in a partition, unknown to every coordinator, and so open for ever. Brokers verify what is
 * written so that there are none (KIP-890); with that turned off they come to be, are found and ended (KIP-664).
 */
import type { Recorder } from '../../scenario.ts'
import { describeProducers, readBoth, TransactionalProducer } from '../records/writing.ts'
import { toolScenario } from '../tools/tool-runs.ts'

const KEY = 'transaction.partition.verification.enable'
const SET = 0
const DELETE = 1
const BROKERS = 4

async function setVerification({ quietly }: Recorder, configOperation: number): Promise<void> {
  const configs = [{ name: KEY, configOperation, value: configOperation === SET ? 'false' : null }]
  const resources = [{ resourceType: BROKERS, resourceName: '', configs }]
  await quietly('IncrementalAlterConfigs', 1, { resources, validateOnly: false })
}

/** Appends to a transaction without informing its coordinator. */
async function hang(
  recorder: Recorder,
  topic: { name: string; topicId: string },
): Promise<TransactionalProducer> {
  const producer = await TransactionalProducer.first(recorder)
  await setVerification(recorder, SET)
  try {
    for (let attempt = 0; attempt < 50; attempt++) {
      const { responses } = await recorder.quietly(
        'Produce',
        11,
        producer.produceOf(topic, 1, { baseSequence: 0 }),
      )
      if (responses[0]!.partitionResponses[0]!.errorCode === 0) return producer
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('compare: the transaction does not hang')
  } finally {
    await setVerification(recorder, DELETE)
  }
}

/** The columns of a table that are the same on both sides. */
function columns(out: string, wanted: readonly string[]): Record<string, string>[] {
  const [head = [], ...rows] = out
    .trim()
    .split('\n')
    .map((line) => line.split('\t').map((cell) => cell.trim()))
  return rows.map((row) => Object.fromEntries(wanted.map((name) => [name, row[head.indexOf(name)] ?? ''])))
}

toolScenario(
  'kafka-transactions: a hanging one, found and aborted',
  'kafka-transactions.sh, KIP-664',
  async (tools) => {
    const topic = await tools.topic(1)
    const producer = await hang(tools, topic)
    await producer.shown()
    await describeProducers(tools, topic)
    await readBoth(tools, topic)
    const find = async () => {
      const { code, out } = await tools.runQuietly(
        'TransactionsCommand',
        `find-hanging --topic ${topic.name}`,
      )
      tools.note('find-hanging', {
        code,
        found: columns(out, ['Topic', 'Partition', 'ProducerEpoch', 'CoordinatorEpoch', 'StartOffset']),
      })
    }
    await find()
    await tools.run('TransactionsCommand', `abort --topic ${topic.name} --partition 0 --start-offset 0`)
    await find()
    await describeProducers(tools, topic)
    await readBoth(tools, topic)
    await tools.call('EndTxn', 4, { ...producer.identity, committed: true })
  },
  { alone: true },
)
