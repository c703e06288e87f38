/**
 * The data folder of a process: where each of its nodes keeps its log directory, and whose it is.
 *
 *   --brokers 1    DIR/             log directory of the one node
 *   --brokers 3    DIR/node-1/ … DIR/node-3/
 *
 *   .lock              who uses the directory (folder-lock.ts)
 *   meta.properties    node id and cluster id, written when the directory is formatted (log/checkpoints/meta-properties.ts)
 *   orders-0/ …        partitions
 *
 * Kafka wants a directory to be formatted by kafka-storage.sh first, so that a mistyped path is not taken for a new
 * cluster. For a teaching broker an empty folder is formatted as it is met.
 *
 * A folder with anything else in it is somebody's: pictures, a home folder, a mistyped path. It is refused.
 *
 * DATA-FOLDER-1  a directory of another cluster, or of another node, is refused: nothing in it is touched
 * DATA-FOLDER-2  when one directory is refused, none stays locked
 * DATA-FOLDER-3  a folder that is neither empty nor a data folder is refused before anything is made in it
 */
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Randomness, Storage } from '../../core.ts'
import { readMetaProperties, writeMetaProperties } from '../../log/checkpoints/meta-properties.ts'
import { randomUuid } from '../../wire/uuid.ts'
import { FileStorage } from './file-storage.ts'
import { FolderInUseError, lockFolder } from './folder-lock.ts'

/** The folder can't be used; `message` is one line for people. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError'
}

export interface DataFolder {
  readonly clusterId: string
  /** In the order of the node ids. */
  readonly storages: readonly Storage[]
  unlock(): void
}

/** Opens DIR for the nodes, formatting what is new. Throws DataFolderError. */
export function openDataFolder(folder: string, nodeIds: readonly number[], random: Randomness): DataFolder {
  const directories = nodeIds.map((id) => (nodeIds.length === 1 ? folder : join(folder, nodeFolder(id))))
  const unlocks: (() => void)[] = []
  const unlock = (): void => {
    for (const each of unlocks.splice(0)) each()
  }
  try {
    checkIsOurs(folder)
    for (const directory of directories) checkIsOurs(directory)
    checkLayout(folder, nodeIds.length)
    for (const directory of directories) {
      mkdirSync(directory, { recursive: true })
      unlocks.push(lockFolder(directory))
    }
    const storages = directories.map((directory) => new FileStorage(directory))
    return { clusterId: format(storages, nodeIds, directories, random), storages, unlock }
  } catch (error) {
    unlock()
    throw explain(error, folder)
  }
}

const nodeFolder = (id: number): string => `node-${id}`

/** What may lie in an empty folder: of file systems, desktops and repositories, and of a first start that was killed. */
const NOTHING_OF_NOTE =
  /^(lost\+found|\.DS_Store|Thumbs\.db|\.git(ignore|keep)|\.lock(\.\d+(\.gone)?)?|meta\.properties\.tmp)$/

/** DATA-FOLDER-3. A data folder has a meta.properties, or is one of several brokers, whose folders have. */
function checkIsOurs(folder: string): void {
  const names = existsSync(folder) ? readdirSync(folder) : []
  const others = names.filter((name) => !NOTHING_OF_NOTE.test(name) && !isNodeFolder(folder, name))
  if (names.includes('meta.properties') || others.length === 0) return
  const some = others.slice(0, 3).map((name) => JSON.stringify(name))
  const what = `${some.join(', ')}${others.length > 3 ? ' and more' : ''}`
  throw new DataFolderError(
    `${folder} is neither empty nor a data folder: it has ${what}, and no meta.properties. Choose another folder with --data; nothing was changed`,
  )
}

/** One of several brokers' folders; an empty one was made by a start that was killed. */
function isNodeFolder(folder: string, name: string): boolean {
  if (!/^node-\d+$/.test(name)) return false
  try {
    const names = readdirSync(join(folder, name))
    return names.includes('meta.properties') || names.every((each) => NOTHING_OF_NOTE.test(each))
  } catch {
    return false
  }
}

/** A folder that was used with another number of brokers holds partitions that nobody would lead. */
function checkLayout(folder: string, nodes: number): void {
  if (!existsSync(folder)) return
  const names = readdirSync(folder)
  const before = names.filter((name) => /^node-\d+$/.test(name)).length
  if (nodes > 1 && names.includes('meta.properties')) {
    throw new DataFolderError(
      `${folder} is the data folder of one broker: start it with --brokers 1, or use another folder`,
    )
  }
  if (before > nodes) {
    throw new DataFolderError(
      `${folder} is the data folder of ${before} brokers: start it with --brokers ${before}, or use another folder`,
    )
  }
}

/** Reads whose directories these are, writes it where it is new (DATA-FOLDER-1); gives the cluster's id. */
function format(
  storages: readonly Storage[],
  nodeIds: readonly number[],
  directories: readonly string[],
  random: Randomness,
): string {
  const newId = (): string => randomUuid((length) => random.bytes(length))
  const found = storages.map((storage) => readMetaProperties(storage))
  const clusterId = found.find((meta) => meta !== undefined)?.clusterId ?? newId()
  for (const [i, meta] of found.entries()) {
    const [nodeId, directory] = [nodeIds[i]!, directories[i]!]
    if (meta && meta.nodeId !== nodeId) {
      throw new DataFolderError(
        `${directory} belongs to node ${meta.nodeId}, and this is node ${nodeId} (node.id)`,
      )
    }
    if (meta && meta.clusterId !== clusterId) {
      throw new DataFolderError(
        `${directory} belongs to cluster ${meta.clusterId}, and this is cluster ${clusterId}`,
      )
    }
  }
  for (const [i, storage] of storages.entries()) {
    if (!found[i]) writeMetaProperties(storage, { nodeId: nodeIds[i]!, clusterId, directoryId: newId() })
  }
  return clusterId
}

function explain(error: unknown, folder: string): Error {
  if (error instanceof DataFolderError) return error
  if (error instanceof FolderInUseError) return new DataFolderError(error.message)
  const code = (error as NodeJS.ErrnoException).code
  const why: Record<string, string> = {
    EACCES: 'no rights to write there',
    EROFS: 'its file system is read-only',
    ENOSPC: 'its file system is full',
    ENOTDIR: 'it is a file, or lies below one',
    EEXIST: 'it is a file, or lies below one',
  }
  const message = error instanceof Error ? error.message : String(error)
  return new DataFolderError(`${folder} can't be the data folder: ${(code && why[code]) ?? message}`)
}
