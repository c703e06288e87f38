#!/usr/bin/env node
/**
 * The broker as a program: `npm run broker -- --port 9092 --data ./data`.
 *
 *   stdout   one line, when the broker accepts requests: ready 127.0.0.1:9092
 *   stderr   the log, one line per event
 *   exit     0 stopped cleanly by SIGTERM or SIGINT; 2 could not start, one line says why; 1 a bug of ours
 *
 * CLI-1  stdout gets `ready …` and nothing else (except the output of --help and --version)
 * CLI-2  the first signal stops cleanly, a second one exits at once. A second signal right after the first is ignored:
 *     it is the same Ctrl-C, which the terminal sends to the broker and npm passes on again
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
/** Errors that a person can fix: one line is enough, a stack would only confuse. */
const EXPECTED = [UsageError, ConfigError, DataFolderError, ListenError, StorageError, DamagedLogError]

// A smaller young generation. By default V8 allocates a hundred megabytes for it after a burst of requests, and keeps
// them: half of our memory with ten thousand partitions. Requests are not slower with a small one.
setFlagsFromString('--semi-space-growth-factor=1')

// If the reader of our output has exited (EPIPE), the broker continues to serve.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

// Before the broker serves, an unexpected error ends the process.
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

/** From now on an unexpected error concerns one request or one disk: it is logged, and the broker continues to serve. */
function outliveMistakes(log: Logger): void {
  process.off('uncaughtException', fail)
  process.on('uncaughtException', (error) => log('error', `unexpected: ${error.stack ?? error}`))
}

/** Logs what a person should know about these options, if there is anything. */
function remark({ host }: CliOptions, temporary: string | undefined, log: Logger): void {
  if (temporary) log('info', `no --data: records are kept in ${temporary} until the broker stops`)
  if (isLoopback(host)) return
  log(
    'warn',
    `listening on ${host}: there is no authentication, so anyone who reaches this address can read and write`,
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

/** The version of the package that contains this file, or the bundle made from it. */
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
