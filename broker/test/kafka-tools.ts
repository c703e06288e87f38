/**
 * Runs the tools of real Kafka over our files. Their jars are no part of this repository (compare/kafka/kafka-jars.ts).
 *
 * - no tools is no failure: the caller gets the reason and leaves out what needs them, saying so in one line
 */
import { execFileSync } from 'node:child_process'
import { findKafkaFolder, javaCommand } from '../compare/kafka/kafka-jars.ts'

/** A folder with the jars of kafka-tools and all that it needs, or why there is none. */
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
