/**
 * .kafka_cleanshutdown: all logs were flushed and closed. (KIP-966)
 *
 *   {"version":0,"brokerEpoch":25}
 *
 * It is the last file written at a shutdown and the first removed at a start. If it exists at a start, every file is
 * complete. After a crash it is missing, and each log is recovered. The broker epoch lets the controller see, at the
 * next registration, whether this broker may still hold all that it had acknowledged.
 *
 * (org.apache.kafka.storage.internals.checkpoint.CleanShutdownFileHandler)
 */
import type { Storage } from '../../core.ts'
import { readText, writeText } from '../checkpoints/text-file.ts'

export const CLEAN_SHUTDOWN_FILE = '.kafka_cleanshutdown'
/** Written if there is no broker epoch. */
export const NO_BROKER_EPOCH = -1

/** The epoch of the broker that shut down cleanly; undefined after an unclean shutdown. -1 if the file is unreadable. */
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
