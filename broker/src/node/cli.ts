#!/usr/bin/env node
/**
 * The broker's command line: `npm run broker -- --port 9092 --data DIR --brokers N --set key=value …`
 *
 * On stdout there is one line and no more, when clients are served: `ready 127.0.0.1:9092`. Scripts wait for it. All
 * else goes to stderr. What can't be (a flag, a key, a value, a port, a folder) is one line and exit code 2.
 *
 * X1  SIGTERM and SIGINT stop cleanly, exit code 0; a second one does not wait
 */
import { ConfigError } from '../config/config-key.ts'
import { type CliOptions, parseCli, USAGE, UsageError } from './cli-options.ts'
import { lineLogger } from './core-of-node.ts'
import { DataFolderError } from './data-folder.ts'
import { startBroker, temporaryFolder } from './start-broker.ts'
import { ListenError } from './tcp.ts'

const say = (line: string): void => void process.stderr.write(`${line}\n`)

async function main(): Promise<void> {
  const options = parseCli(process.argv.slice(2))
  if (options === 'help') return void process.stdout.write(USAGE)
  const folder = options.data === undefined ? temporaryFolder() : { path: options.data, remove: () => {} }
  if (options.data === undefined) say(`no --data given: records are kept in ${folder.path}, which is removed at the end`)
  try {
    await run(options, folder.path)
  } finally {
    folder.remove()
  }
}

async function run(options: CliOptions, dataDir: string): Promise<void> {
  const log = lineLogger(options.logLevel, (line) => process.stderr.write(line))
  const stopped = stopSignal()
  const { host, port, brokers, config } = options
  if (!isLoopback(host)) log('warn', `listening on ${host}: whoever reaches this address may read and write everything`)
  const broker = await startBroker({ host, port, brokers, config, dataDir, log })
  process.stdout.write(`ready ${broker.bootstrap}\n`)
  await stopped
  log('info', 'stopping')
  await broker.stop()
}

/** Resolves with the first SIGTERM or SIGINT; the second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false
    const onSignal = (): void => {
      if (asked) process.exit(130)
      asked = true
      resolve()
    }
    process.on('SIGTERM', onSignal)
    process.on('SIGINT', onSignal)
  })
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

/** One line for people; undefined when it is our own mistake. */
function explain(error: unknown): string | undefined {
  if (error instanceof ListenError && error.code === 'EADDRINUSE') {
    return `port ${error.port} is taken; choose another one with --port`
  }
  const known = [UsageError, ConfigError, DataFolderError, ListenError].some((kind) => error instanceof kind)
  return known ? (error as Error).message : undefined
}

try {
  await main()
  process.exit(0)
} catch (error) {
  const line = explain(error)
  say(line ?? `unexpected: ${error instanceof Error ? error.stack : String(error)}`)
  process.exit(line === undefined ? 1 : 2)
}
