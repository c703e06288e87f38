/**
 * The comparison as part of the tests, where Apache Kafka is on this machine already (`npm run kafka` fetches it).
 */
import { expect, test } from 'vitest'
import { startBroker } from '../src/node/index.ts'
import { show } from './differences.ts'
import { kafkaIsHere, MissingError } from './kafka-jars.ts'
import { type RunningKafka, startKafka } from './kafka-process.ts'
import { COMMON_CONFIG, compare } from './run.ts'
import { SCENARIOS } from './scenarios/all.ts'

const PORT = 31_780
const COMPARE_MS_MAX = 120_000

test('our broker answers as Apache Kafka does, known differences apart', {
  timeout: COMPARE_MS_MAX,
}, async () => {
  const kafka = await referenceOrWhyNot()
  if (typeof kafka === 'string') {
    process.stderr.write(`compare: left out, ${kafka}\n`)
    return
  }
  const ours = await startBroker({ config: COMMON_CONFIG })
  try {
    const { unexplained, stale } = await compare(ours.bootstrap, kafka.bootstrap, SCENARIOS)
    expect(unexplained.map((each) => `${each.scenario}\n${show(each)}`)).toEqual([])
    expect(stale).toEqual([])
  } finally {
    await ours.stop()
    await kafka.stop()
  }
})

async function referenceOrWhyNot(): Promise<RunningKafka | string> {
  if (!kafkaIsHere()) return 'Apache Kafka is not on this machine; `npm run kafka` fetches it'
  try {
    return await startKafka({ nodes: 1, port: PORT, config: COMMON_CONFIG })
  } catch (error) {
    if (error instanceof MissingError) return error.message
    throw error
  }
}
