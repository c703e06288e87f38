/**
 * Which Kafka to compare with: the cluster of --bootstrap, one in Docker, or one that is started from Maven's jars.
 */

import { Line } from '../line.ts'
import { FIXED, pinnedImage, startKafkaInDocker } from './docker.ts'
import { kafkaVersion, MissingError } from './kafka-jars.ts'
import { startKafka } from './kafka-process.ts'

/**
 * Shorter intervals for periodic tasks, such as the cleaner's 15 s; and no retention, which would delete records with
 * timestamps of 1970 after half a minute.
 */
const HURRY = {
  'log.cleaner.backoff.ms': '500',
  'log.retention.check.interval.ms': '3600000',
  'log.initial.task.delay.ms': '3600000',
} as const

export interface Reference {
  readonly bootstrap: string
  /** A short name for the report: `Apache Kafka 4.3.1`. */
  readonly called: string
  /** Whether it is a cluster that was not started by us (CompareOptions.elsewhere). */
  readonly elsewhere: boolean
  /** Its settings, which our broker must have too. */
  readonly config: Readonly<Record<string, string>>
  stop(): Promise<void>
}

export interface ReferenceOptions {
  readonly bootstrap?: string | undefined
  readonly docker?: boolean | undefined
  readonly config: Readonly<Record<string, string>>
}

/** Finds or starts it. Rejects with MissingError if this machine has none. */
export async function referenceFor({ bootstrap, docker, config }: ReferenceOptions): Promise<Reference> {
  if (bootstrap !== undefined)
    return { ...(await clusterAt(bootstrap)), elsewhere: true, config, stop: async () => {} }
  if (docker) {
    const { bootstrap: at, stop } = await startKafkaInDocker(config)
    return {
      bootstrap: at,
      called: `${pinnedImage()} in Docker`,
      elsewhere: true,
      config: { ...config, ...FIXED },
      stop,
    }
  }
  const hurried = { ...config, ...HURRY }
  const { bootstrap: at, stop } = await startKafka({ nodes: 1, config: hurried })
  const called = `Apache Kafka ${kafkaVersion()}`
  return { bootstrap: at, called, elsewhere: false, config: hurried, stop }
}

/** A cluster is addressed by all of its brokers: a scenario may have to switch between them. */
async function clusterAt(bootstrap: string): Promise<{ bootstrap: string; called: string }> {
  const line = new Line(bootstrap)
  try {
    const { brokers } = (await line.ask('Metadata', 12, { topics: [] })) as {
      brokers: { nodeId: number; host: string; port: number }[]
    }
    const sorted = [...brokers].sort((a, b) => a.nodeId - b.nodeId)
    const all = sorted.map(({ host, port }) => `${host}:${port}`).join(',')
    const count = brokers.length === 1 ? 'one broker' : `${brokers.length} brokers`
    return { bootstrap: brokers.length === 1 ? bootstrap : all, called: `${count} at ${bootstrap}` }
  } catch (error) {
    throw new MissingError(`no Kafka answers at ${bootstrap}: ${(error as Error).message}`)
  } finally {
    line.end()
  }
}
