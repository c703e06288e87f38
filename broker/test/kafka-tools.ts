/**
 * Runs the tools of real Kafka on our files. Their jars are not part of this repository (compare/kafka/kafka-jars.ts).
 *
 * - missing tools are not an error: the caller gets the reason, and skips what needs them with a line that says so
 */
import { execFileSync } from 'node:child_process'
import { findKafkaFolder, javaCommand } from '../compare/kafka/kafka-jars.ts'

/** A folder with the jars of kafka-tools and their dependencies, or the reason why there is none. */
export function findKafkaTools(): { folder: string } | { missing: string } {
  return findKafkaFolder()
}

/** What a tool prints on stdout; throws when it fails. */
export function runKafkaTool(folder: string, tool: string, ...args: string[]): string {
  return execFileSync(javaCommand(), ['-cp', `${folder}/*`, tool, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 64 << 20,
  })
}
