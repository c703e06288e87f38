/**
 * The process in which a lab runs for real: node real-child.ts <lab id> <file> <bootstrap> <language>.
 * What the learner's code prints goes to its output as it is; what the lab says goes over the channel.
 */
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { Kafka, logLevel } from 'kafkajs'
import { findLab, inRepository, labFolder } from '../engine/catalog.ts'
import type { Lang } from '../engine/lab.ts'
import type { Real } from '../engine/real.ts'
import { fill } from '../engine/words.ts'
import type { RealReport } from './run-real.ts'

const [labName = '', file = '', bootstrap = '', language = 'en'] = process.argv.slice(2)
const lang = language as Lang
const report = (message: RealReport) =>
  new Promise<void>((resolve) => {
    if (process.send === undefined) resolve()
    else process.send(message, undefined, undefined, () => resolve())
  })

const inLine = (value: unknown) => inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 4 })

function linesOf(value: unknown): string[] {
  if (!Array.isArray(value) || value.length === 0) return [inLine(value)]
  const shown = value.slice(0, 20).map(inLine)
  return value.length > 20 ? [...shown, `… ${value.length - 20}`] : shown
}

async function main(): Promise<void> {
  const lab = findLab(labName)
  if (lab === undefined) throw new Error(`real-child: no lab ${labName}`)
  const path = pathToFileURL(inRepository(`${labFolder(lab)}/real.ts`))
  const { real } = (await import(path.href)) as { real: Real<unknown> }
  const subject: unknown = await import(pathToFileURL(file).href)
  const newKafka = () =>
    new Kafka({
      clientId: `lab-${lab.id}`,
      brokers: bootstrap.split(','),
      logLevel: logLevel.NOTHING,
      retry: { retries: 3, initialRetryTime: 100 },
    })
  await real.run({
    subject,
    kafka: newKafka(),
    newKafka,
    bootstrap,
    lang,
    say: (text, facts = {}) => void report({ type: 'line', text: fill(text, facts)[lang] }),
    show: (call, value) => void report({ type: 'call', call, value: linesOf(value) }),
  })
  return report({ type: 'done', topics: real.topics })
}

await main().catch((error: unknown) => {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : inLine(error)
  const at =
    error instanceof Error ? (error.stack ?? '').split('\n').find((line) => line.includes(file)) : undefined
  return report({ type: 'failed', message, ...(at === undefined ? {} : { at: at.trim() }) })
})
process.exit(0)
