#!/usr/bin/env node
/**
 * The broker as a program: `npm run broker -- --port 9092 --data ./data`.
 *
 *   stdout   one line, when it serves: ready 127.0.0.1:9092
 *   stderr   the log, a line an event
 *   exit     0 stopped by SIGTERM or SIGINT, cleanly; 2 could not start, one line says why; 1 our own mistake
 *
 * CLI-1  nothing but `ready …` is ever written to stdout (and what --help and --version are asked for)
 * CLI-2  the first signal stops cleanly, another one at once, unless it comes so soon that it is the same Ctrl-C: npm
 *     passes on what the terminal has sent to the broker already
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { ConfigError } from '../config/config-key.ts'
import { type Logger, StorageError } from '../core.ts'
import { explain } from '../log/disk-trouble.ts'
import { DamagedLogError } from '../log/sound-batches.ts'
import { type RunningBrokers, runBrokers } from './broker-process.ts'
import { type CliOptions, type CliRequest, HELP, parseArguments, UsageError } from './cli-options.ts'
import { DataFolderError } from './files/data-folder.ts'
import { lineLogger } from './logger.ts'
import { ListenError } from './network/tcp.ts'

const SIGNALS = ['SIGTERM', 'SIGINT'] as const
const FORCED = 130
const SAME_SIGNAL_MS_MAX = 1000
/** What a person can put right: a line is enough, a stack would only frighten. */
const EXPECTED = [UsageError, ConfigError, DataFolderError, ListenError, StorageError, DamagedLogError]

// What dies young needs no room to grow in: V8 would set a hundred megabytes aside for it after a burst of requests,
// and keep them. With ten thousand partitions that was half of our memory; requests are no slower for it.
setFlagsFromString('--semi-space-growth-factor=1')

// Whoever read our output may be gone; that is no reason to stop serving.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

// Until it serves, a mistake is the end.
process.on('uncaughtException', fail)
main(process.argv.slice(2)).catch(fail)

async function main(args: readonly string[]): Promise<void> {
  const request: CliRequest = parseArguments(args)
  if (request === 'help') process.stdout.write(HELP)
  else if (request === 'version') process.stdout.write(`${version()}\n`)
  else await serve(request)
}

async function serve(options: CliOptions): Promise<void> {
  const startedAt = performance.now()
  const log = lineLogger(options.logLevel, (line) => void process.stderr.write(line))
  const temporary = options.data === undefined ? mkdtempSync(join(tmpdir(), 'offset-zero-')) : undefined
  const forget = (): void => {
    if (temporary) rmSync(temporary, { recursive: true, force: true })
  }
  try {
    const running = await runBrokers({ ...options, data: options.data ?? temporary, log })
    outliveMistakes(log)
    stopOnSignal(running, log, forget)
    remark(options, temporary, log)
    process.stdout.write(`ready ${running.bootstrap}\n`)
    for (const url of running.metricsUrls) log('info', `metrics for Prometheus are at ${url}`)
    log('info', `ready after ${Math.round(performance.now() - startedAt)} ms`, {
      bootstrap: running.bootstrap,
    })
  } catch (error) {
    forget()
    throw error
  }
}

/** From now on a mistake is one request's, or one disk's: it is logged, and all the others are served. */
function outliveMistakes(log: Logger): void {
  process.off('uncaughtException', fail)
  process.on('uncaughtException', (error) => log('error', `unexpected: ${error.stack ?? error}`))
}

/** What a person should know of the way it was started; said only when it has. */
function remark({ host }: CliOptions, temporary: string | undefined, log: Logger): void {
  if (temporary) log('info', `no --data: records are kept in ${temporary} until the broker stops`)
  if (isLoopback(host)) return
  log(
    'warn',
    `listening on ${host}: whoever reaches this address may read and write; there is no authentication`,
  )
}

function stopOnSignal(running: RunningBrokers, log: Logger, forget: () => void): void {
  let firstAt: number | undefined
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (firstAt !== undefined) {
        if (performance.now() - firstAt >= SAME_SIGNAL_MS_MAX) process.exit(FORCED)
        return
      }
      firstAt = performance.now()
      log('info', `${signal}: stopping`)
      running.stop().then(() => {
        forget()
        log('info', 'stopped')
        process.exit(0)
      }, fail)
    })
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

/** Of the package that this file, or the bundle made from it, lies in. */
function version(): string {
  const file = ['../package.json', '../../package.json']
    .map((path) => new URL(path, import.meta.url))
    .find(existsSync)
  return file ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : 'unknown'
}

function fail(error: unknown): void {
  const expected = EXPECTED.some((kind) => error instanceof kind)
  const text = expected ? explain(error) : error instanceof Error ? error.stack : String(error)
  process.stderr.write(`broker: ${text}\n`)
  process.exit(expected ? 2 : 1)
}
