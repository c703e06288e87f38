/**
 * The data folder of a process: the log directory of each node, and the cluster and node that it belongs to.
 *
 *   --brokers 1    DIR/             log directory of the one node
 *   --brokers 3    DIR/node-1/ … DIR/node-3/
 *
 *   .lock              which process uses the directory (folder-lock.ts)
 *   meta.properties    node id and cluster id, written when the directory is formatted (log/checkpoints/meta-properties.ts)
 *   orders-0/ …        partitions
 *
 * With Kafka one formats a directory first (kafka-storage.sh), so that a mistyped path does not become a new cluster.
 * This broker is for teaching, so it formats an empty folder at the first start.
 *
 * A folder with anything else in it belongs to someone: pictures, a home folder, a mistyped path. It is refused.
 *
 * DATA-FOLDER-1  a directory of another cluster or node is refused, and nothing in it is changed
 * DATA-FOLDER-2  if one directory is refused, none stays locked
 * DATA-FOLDER-3  a folder that is neither empty nor a data folder is refused before anything is created in it
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

/** Opens DIR for the nodes, and formats new directories. Throws DataFolderError. */
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

/** Names that an empty folder may contain: of file systems, desktops and repositories, and of a killed first start. */
const NOTHING_OF_NOTE =
  /^(lost\+found|\.DS_Store|Thumbs\.db|\.git(ignore|keep)|\.lock(\.\d+(\.gone)?)?|meta\.properties\.tmp)$/

/** DATA-FOLDER-3. A data folder has a meta.properties, or consists of one folder per broker, each with a meta.properties. */
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

/** The folder of one of several brokers. An empty one was left by a killed start. */
function isNodeFolder(folder: string, name: string): boolean {
  if (!/^node-\d+$/.test(name)) return false
  try {
    const names = readdirSync(join(folder, name))
    return names.includes('meta.properties') || names.every((each) => NOTHING_OF_NOTE.test(each))
  } catch {
    return false
  }
}

/** A folder that was used with a different number of brokers has partitions that no node would lead. */
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

/** Reads each meta.properties, or writes it if the directory is new (DATA-FOLDER-1). Returns the cluster id. */
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
        `${directory} belongs to node ${meta.nodeId}, and this is node ${nodeId} (node.id). Use the same node.id as before, or another folder`,
      )
    }
    if (meta && meta.clusterId !== clusterId) {
      throw new DataFolderError(
        `${directory} belongs to cluster ${meta.clusterId}, and this is cluster ${clusterId}. Use another folder with --data`,
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
    EACCES: 'this user may not write there',
    EROFS: 'its file system is read-only',
    ENOSPC: 'its file system is full',
    ENOTDIR: 'it is a file, or is inside a file',
    EEXIST: 'it is a file, or is inside a file',
  }
  const message = error instanceof Error ? error.message : String(error)
  return new DataFolderError(`${folder} can't be the data folder: ${(code && why[code]) ?? message}`)
}
