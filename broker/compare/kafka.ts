/**
 * Starts a real Kafka: `npm run kafka -- --port 29092`.
 *
 *   stdout   one line, when it serves: ready 127.0.0.1:29092
 *   exit     0 stopped by SIGTERM or SIGINT; 2 bad arguments; 3 this machine lacks Java or Maven; 1 Kafka failed
 */
import { parseArgs } from 'node:util'
import { MissingError } from './kafka/kafka-jars.ts'
import { type KafkaOptions, startKafka } from './kafka/kafka-process.ts'

const HELP = `npm run kafka -- [--nodes 1] [--port 29092] [--data DIR] [--set key=value]…
Runs Apache Kafka from Maven's jars until SIGTERM or Ctrl-C. Without --data it forgets all at the end.
`

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exit(error instanceof MissingError ? 3 : 1)
})

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2))
  // A signal that comes while Kafka starts counts when it has started: nothing is left behind.
  const signalled = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve())
  })
  const kafka = await startKafka(options)
  process.stdout.write(`ready ${kafka.bootstrap}\n`)
  await Promise.race([signalled, kafka.ended])
  await kafka.stop()
  process.exit(0)
}

function optionsOf(args: string[]): KafkaOptions {
  try {
    const { values } = parseArgs({
      args,
      options: {
        nodes: { type: 'string', default: '1' },
        port: { type: 'string', default: '29092' },
        data: { type: 'string' },
        set: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean' },
      },
    })
    if (values.help) {
      process.stdout.write(HELP)
      process.exit(0)
    }
    const [nodes, port] = [numberOf('--nodes', values.nodes), numberOf('--port', values.port)]
    return { nodes, port, dataDir: values.data, config: Object.fromEntries(values.set.map(settingOf)) }
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    process.exit(2)
  }
}

function numberOf(name: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`${name} ${text}: not a number above 0`)
  return Number(text)
}

function settingOf(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new Error(`--set ${text}: not key=value`)
  return [text.slice(0, at), text.slice(at + 1)]
}
