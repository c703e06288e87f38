/**
 * A few seconds of what `npm run test:long` does for minutes (produce.long.ts), where Apache Kafka is on this machine.
 *
 * That the logs are the same says that they are read the same, too: some of what Kafka takes, its own consumers and
 * DumpLogSegments can't read (a compressed record of another length than it says).
 */
import { expect, test } from 'vitest'
import { MissingError } from '../../../compare/kafka/kafka-jars.ts'
import { type Reference, referenceFor } from '../../../compare/kafka/reference.ts'
import { COMMON_CONFIG } from '../../../compare/run.ts'
import { startBroker } from '../../../src/node/index.ts'
import { campaign } from './campaign.ts'

test('damaged batches in every codec: our broker takes and refuses what Apache Kafka does, and the logs are the same', {
  timeout: 300_000,
}, async () => {
  const kafka = await kafkaOrWhyNot()
  if (typeof kafka === 'string') {
    process.stderr.write(`damaged batches: left out, ${kafka}\n`)
    return
  }
  const ours = await startBroker({ config: kafka.config, log: () => {} })
  try {
    const report = await campaign({ ours: ours.bootstrap, kafka: kafka.bootstrap, seed: 2, count: 3200 })
    expect(report.differences).toEqual([])
    for (const code of [0, 87, -1]) expect(report.codes.get(code)).toBeGreaterThan(500)
  } finally {
    await ours.stop()
    await kafka.stop()
  }
})

async function kafkaOrWhyNot(): Promise<Reference | string> {
  try {
    return await referenceFor({ config: COMMON_CONFIG })
  } catch (error) {
    if (error instanceof MissingError) return error.message
    throw error
  }
}
