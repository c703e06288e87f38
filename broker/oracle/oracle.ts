/**
 * `npm run oracle`: our state machines beside Apache Kafka's own classes, with the same random inputs.
 *
 *   npm run oracle -- partition-change --histories 10000 [--seed 42]
 *
 * Exit codes: 0 no difference, 1 a difference (shrunk, with the seed that repeats it), 2 wrong arguments, 3 Java or Kafka's jars
 * are missing.
 */
import { isDeepStrictEqual, parseArgs } from 'node:util'
import fc from 'fast-check'
import { MissingError } from '../compare/kafka/kafka-jars.ts'
import { KafkaOracle } from './kafka-oracle.ts'
import { kafkaPartitionChange, ourPartitionChange, partitionChangeCases } from './partition-change.ts'

const MACHINES = ['partition-change'] as const
const HELP = `npm run oracle -- NAME [--histories N] [--seed S]

  NAME          what is compared with Apache Kafka's own class: ${MACHINES.join(', ')}
  --histories   how many random histories (10000)
  --seed        the seed of a run that is to be repeated

Exit codes: 0 no difference, 1 a difference, 2 wrong arguments, 3 Java or Kafka's jars are missing.
`

/** Compares `count` cases. Throws fast-check's report of the smallest difference. */
export async function comparePartitionChanges(
  oracle: KafkaOracle,
  { count, seed }: { readonly count: number; readonly seed?: number },
): Promise<void> {
  const property = fc.asyncProperty(partitionChangeCases, async (each) => {
    const ours = ourPartitionChange(each)
    const kafka = await kafkaPartitionChange(oracle, each)
    if (isDeepStrictEqual(ours, kafka)) return
    throw new Error(`ours  ${JSON.stringify(ours)}\nKafka ${JSON.stringify(kafka)}`)
  })
  await fc.assert(property, { numRuns: count, ...(seed !== undefined && { seed }) })
}

async function main(): Promise<number> {
  let asked: { machine: string | undefined; count: number; seed: number }
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        histories: { type: 'string', default: '10000' },
        seed: { type: 'string' },
      },
    })
    if (values.help) {
      process.stdout.write(HELP)
      return 0
    }
    asked = {
      machine: positionals[0],
      count: Number(values.histories),
      seed: values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed),
    }
    if (positionals.length !== 1 || !MACHINES.some((each) => each === asked.machine))
      throw new Error(`name one of: ${MACHINES.join(', ')}`)
    if (!Number.isInteger(asked.count) || asked.count < 1)
      throw new Error('--histories wants a number from 1')
    if (!Number.isInteger(asked.seed)) throw new Error('--seed wants an integer')
  } catch (error) {
    console.error(`oracle: ${(error as Error).message}\n\n${HELP}`)
    return 2
  }
  let oracle: KafkaOracle
  try {
    oracle = new KafkaOracle()
  } catch (error) {
    if (!(error instanceof MissingError)) throw error
    console.error(`oracle: ${error.message}`)
    return 3
  }
  const begun = performance.now()
  try {
    await comparePartitionChanges(oracle, asked)
  } catch (error) {
    console.error(`oracle: ${asked.machine}, seed ${asked.seed}\n${(error as Error).message}`)
    console.error(((error as Error).cause as Error | undefined)?.message ?? '')
    return 1
  } finally {
    await oracle.end()
  }
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  console.log(
    `oracle: ${asked.machine}, ${asked.count} histories, seed ${asked.seed}: no difference, ${seconds} s`,
  )
  return 0
}

if (process.argv[1] === import.meta.filename) process.exitCode = await main()
