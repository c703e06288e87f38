/**
 * Which Kafka is compared with: the cluster that --bootstrap names, one in Docker, or one of our own from Maven's jars.
 */

import { Line } from '../line.ts'
import { FIXED, pinnedImage, startKafkaInDocker } from './docker.ts'
import { kafkaVersion, MissingError } from './kafka-jars.ts'
import { startKafka } from './kafka-process.ts'

/**
 * Nothing is waited for that comes round by itself: the cleaner looks for work every 15 s. And nothing goes that a
 * story has written: retention, which comes after half a minute, would take records of 1970.
 */
const HURRY = {
  'log.cleaner.backoff.ms': '500',
  'log.retention.check.interval.ms': '3600000',
  'log.initial.task.delay.ms': '3600000',
} as const

export interface Reference {
  readonly bootstrap: string
  /** In a few words, for the report: `Apache Kafka 4.3.1`. */
  readonly called: string
  /** Not a broker of our own (CompareOptions.elsewhere). */
  readonly elsewhere: boolean
  /** What it was started with and ours must be, too. */
  readonly config: Readonly<Record<string, string>>
  stop(): Promise<void>
}

export interface ReferenceOptions {
  readonly bootstrap?: string | undefined
  readonly docker?: boolean | undefined
  readonly config: Readonly<Record<string, string>>
}

/** Finds or starts it; rejects with MissingError when this machine has none. */
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

/** A cluster of several is named by all of its brokers: a story may have to go from one to another. */
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
