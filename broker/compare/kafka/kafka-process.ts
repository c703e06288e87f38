/**
 * Runs Apache Kafka as child processes: KRaft nodes that are brokers and controllers, formatted, started, and stopped.
 *
 * Node N of the cluster listens on port + N - 1. Its folder is DIR/node-N: server.properties, server.log, data; beside
 * them are the random values of the cluster, which are kept: the cluster id, directory ids and ports of the controllers.
 *
 * - after `stop` no process and no temporary folder is left
 * - a formatted folder is started unchanged, with the same number of nodes
 * - a port in use is reported in one line before Java starts
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort, isFree } from './free-ports.ts'
import { javaCommand, kafkaClassPath } from './kafka-jars.ts'

const run = promisify(execFile)
const SERVING = 'Kafka Server started'
/** A cluster of ten thousand partitions takes minutes to start; a failing one exits earlier. */
const START_MS_MAX = 300_000
const LOOK_MS = 50
const KILL_AFTER_MS = 20_000
const CONTROLLER_ABOVE = 1000

export interface KafkaOptions {
  readonly nodes: number
  /** Port of the first node, the others use the next ones; default: any free ports. */
  readonly port?: number | undefined
  /** The data folder; default: a temporary folder, which is removed at the end. */
  readonly dataDir?: string | undefined
  readonly config: Readonly<Record<string, string>>
}

