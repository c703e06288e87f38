/**
 * `npm run compare`: the same requests to our broker and to Apache Kafka, the answers field by field.
 *
 *   exit   0 the same, known differences apart; 1 a difference that nobody explained; 3 no Kafka to compare with
 */
import { parseArgs } from 'node:util'
import { startBroker } from '../src/node/index.ts'
import { show } from './differences.ts'
import { MissingError } from './kafka-jars.ts'
import { startKafka } from './kafka-process.ts'
import { COMMON_CONFIG, compare } from './run.ts'
import { SCENARIOS } from './scenarios/all.ts'

const PORT = 31_790

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exit(error instanceof MissingError || (error as { code?: string }).code === 'ECONNREFUSED' ? 3 : 1)
})

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { bootstrap: { type: 'string' }, only: { type: 'string' }, list: { type: 'boolean' } },
  })
  const chosen = SCENARIOS.filter(({ name }) =>
    name.toLowerCase().includes((values.only ?? '').toLowerCase()),
  )
  if (values.list) {
    for (const { name, standsFor } of chosen) process.stdout.write(`${name}  (${standsFor})\n`)
    return
  }
  if (chosen.length === 0) throw new Error(`compare: no scenario is called ${values.only}`)
  const kafka = values.bootstrap
    ? { bootstrap: values.bootstrap, stop: async () => {} }
    : await startKafka({ nodes: 1, port: PORT, config: COMMON_CONFIG })
  const ours = await startBroker({ config: COMMON_CONFIG })
  try {
    const outcome = await compare(ours.bootstrap, kafka.bootstrap, chosen, ({ name }, unexplained) => {
      process.stdout.write(`${unexplained.length === 0 ? 'same   ' : 'DIFFERS'} ${name}\n`)
      for (const each of unexplained) process.stdout.write(show(each))
    })
    for (const { scenario, field } of outcome.stale)
      process.stdout.write(`STALE   the ledger explains what no longer occurs: ${scenario}, ${field}\n`)
    const counts = `${outcome.unexplained.length} unexplained, ${outcome.explained.length} known differences`
    process.stdout.write(`${chosen.length} scenarios: ${counts}\n`)
    process.exitCode = outcome.unexplained.length + outcome.stale.length === 0 ? 0 : 1
  } finally {
    await ours.stop()
    await kafka.stop()
  }
}
