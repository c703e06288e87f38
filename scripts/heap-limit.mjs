/**
 * How large the heap of the broker's process may grow.
 *
 * The heap holds the state: topics, groups, offsets, transactions, connections. Bytes of records, requests and files lie
 * outside of it, and the page cache wants its share too. So it gets half of the memory that the process may have (the
 * machine's, or what a container is limited to), and 2 GB at most: tens of thousands of groups need a few hundred MB,
 * and the larger a heap, the longer everybody waits while it is cleaned. Node's own choice is a quarter, up to 4 GB.
 *
 *   NODE_OPTIONS=--max-old-space-size=4096 npm run broker     whoever knows better says so (MB)
 */
import os from 'node:os'

const MB = 2 ** 20
const maxMb = 2048
const minMb = 192

/**
 * @param {number} [machineBytes] the machine's memory
 * @param {number | undefined} [allowedBytes] what a container is limited to; 0, or more than there is: no limit
 * @returns {number} megabytes
 */
export function heapLimitMb(machineBytes = os.totalmem(), allowedBytes = process.constrainedMemory?.()) {
  const bytes = allowedBytes ? Math.min(machineBytes, allowedBytes) : machineBytes
  return Math.max(minMb, Math.min(maxMb, Math.floor(bytes / 2 / MB)))
}

/**
 * The flags for Node: none where the user has chosen.
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
