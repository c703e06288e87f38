/**
 * .kafka_cleanshutdown: "all logs were flushed and closed, nothing was lost". (KIP-966)
 *
 *   {"version":0,"brokerEpoch":25}
 *
 * It is written last at a shutdown and removed first at a start: whoever finds it may trust every file. After
 * a crash it is missing, and each log is recovered. The broker epoch lets the controller see at the next
 * registration whether this broker may still hold all that it had acknowledged.
 *
 * (org.apache.kafka.storage.internals.checkpoint.CleanShutdownFileHandler)
 */
import type { Storage } from '../../core.ts'
import { readText, writeText } from '../checkpoints/text-file.ts'

export const CLEAN_SHUTDOWN_FILE = '.kafka_cleanshutdown'
/** Written when there is no broker epoch to tell. */
export const NO_BROKER_EPOCH = -1

/** The epoch of the broker that shut down cleanly; undefined when it did not. -1 when the file is unreadable. */
export function readCleanShutdown(storage: Storage): { brokerEpoch: number } | undefined {
  const content = readText(storage, CLEAN_SHUTDOWN_FILE)
  if (content === undefined) return undefined
  try {
    const { brokerEpoch } = JSON.parse(content) as { brokerEpoch?: unknown }
    return { brokerEpoch: typeof brokerEpoch === 'number' ? brokerEpoch : NO_BROKER_EPOCH }
  } catch {
    return { brokerEpoch: NO_BROKER_EPOCH }
  }
}

export function writeCleanShutdown(storage: Storage, brokerEpoch: number): void {
  writeText(storage, CLEAN_SHUTDOWN_FILE, JSON.stringify({ version: 0, brokerEpoch }))
}

export function removeCleanShutdown(storage: Storage): void {
  storage.remove(CLEAN_SHUTDOWN_FILE)
}
