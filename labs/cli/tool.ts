/**
 * `npm run tool -- kafka-topics --list --bootstrap-server localhost:9092`: Kafka's command-line tools without Java, as far as
 * the course uses them.
 *
 *   exit   that of the tool: 0, or 1 after a message
 */
import { createInterface } from 'node:readline'
import { rememberedLanguage } from '../../scripts/progress-file.mjs'
import { languageOf } from '../../scripts/words.mjs'
import { ToolError } from '../engine/tools/options.ts'
import { parsed, runTool, TOOLS } from '../engine/tools/run.ts'
import { RawCluster } from '../engine/wire/raw.ts'

const HELP = {
  en: `npm run tool -- TOOL --bootstrap-server HOST:PORT …

Kafka's command-line tools without Java: a part of their options, with the same effect and output. What is not here is in Apache
Kafka's own, which work with our broker as well.
`,
  ru: `npm run tool -- УТИЛИТА --bootstrap-server HOST:PORT …

Утилиты командной строки Kafka без Java: часть их ключей, с тем же действием и выводом. Остальное есть в утилитах самой Apache
Kafka, с нашим брокером они тоже работают.
`,
}

// kafkajs sets timers to negative times, and Node warns of each kind once.
process.removeAllListeners('warning')
process.exitCode = await main(process.argv.slice(2))

async function main(words: string[]): Promise<number> {
  if (words.length === 0 || words[0] === '--help') {
    const lang = rememberedLanguage() ?? languageOf(process.env)
    process.stdout.write(HELP[lang])
    for (const [name, { options }] of Object.entries(TOOLS)) {
      const all = [...options.flags, ...[...options.values, ...options.lists].map((each) => `${each} …`)]
      process.stdout.write(`\n${name}\n${all.map((each) => `  --${each}`).join('\n')}\n`)
    }
    return 0
  }
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  // The reader has seen enough: `npm run tool -- kafka-topics --describe … | head`.
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
  let cluster: RawCluster | undefined
  try {
    const { tool, options, bootstrap } = parsed(words)
    cluster = new RawCluster(bootstrap)
    return await runTool(tool, options, {
      cluster,
      bootstrap,
      input: typed(),
      print: (line) => void process.stdout.write(`${line}\n`),
      remark: (line) => void process.stderr.write(`${line}\n`),
      stopped: stop.signal,
    })
  } catch (error) {
    process.stderr.write(`${error instanceof ToolError ? error.message : (error as Error).message}\n`)
    return 1
  } finally {
    cluster?.close()
    process.stdin.destroy()
  }
}

/** The lines of the standard input, read from the moment when a tool wants them. */
async function* typed(): AsyncGenerator<string> {
  yield* createInterface({ input: process.stdin })
}
