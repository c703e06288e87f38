/** How much memory this process holds after a garbage collection. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export const MEBIBYTE = 1024 * 1024

let collect: (() => void) | undefined

/** Bytes on the heap and in buffers, garbage collected. */
export function heldBytes(): number {
  if (!collect) {
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc') as () => void
  }
  // Buffers are freed by another thread: the second collection waits for what the first has found.
  collect()
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
