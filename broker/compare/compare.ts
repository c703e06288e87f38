/**
 * `npm run compare`: sends the same requests to our broker and to Apache Kafka, and compares the responses field by field.
 *
 *   --bootstrap HOST:PORT  a running Kafka               --docker  one in a container (testcontainers)
 *   --only WORDS           scenarios with these words    --list    only their names
 *   --json FILE            the results, by API, for the site
 *   --at-once N            how many scenarios run at the same time (default 4)
 *
 *   exit   0 no differences, or known ones only; 1 a difference that the ledger does not explain, a scenario that is unsteady
 *          again, or a ledger entry that no longer occurs; 2 bad arguments; 3 no Kafka to compare with
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { show } from './differences.ts'
import { MissingError } from './kafka/kafka-jars.ts'
import { referenceFor } from './kafka/reference.ts'
import { startOurs } from './ours.ts'
import { reportOf } from './report.ts'
import { COMMON_CONFIG, type Compared, compare } from './run.ts'
import type { Scenario } from './scenario.ts'
import { SCENARIOS } from './scenarios/all.ts'
import { endTools, withoutWhatIsMissing } from './tools/tools.ts'
import { keepUnsteady, RUNS_MAX } from './unsteady.ts'

const OPTIONS = {
  bootstrap: { type: 'string' },
  docker: { type: 'boolean' },
  only: { type: 'string' },
  list: { type: 'boolean' },
  json: { type: 'string' },
  'at-once': { type: 'string' },
} as const

// Exiting also ends the Kafka that was started. An output pipe that is closed early (EPIPE) is not an error.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))
process.stdout.on('error', () => process.exit(1))

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exit(error instanceof MissingError ? 3 : 1)
})

async function main(): Promise<void> {
  const values = optionsOf(process.argv.slice(2))
  const chosen = SCENARIOS.filter((each) => isChosen(each, values.only ?? ''))
  if (chosen.length === 0) throw new Error(`compare: no scenario is called ${values.only}`)
  if (values.list) {
    for (const { name, standsFor } of chosen) process.stdout.write(`${name}  (${standsFor})\n`)
    return
  }
  const runnable = withoutWhatIsMissing(chosen, (why) => process.stderr.write(`compare: ${why}\n`))
  const kafka = await referenceFor({ ...values, config: COMMON_CONFIG })
  process.exitCode = 1
  const ours = await startOurs(kafka.config)
  try {
    const began = performance.now()
    const atOnce = values['at-once'] === undefined ? {} : { atOnce: Number(values['at-once']) }
    const outcome = await compare(ours.bootstrap, kafka.bootstrap, runnable, {
      onCompared: print,
      elsewhere: kafka.elsewhere,
      ...atOnce,
    })
    for (const { scenario, field } of outcome.stale)
      process.stdout.write(`STALE   this ledger entry no longer occurs: ${scenario}, ${field}\n`)
    const again = keepUnsteady(outcome.compared)
    for (const name of again)
      process.stdout.write(`AGAIN   unsteady twice within ${RUNS_MAX} runs, so it is not chance: ${name}\n`)
    const counts = `${outcome.unexplained.length} unexplained, ${outcome.explained.length} known differences`
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    process.stdout.write(`${runnable.length} scenarios in ${seconds} s beside ${kafka.called}: ${counts}\n`)
    if (values.json) writeFileSync(values.json, reportOf(outcome, kafka.called))
    process.exitCode = outcome.unexplained.length + outcome.stale.length + again.length === 0 ? 0 : 1
  } finally {
    await endTools()
    await ours.stop()
    await kafka.stop()
  }
}

function optionsOf(args: string[]) {
  try {
    const { values } = parseArgs({ args, options: OPTIONS })
    const atOnce = values['at-once']
    if (atOnce !== undefined && !/^[1-9]\d?$/.test(atOnce))
      throw new Error('--at-once is a number from 1 to 99')
    return values
  } catch (error) {
    process.stderr.write(`compare: ${(error as Error).message}\n`)
    process.exit(2)
  }
}

/** Whether the scenario's name or description contains these words. */
function isChosen({ name, standsFor }: Scenario, words: string): boolean {
  return `${name} (${standsFor})`.toLowerCase().includes(words.toLowerCase())
}

function print({ scenario, unexplained, unsteady, ms }: Compared): void {
  const verdict = unexplained.length > 0 ? 'DIFFERS' : unsteady.length > 0 ? 'unsteady' : 'same   '
  process.stdout.write(`${verdict} ${scenario.name}  ${ms} ms\n`)
  for (const each of [...unexplained, ...unsteady]) process.stdout.write(show(each))
}
