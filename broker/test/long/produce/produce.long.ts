/**
 * Tens of thousands of damaged batches, and what readers find of those that were taken. MUTANTS_SEED and MUTANTS_COUNT
 * choose others, MUTANTS_FIRST where to begin; a failure names the seed and the batch. Without KAFKA_AT (host:port),
 * an Apache Kafka is started.
 */
import { expect, test } from 'vitest'
import { referenceFor } from '../../../compare/kafka/reference.ts'
import { COMMON_CONFIG } from '../../../compare/run.ts'
import { endTools } from '../../../compare/tools/tools.ts'
import { startBroker } from '../../../src/node/index.ts'
import { campaign, PARTITIONS } from './campaign.ts'
import { javaReads, kcatReads } from './read-back.ts'

const seed = Number(process.env.MUTANTS_SEED ?? Date.now() % 1_000_000)
const count = Number(process.env.MUTANTS_COUNT ?? 50_000)
const first = Number(process.env.MUTANTS_FIRST ?? 0)

test(`damaged batches to both brokers, seed ${seed}`, { timeout: 3_600_000 }, async () => {
  const kafka = await referenceFor({ bootstrap: process.env.KAFKA_AT, config: COMMON_CONFIG })
  const ours = await startBroker({ config: kafka.config, log: () => {} })
  try {
    const report = await campaign({ ours: ours.bootstrap, kafka: kafka.bootstrap, seed, count, first })
    console.log(`${count} batches; by error code: ${JSON.stringify(Object.fromEntries(report.codes))}`)
    expect(report.differences).toEqual([])
    for (const topic of report.topics) {
      for (let partition = 0; partition < PARTITIONS; partition++) {
        const [here, there] = await Promise.all(
          [ours, kafka].map(({ bootstrap }) => javaReads(bootstrap, topic, partition)),
        )
        expect(here, `${topic}-${partition}, read by Java`).toBe(there)
        const [said, should] = await Promise.all(
          [ours, kafka].map(({ bootstrap }) => kcatReads(bootstrap, topic, partition)),
        )
        expect(said, `${topic}-${partition}, read by kcat`).toBe(should)
      }
    }
  } finally {
    await endTools()
    await ours.stop()
    await kafka.stop()
  }
})
