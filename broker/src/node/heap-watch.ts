/**
 * Logs the heap's limit, and a warning before it is reached: V8 ends a process whose heap is full, at any point of its
 * work and with a message that few people understand. (scripts/heap-limit.mjs explains how the limit is chosen.)
 *
 * HEAP-WATCH-1  the warning is logged at most once per QUIET_MS
 */
import { getHeapStatistics } from 'node:v8'
import type { Logger } from '../core.ts'

const LOOK_MS = 5000
const QUIET_MS = 60_000
const NEARLY_FULL = 0.9
const MB = 2 ** 20

export interface HeapSize {
  readonly usedBytes: number
  readonly limitBytes: number
}

/** Logs the limit, and warns when it is near. Returns a function that ends the watch. */
export function watchHeap(log: Logger, look: () => HeapSize = heapSize): () => void {
  log('debug', `the heap may grow to ${megabytes(look().limitBytes)} MB (NODE_OPTIONS=--max-old-space-size)`)
  let saidMs = Number.NEGATIVE_INFINITY
  const timer = setInterval(() => {
    const nowMs = performance.now()
    const line = heapWarning(look())
    if (line === undefined || nowMs - saidMs < QUIET_MS) return
    saidMs = nowMs
    log('warn', line)
  }, LOOK_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** The warning for a heap that is nearly full; otherwise undefined. */
export function heapWarning({ usedBytes, limitBytes }: HeapSize): string | undefined {
  if (usedBytes < limitBytes * NEARLY_FULL) return undefined
  const how = `${megabytes(usedBytes)} of ${megabytes(limitBytes)} MB`
  return `the heap is nearly full, ${how}: the process crashes when it is full. Raise the limit (NODE_OPTIONS=--max-old-space-size=MB), or use fewer topics, groups and connections`
}

function heapSize(): HeapSize {
  const { used_heap_size: usedBytes, heap_size_limit: limitBytes } = getHeapStatistics()
  return { usedBytes, limitBytes }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / MB)
}
