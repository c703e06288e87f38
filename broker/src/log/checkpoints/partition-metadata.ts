/**
 * partition.metadata: the id of the topic that a partition's folder belongs to. (KIP-516)
 *
 * A topic may be deleted and created again under the same name. The id shows whether the log in `orders-0` belongs to
 * the old topic and must be deleted, or to the new one.
 *
 *   version: 0
 *   topic_id: dLbxROfB-Kp08brOBDzXcg
 */
import type { Storage } from '../../core.ts'
import { canonicalUuid } from '../../wire/uuid.ts'
import { readText, replaceFile } from './text-file.ts'

export const PARTITION_METADATA_FILE = 'partition.metadata'

/** The topic id in `folder`; undefined if the file is missing or damaged. */
export function readPartitionMetadata(storage: Storage, folder: string): string | undefined {
  const content = readText(storage, `${folder}/${PARTITION_METADATA_FILE}`)
  const text = /^version: 0\ntopic_id: ([\w-]{22}(?:==)?)\s*$/.exec(content ?? '')?.[1]
  return text && canonicalUuid(text)
}

export function writePartitionMetadata(storage: Storage, folder: string, topicId: string): void {
  const content = `version: 0\ntopic_id: ${topicId}`
  replaceFile(storage, `${folder}/${PARTITION_METADATA_FILE}`, new TextEncoder().encode(content))
}
