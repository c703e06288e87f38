/**
 * meta.properties: the node and cluster that a log directory belongs to. Written once, when it is formatted; version 1 since KRaft.
 *
 * A broker refuses to start on the data of another cluster or node: otherwise it would serve it as its own.
 *
 *   #                                      the comment is ignored, as in any Java properties file
 *   node.id=1
 *   directory.id=dLbxROfB-Kp08brOBDzXcg    this directory's own id (KIP-858)
 *   version=1
 *   cluster.id=X1P25UbO4pCCcs2Qi2-rcg
 *
 * Kafka and tests write it, too. Java escapes `=` and `:` in a value, and may pad an id:
 * `directory.id=EAAAAAAAQACAAAAAAAAAAQ\=\=` is read.
 */
import type { Storage } from '../../core.ts'
import { canonicalUuid } from '../../wire/uuid.ts'
import { readText, writeText } from './text-file.ts'

export const META_PROPERTIES_FILE = 'meta.properties'

export interface MetaProperties {
  readonly nodeId: number
  readonly clusterId: string
  readonly directoryId: string
}

/** Undefined if the directory is not formatted. Throws if the file is not of version 1. */
export function readMetaProperties(storage: Storage): MetaProperties | undefined {
  const content = readText(storage, META_PROPERTIES_FILE)
  if (content === undefined) return undefined
  const values = parseProperties(content)
  const nodeId = Number(values.get('node.id'))
  const clusterId = values.get('cluster.id')
  if (values.get('version') !== '1' || !Number.isInteger(nodeId) || !clusterId) {
    throw new Error(
      `${META_PROPERTIES_FILE} is damaged: it is not of version 1 with node.id and cluster.id. Restore these lines (from a backup), or use another folder`,
    )
  }
  return { nodeId, clusterId, directoryId: directoryIdOf(values.get('directory.id')) }
}

/** Empty if there is none: Kafka before 3.7 did not write this line. */
function directoryIdOf(text: string | undefined): string {
  if (text === undefined) return ''
  try {
    return canonicalUuid(text)
  } catch {
    throw new Error(
      `${META_PROPERTIES_FILE} is damaged: directory.id=${text} is not an id of 16 bytes in base64. Restore the line (from a backup), or use another folder`,
    )
  }
}

export function writeMetaProperties(storage: Storage, meta: MetaProperties): void {
  const lines = ['#', `node.id=${meta.nodeId}`, `directory.id=${meta.directoryId}`, 'version=1']
  writeText(storage, META_PROPERTIES_FILE, [...lines, `cluster.id=${meta.clusterId}`, ''].join('\n'))
}

/** Lines `key=value` or `key: value` of a Java properties file, with its escapes (java.util.Properties). */
function parseProperties(content: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const line of content.split(/\r?\n/)) {
    const match = /^\s*([^#!=:\s]+)\s*[=:]\s*(.*?)\s*$/.exec(line)
    if (match) values.set(match[1]!, unescaped(match[2]!))
  }
  return values
}

function unescaped(value: string): string {
  return value.replaceAll(/\\(?:u([\da-fA-F]{4})|(.))/g, (_, code: string | undefined, letter: string) =>
    code === undefined ? letter : String.fromCharCode(Number.parseInt(code, 16)),
  )
}
