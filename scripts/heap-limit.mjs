/**
 * The heap limit of the broker's process.
 *
 * The heap holds the state: topics, groups, offsets, transactions, connections. Bytes of records, requests and files are
 * outside of it, and the page cache needs memory too. So the heap gets half of the available memory (the machine's, or
 * a container's limit), and at most 2 GB: tens of thousands of groups need a few hundred MB, and the larger a heap, the
 * longer the pauses of the garbage collector. Node's own default is a quarter, up to 4 GB.
 *
 *   NODE_OPTIONS=--max-old-space-size=4096 npm run broker     overrides it (MB)
 */
import os from 'node:os'

const MB = 2 ** 20
const maxMb = 2048
const minMb = 192

/**
 * @param {number} [machineBytes] the machine's memory
 * @param {number | undefined} [allowedBytes] the container's limit; 0, or more than the machine has: no limit
 * @returns {number} megabytes
 */
export function heapLimitMb(machineBytes = os.totalmem(), allowedBytes = process.constrainedMemory?.()) {
  const bytes = allowedBytes ? Math.min(machineBytes, allowedBytes) : machineBytes
  return Math.max(minMb, Math.min(maxMb, Math.floor(bytes / 2 / MB)))
}

/**
 * The flags for Node; none if the user has set a limit.
 * @param {NodeJS.ProcessEnv} [env]
 * @param {readonly string[]} [execArgv]
 * @returns {string[]}
 */
export function heapFlags(env = process.env, execArgv = process.execArgv) {
  const said = [env.NODE_OPTIONS ?? '', ...execArgv].some((each) =>
    /--max[-_]old[-_]space[-_]size/.test(each),
  )
  return said ? [] : [`--max-old-space-size=${heapLimitMb()}`]
}
