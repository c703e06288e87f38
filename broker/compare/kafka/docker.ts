/**
 * Apache Kafka in a container, as `@testcontainers/kafka` starts it: the image that docker-compose.yml pins. For
 * `npm run compare -- --docker` and for `npm run lab -- check 01 --docker`.
 *
 * DK1  where Docker is missing, silent, or cannot start the image, DockerTrouble says which, in one line
 * DK2  settings go in as environment: group.initial.rebalance.delay.ms is KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { MissingError } from './kafka-jars.ts'
import type { RunningKafka } from './kafka-process.ts'

const COMPOSE = new URL('../../../docker-compose.yml', import.meta.url)
const OUTSIDE_PORT = 9093

/** One replica for Kafka's internal topics: testcontainers sets it for offsets, but not for transactions. */
const ONE_COPY = {
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
}

/** Settings that testcontainers always sets. */
export const FIXED = {
  'log.flush.interval.messages': '9223372036854775807',
  'offsets.topic.num.partitions': '1',
} as const

/** Docker or the image is not available: `detail` is Docker's message, in one line. */
export class DockerTrouble extends MissingError {
  readonly kind: 'missing' | 'silent' | 'failed'
  readonly detail: string
  constructor(kind: DockerTrouble['kind'], message: string, detail: string) {
    super(message)
    this.kind = kind
    this.detail = detail
  }
}

/** `remove` ends it by force and waits for that: for a process that is about to exit. */
export interface KafkaInDocker extends RunningKafka {
  remove(): void
}

/** Starts one node; rejects with DockerTrouble when there is none to be had. */
export async function startKafkaInDocker(config: Readonly<Record<string, string>>): Promise<KafkaInDocker> {
  requireDocker()
  // Imported only here: the package looks for Docker when it is loaded, which takes time.
  const { KafkaContainer } = await import('@testcontainers/kafka')
  const environment = Object.fromEntries(
    Object.entries({ ...ONE_COPY, ...config }).map(([key, value]) => [variableOf(key), value]),
  )
  const image = pinnedImage()
  try {
    const container = await new KafkaContainer(image).withKraft().withEnvironment(environment).start()
    return {
      bootstrap: `${container.getHost()}:${container.getMappedPort(OUTSIDE_PORT)}`,
      folder: '',
      ended: new Promise(() => {}),
      stop: async () => {
        await container.stop()
      },
      remove: () => void spawnSync('docker', ['rm', '--force', '--volumes', container.getId()]),
    }
  } catch (error) {
    const detail = (error as Error).message.split('\n')[0] ?? ''
    throw new DockerTrouble('failed', `Docker did not start ${image}: ${detail}`, detail)
  }
}

/** The image of the brokers in the compose file, where its version is pinned. */
export function pinnedImage(): string {
  const image = /^\s+image: (confluentinc\/cp-kafka:\S+)$/m.exec(readFileSync(COMPOSE, 'utf8'))?.[1]
  if (image === undefined) throw new Error('compare: docker-compose.yml names no cp-kafka image')
  return image
}

function variableOf(key: string): string {
  return `KAFKA_${key.toUpperCase().replaceAll('.', '_')}`
}

/** Throws DockerTrouble if there is no Docker, or if it does not respond. */
export function requireDocker(): void {
  const { error, status, stderr } = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], {
    encoding: 'utf8',
  })
  if (error) {
    const message = '--docker needs Docker, and there is no docker: install it, or leave --docker out'
    throw new DockerTrouble('missing', message, error.message)
  }
  if (status === 0) return
  const detail = stderr.trim().split('\n').at(-1) ?? ''
  throw new DockerTrouble('silent', `--docker needs a running Docker: ${detail}`, detail)
}
