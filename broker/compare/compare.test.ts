/**
 * The comparison as part of the tests, if Java and Maven (or a running Kafka) are available.
 */
import { expect, test } from 'vitest'
import { show } from './differences.ts'
import { MissingError } from './kafka/kafka-jars.ts'
import { type Reference, referenceFor } from './kafka/reference.ts'
import { startOurs } from './ours.ts'
import { COMMON_CONFIG, compare } from './run.ts'
import { SCENARIOS } from './scenarios/all.ts'
import { endTools, withoutWhatIsMissing } from './tools/tools.ts'
import { keepUnsteady } from './unsteady.ts'

const COMPARE_MS_MAX = 600_000

test('our broker answers as Apache Kafka does, known differences apart', {
  timeout: COMPARE_MS_MAX,
}, async () => {
  const kafka = await referenceOrWhyNot()
  if (typeof kafka === 'string') {
    process.stderr.write(`compare: skipped, ${kafka}\n`)
    return
  }
  const ours = await startOurs(kafka.config)
  try {
    const runnable = withoutWhatIsMissing(SCENARIOS, (why) => process.stderr.write(`compare: ${why}\n`))
    const { compared, unexplained, stale } = await compare(ours.bootstrap, kafka.bootstrap, runnable)
    expect(unexplained.map((each) => `${each.scenario}\n${show(each)}`)).toEqual([])
    expect(stale).toEqual([])
    expect(keepUnsteady(compared), 'scenarios that were unsteady again').toEqual([])
  } finally {
    await endTools()
    await ours.stop()
    await kafka.stop()
  }
})

async function referenceOrWhyNot(): Promise<Reference | string> {
  try {
    return await referenceFor({ config: COMMON_CONFIG })
  } catch (error) {
    if (error instanceof MissingError) return error.message
    throw error
  }
}