export interface RunningKafka {
  readonly bootstrap: string
  /** Contains the folder node-N of each node. */
  readonly folder: string
  /** Resolves when a node has exited unexpectedly. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

interface Node {
  readonly id: number
  readonly folder: string
  readonly port: number
  readonly controllerPort: number
  readonly directoryId: string
}

/** How often a start on any free ports is tried: another process may take a free port before Kafka listens on it. */
const TRIES = 3
const PORT_TAKEN = /Address already in use/
const TAKEN = 'kafka ended before it served: its port was taken by another process'

/** Starts Kafka; rejects with MissingError if it can't run here, or with an Error that ends with Kafka's log. */
export async function startKafka(options: KafkaOptions): Promise<RunningKafka> {
  const mayTryAgain = options.port === undefined && options.dataDir === undefined
  for (let tries = 1; ; tries++) {
    try {
      return await startOnce(options)
    } catch (error) {
      if (!mayTryAgain || tries === TRIES || !(error as Error).message.startsWith(TAKEN)) throw error
    }
  }
}

async function startOnce(options: KafkaOptions): Promise<RunningKafka> {
  const classPath = kafkaClassPath()
  const root = options.dataDir ?? mkdtempSync(join(tmpdir(), 'offset-zero-kafka-'))
  const children: ChildProcess[] = []
  const clear = () => {
    if (options.dataDir === undefined) rmSync(root, { recursive: true, force: true })
  }
  // If this process exits without `stop`, nothing is left, either.
  const onExit = () => {
    for (const child of children) child.kill('SIGKILL')
    clear()
  }
  process.once('exit', onExit)
  const stop = async () => {
    await Promise.all(children.map(end))
    process.off('exit', onExit)
    clear()
  }
  try {
    const nodes = await layOut(root, options)
    await format(classPath, root, nodes)
    for (const node of nodes) children.push(launch(classPath, node))
    await Promise.all(nodes.map((node, index) => untilServing(node, children[index]!)))
    const ended = Promise.race(
      children.map((child) => new Promise<void>((resolve) => child.once('exit', resolve))),
    )
    const bootstrap = nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')
    return { bootstrap, folder: root, ended, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Writes each node's folder and settings. */
async function layOut(root: string, { nodes: count, port, config }: KafkaOptions): Promise<Node[]> {
  requireAsMany(root, count)
  const nodes: Node[] = []
  for (let id = 1; id <= count; id++) {
    const folder = join(root, `node-${id}`)
    mkdirSync(join(folder, 'data'), { recursive: true })
    const own = port === undefined ? await freePort() : port + id - 1
    const above = (await isFree(own + CONTROLLER_ABOVE)) ? own + CONTROLLER_ABOVE : await freePort()
    const controllerPort = Number(kept(join(folder, 'controller-port'), () => `${above}`))
    nodes.push({
      id,
      folder,
      port: own,
      controllerPort,
      directoryId: kept(join(folder, 'directory-id'), newId),
    })
  }
  for (const node of nodes) {
    await requireFree(node)
    const settings = { ...defaults(node, nodes), ...config }
    const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`)
    writeFileSync(join(node.folder, 'server.properties'), lines.join(''))
  }
  return nodes
}

function requireAsMany(root: string, count: number): void {
  if (!existsSync(root)) return
  const before = readdirSync(root).filter((name) => /^node-\d+$/.test(name)).length
  if (before > 0 && before !== count)
    throw new Error(
      `${root} holds a cluster of ${before}: start it with --nodes ${before}, or take another folder`,
    )
}

async function requireFree({ folder, port, controllerPort }: Node): Promise<void> {
  if (!(await isFree(port))) throw new Error(`port ${port} is in use: choose another with --port`)
  if (!(await isFree(controllerPort)))
    throw new Error(
      `port ${controllerPort}, which ${folder} has for its controller, is in use: is it running already?`,
    )
}

function defaults(
  { id, folder, port, controllerPort }: Node,
  nodes: readonly Node[],
): Record<string, string> {
  const copies = String(Math.min(3, nodes.length))
  const inSync = String(Math.min(2, nodes.length))
  const listeners = `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`
  return {
    'process.roles': 'broker,controller',
    'node.id': String(id),
    'controller.quorum.bootstrap.servers': nodes.map((node) => controllerOf(node)).join(','),
    listeners,
    'advertised.listeners': listeners,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(folder, 'data'),
    'offsets.topic.replication.factor': copies,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': inSync,
  }
}

function controllerOf({ controllerPort }: Node): string {
  return `127.0.0.1:${controllerPort}`
}

async function format(classPath: string, root: string, nodes: readonly Node[]): Promise<void> {
  const clusterId = kept(join(root, 'cluster-id'), newId)
  const voters = nodes.map((node) => `${node.id}@${controllerOf(node)}:${node.directoryId}`).join(',')
  const fresh = nodes.filter(({ folder }) => !existsSync(join(folder, 'data', 'meta.properties')))
  await Promise.all(
    fresh.map(async ({ folder }) => {
      const jvm = ['-Xmx128m', '-XX:TieredStopAtLevel=1', '-cp', classPath, 'kafka.tools.StorageTool']
      const what = ['format', '--initial-controllers', voters, '-t', clusterId]
      const args = [...jvm, ...what, '-c', join(folder, 'server.properties')]
      await run(javaCommand(), args).catch((error: Error & { stdout: string; stderr: string }) => {
        throw new Error(`kafka: the storage was not formatted\n${error.stdout}${error.stderr}`)
      })
    }),
  )
}

function launch(classPath: string, { folder }: Node): ChildProcess {
  const log = openSync(join(folder, 'server.log'), 'w')
  const jvm = ['-Xmx512m', '-Xms128m', '-XX:+UseG1GC']
  const logging = ['defaultLogLevel=warn', 'log.kafka.server.KafkaRaftServer=info', 'showDateTime=true']
  const options = logging.map((each) => `-Dorg.slf4j.simpleLogger.${each}`)
  const args = [...jvm, ...options, '-cp', classPath, 'kafka.Kafka', join(folder, 'server.properties')]
  // A process group of its own: Ctrl-C in the terminal signals this process only, which stops Kafka once.
  const child = spawn(javaCommand(), args, { stdio: ['ignore', log, log], detached: true })
  closeSync(log)
  return child
}

async function untilServing({ folder }: Node, child: ChildProcess): Promise<void> {
  const log = join(folder, 'server.log')
  for (let waitedMs = 0; waitedMs < START_MS_MAX; waitedMs += LOOK_MS) {
    const text = readFileSync(log, 'utf8')
    if (text.includes(SERVING)) return
    if (child.exitCode !== null)
      throw new Error(
        `${PORT_TAKEN.test(text) ? TAKEN : 'kafka ended before it served'}\n${text.split('\n').slice(-20).join('\n')}`,
      )
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  throw new Error(`kafka does not serve after ${START_MS_MAX / 1000} s; see ${log}`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const impatient = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS)
  await gone
  clearTimeout(impatient)
}

/** The contents of this file; if it does not exist, it is created with the result of `make`. */
function kept(path: string, make: () => string): string {
  if (!existsSync(path)) writeFileSync(path, make())
  return readFileSync(path, 'utf8').trim()
}

/** A random id in Kafka's form; one that begins with '-' would be parsed as an option. */
function newId(): string {
  const id = randomBytes(16).toString('base64url')
  return id.startsWith('-') ? newId() : id
}
