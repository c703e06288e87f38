/**
 * `npm run measure`: what settings make of throughput and latency, on the reader's machine.
 *
 *   exit   0 measured; 2 bad options; 1 no broker, or a load failed
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { rememberedLanguage } from '../../scripts/progress-file.mjs'
import { languageAsked, languageOf } from '../../scripts/words.mjs'
import { Bench, type Figures } from './bench.ts'
import { type BrokerAlone, startBroker } from './broker-alone.ts'
import { hasKcat } from './kcat.ts'
import { type Group, groups } from './plan.ts'
import { type Lang, table } from './report.ts'
import { words } from './words.ts'

const WARM_UP_MS = 100

interface Options {
  bootstrap: string | undefined
  only: string | undefined
  rounds: number
  runMs: number
}

// kafkajs sets timers to negative times, and Node warns of each kind once.
process.removeAllListeners('warning')
process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const lang: Lang = languageAsked(args) ?? rememberedLanguage() ?? languageOf(process.env)
  const options = optionsOf(args, lang)
  if (typeof options === 'number') return options
  let broker: BrokerAlone | undefined
  let folder: string | undefined
  try {
    if (options.bootstrap === undefined) {
      folder = mkdtempSync(join(tmpdir(), 'offset-zero-measure-'))
      const started = await startBroker(folder).catch((error: Error) => error)
      if (started instanceof Error) {
        say(words.noBroker, lang, { why: started.message })
        return 1
      }
      broker = started
    }
    return await measure(options.bootstrap ?? broker!.bootstrap, options, lang)
  } catch (error) {
    say(words.failed, lang, { why: (error as Error).message })
    return 1
  } finally {
    await broker?.stop()
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(bootstrap: string, options: Options, lang: Lang): Promise<number> {
  const prefix = `measure-${process.pid}`
  const bench = await Bench.connect(bootstrap, prefix).catch((error: Error) => error)
  if (bench instanceof Error) {
    say(words.unreachable, lang, { address: bootstrap, why: bench.message })
    return 1
  }
  try {
    const withKcat = hasKcat()
    const chosen = groups(bootstrap, withKcat).filter(({ id }) => (options.only ?? id) === id)
    const [load = 0] = loadavg()
    const cores = availableParallelism()
    if (load > cores / 2) say(words.busy, lang, { load: load.toFixed(1), cores })
    say(words.begins, lang, { rounds: options.rounds })
    for (const group of chosen) {
      const runs = await inTurns(group, bench, options)
      console.log(`\n${table(group, runs, lang).join('\n')}`)
    }
    if (!withKcat) say(words.noKcat, lang, {})
    return 0
  } finally {
    await bench.end()
  }
}

/** Warms up each setting, then runs them one after the other, round by round. */
async function inTurns({ settings }: Group, bench: Bench, { rounds, runMs }: Options): Promise<Figures[][]> {
  for (const { run } of settings) await run(bench, WARM_UP_MS)
  const runs: Figures[][] = settings.map(() => [])
  for (let round = 0; round < rounds; round++)
    for (const [setting, { run }] of settings.entries()) runs[setting]!.push(await run(bench, runMs))
  return runs
}

/** The options, or the exit code when there is nothing to do. */
function optionsOf(args: string[], lang: Lang): Options | number {
  try {
    const { values } = parseArgs({
      args,
      options: {
        bootstrap: { type: 'string' },
        only: { type: 'string' },
        rounds: { type: 'string', default: '3' },
        'run-ms': { type: 'string', default: '400' },
        lang: { type: 'string' },
        help: { type: 'boolean' },
      },
    })
    if (values.help) {
      say(words.help, lang, {})
      return 0
    }
    const { bootstrap, only } = values
    if (only !== undefined && !groups('', true).some(({ id }) => id === only))
      throw new Error(`--only ${only}`)
    return {
      bootstrap,
      only,
      rounds: countOf('--rounds', values.rounds),
      runMs: countOf('--run-ms', values['run-ms']),
    }
  } catch (error) {
    say(words.badOption, lang, { what: (error as Error).message })
    return 2
  }
}

function countOf(name: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${name} ${text}`)
  return Number(text)
}

function say(text: { en: string; ru: string }, lang: Lang, values: Record<string, string | number>): void {
  console.log(text[lang].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name])))
}
