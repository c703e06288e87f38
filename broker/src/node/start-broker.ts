/**
 * Starting a cluster in this process: listeners, data folders, one controller, and a broker for each node.
 *
 *   ports are taken            so that a port in use is said before anything is written
 *   folders are locked         (data-folder.ts)
 *   the controller replays     the metadata log, in the first node's folder
 *   nodes register             with the address that clients will be told
 *   brokers open their logs    and recover them after a crash
 *   connections are let in
 *
 * S1  when a step fails, what the steps before it took is given back
 * S2  `stop` may be called twice, and leaves no handle behind
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Broker, type Parts } from '../broker/broker.ts'
import { openController } from '../broker/open-controller.ts'
import { BrokerConfig } from '../config/broker-config.ts'
import type { Controller } from '../controller/controller.ts'
import type { Core, Logger, Storage, TraceEvent } from '../core.ts'
import { MemoryStorage } from '../sim/memory-storage.ts'
import { coreOfNode } from './core-of-node.ts'
import { claim, lockFolder } from './data-folder.ts'
import { FileStorage } from './file-storage.ts'
import { type Listener, listen } from './tcp.ts'
import { zlibCodecs } from './zlib-codecs.ts'

export interface StartOptions {
  /** The first node's port, the others' following it; 0 (the default): any that are free. */
  readonly port?: number
  /** The address to listen on, and the one that clients are told; 127.0.0.1 unless given. */
  readonly host?: string
  /** Where the logs are kept; without it they are kept in memory. */
  readonly dataDir?: string
  /** How many nodes; 1 unless given. */
  readonly brokers?: number
  /** Broker settings by their Kafka keys. */
  readonly config?: Readonly<Record<string, string>>
  /** Parts to use in the place of ours. */
  readonly parts?: Parts
  /** Gets what happens inside, as typed events. */
  readonly trace?: (event: TraceEvent) => void
  /** Gets the lines for people; nobody does unless given. */
  readonly log?: Logger
}

export interface RunningBroker {
  /** `127.0.0.1:9092`, or several, separated by commas: what a client takes as its bootstrap servers. */
  readonly bootstrap: string
  /** Stops cleanly; afterwards the folder is free and no handle is left. */
  stop(): Promise<void>
}

/** Starts a cluster; rejects with ConfigError, ListenError or DataFolderError, each with one line for people. */
export async function startBroker(options: StartOptions = {}): Promise<RunningBroker> {
  const release: (() => void | Promise<void>)[] = []
  const releaseAll = async (): Promise<void> => {
    for (const each of release.splice(0).reverse()) await each()
  }
  try {
    return await start(options, release, releaseAll)
  } catch (error) {
    await releaseAll()
    throw error
  }
}

interface Node {
  readonly core: Core
  readonly config: BrokerConfig
  readonly nodeId: number
  readonly listener: Listener
}

async function start(
  options: StartOptions,
  release: (() => void | Promise<void>)[],
  releaseAll: () => Promise<void>,
): Promise<RunningBroker> {
  const log: Logger = options.log ?? (() => {})
  const host = options.host ?? '127.0.0.1'
  const count = options.brokers ?? 1
  new BrokerConfig(options.config)
  const nodes: Node[] = []
  for (let i = 0; i < count; i++) {
    const listener = await listen(host, options.port ? options.port + i : 0, log)
    release.push(() => listener.close())
    const nodeId = i + 1
    const storage = storageOf(options.dataDir, count, nodeId, release)
    const advertised = `PLAINTEXT://${host}:${listener.port}`
    const config = new BrokerConfig({
      ...options.config,
      'node.id': String(nodeId),
      'process.roles': 'broker,controller',
      listeners: advertised,
      'advertised.listeners': advertised,
      ...(options.dataDir ? { 'log.dirs': folderOf(options.dataDir, count, nodeId) } : {}),
    })
    nodes.push({ core: coreOfNode({ storage, log, trace: options.trace }), config, nodeId, listener })
  }
  const controller = await control(nodes, release)
  for (const node of nodes) await serve(node, controller, options, release)
  const bootstrap = nodes.map(({ listener }) => `${host}:${listener.port}`).join(',')
  let stopping: Promise<void> | undefined
  return { bootstrap, stop: () => (stopping ??= releaseAll()) }
}

/** One node's folder is the data folder itself; several have a folder each in it. */
function folderOf(dataDir: string, count: number, nodeId: number): string {
  return count === 1 ? dataDir : join(dataDir, `node-${nodeId}`)
}

function storageOf(dataDir: string | undefined, count: number, nodeId: number, release: (() => void)[]): Storage {
  if (dataDir === undefined) return new MemoryStorage()
  const folder = folderOf(dataDir, count, nodeId)
  release.push(lockFolder(folder))
  return new FileStorage(folder)
}

async function control(nodes: readonly Node[], release: (() => void | Promise<void>)[]): Promise<Controller> {
  const [first, ...others] = nodes
  const { clusterId } = claim(first!.core.storage, first!.core.random, first!.nodeId, undefined)
  for (const { core, nodeId } of others) claim(core.storage, core.random, nodeId, clusterId)
  const controller = openController({ core: first!.core, config: first!.config, clusterId, nodeId: first!.nodeId })
  release.push(() => controller.close())
  await Promise.all(nodes.map((node) => register(node, controller)))
  return controller
}

function register({ nodeId, listener, config }: Node, controller: Controller): Promise<void> {
  const endpoint = { id: nodeId, host: listener.host, port: listener.port, rack: config.get('broker.rack') }
  return new Promise((resolve, reject) => {
    controller.registerBroker(endpoint, ({ errorCode, message }) => {
      if (errorCode === 0) resolve()
      else reject(new Error(`node ${nodeId} could not register: ${message}`))
    })
  })
}

async function serve(
  { core, config, nodeId, listener }: Node,
  controller: Controller,
  { parts }: StartOptions,
  release: (() => void | Promise<void>)[],
): Promise<void> {
  const broker = new Broker({ core, config, nodeId, controller, codecs: zlibCodecs, ...(parts ? { parts } : {}) })
  release.push(() => new Promise((resolve) => broker.stop(resolve)))
  broker.start()
  listener.serve(broker)
}

/** A folder that is thrown away at the end; gives its path and the function that removes it. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'offset-zero-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
