/**
 * The data folder: whose it is, and that nobody else writes to it.
 *
 *   .lock             the process that has it: its id, and when it was started
 *   meta.properties   node.id, cluster.id, directory.id: written when the folder is new (log/meta-properties.ts)
 *
 * Kafka locks `.lock` by flock(2), which Node does not offer. So the file names its owner. An owner that is no more
 * (kill -9, a power cut) leaves a lock that names nobody: it is taken over. The time of the start is there because
 * process ids are used again.
 *
 * D1  two brokers never have the same folder, be they in one process or in two
 * D2  a folder of another node is refused, not adopted
 */
import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Randomness, Storage } from '../core.ts'
import { type MetaProperties, readMetaProperties, writeMetaProperties } from '../log/meta-properties.ts'
import { randomUuid } from '../wire/uuid.ts'

/** The folder can't be used; the message is one line for people. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError'
}

const locked = new Set<string>()

/** Takes the folder, making it when it is not there; gives a function that lets it go. Throws DataFolderError. */
export function lockFolder(folder: string): () => void {
  const path = makeFolder(folder)
  const file = join(path, '.lock')
  const taken = (by: string): never => {
    throw new DataFolderError(`data folder ${folder} is in use by ${by}; stop it, or choose another folder with --data`)
  }
  if (locked.has(path)) taken('this process')
  try {
    const owner = readOwner(file)
    if (owner && isAlive(owner)) taken(`process ${owner.pid}`)
    writeFileSync(file, `${process.pid} ${startOf(process.pid) ?? ''}\n`)
  } catch (error) {
    throw error instanceof DataFolderError ? error : unusable(folder, error)
  }
  locked.add(path)
  return () => {
    locked.delete(path)
    rmSync(file, { force: true })
  }
}

function makeFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true })
    return realpathSync(folder)
  } catch (error) {
    throw unusable(folder, error)
  }
}

function unusable(folder: string, error: unknown): DataFolderError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error)
  return new DataFolderError(`data folder ${folder} can't be used: ${code}`)
}

interface Owner {
  readonly pid: number
  readonly start: string
}

function readOwner(file: string): Owner | undefined {
  try {
    const [pid, start = ''] = readFileSync(file, 'utf8').trim().split(' ')
    return pid ? { pid: Number(pid), start } : undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function isAlive({ pid, start }: Owner): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const now = startOf(pid)
  return now === undefined || start === '' || now === start
}

/** When a process was started, in the kernel's ticks since boot; undefined where there is no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

/** Reads the folder's meta.properties, or writes them for `nodeId` when it is new; throws DataFolderError (D2). */
export function claim(storage: Storage, random: Randomness, nodeId: number, clusterId: string | undefined): MetaProperties {
  const found = readMetaProperties(storage)
  if (!found) {
    const newId = (): string => randomUuid((length) => random.bytes(length))
    const fresh = { nodeId, clusterId: clusterId ?? newId(), directoryId: newId() }
    writeMetaProperties(storage, fresh)
    return fresh
  }
  if (found.nodeId !== nodeId) {
    throw new DataFolderError(`the data folder belongs to node ${found.nodeId}, not to node ${nodeId}`)
  }
  if (clusterId !== undefined && clusterId !== found.clusterId) {
    throw new DataFolderError(`the data folder belongs to cluster ${found.clusterId}, not to ${clusterId}`)
  }
  return found
}
