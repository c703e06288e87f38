/**
 * The heap's limit, and a warning before it is reached: V8 ends a process whose heap is full, in the middle of whatever it
 * does, and says so in its own words only. (scripts/heap-limit.mjs says how the limit is chosen.)
 *
 * HEAP-WATCH-1  the warning comes at most once in QUIET_MS
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

/** Says what the limit is, and warns when it is near, until what is given back is called. */
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

/** What is said of a heap that is nearly full; undefined of others. */
export function heapWarning({ usedBytes, limitBytes }: HeapSize): string | undefined {
  if (usedBytes < limitBytes * NEARLY_FULL) return undefined
  const how = `${megabytes(usedBytes)} of ${megabytes(limitBytes)} MB`
  return `the heap is nearly full, ${how}: the process ends when it is. Give it more (NODE_OPTIONS=--max-old-space-size=MB), or fewer topics, groups and connections`
}

function heapSize(): HeapSize {
  const { used_heap_size: usedBytes, heap_size_limit: limitBytes } = getHeapStatistics()
  return { usedBytes, limitBytes }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / MB)
}
