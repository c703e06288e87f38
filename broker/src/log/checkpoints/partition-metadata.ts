/**
 * partition.metadata: to which topic a folder belongs, by id. (KIP-516)
 *
 * A topic may be deleted and made again under its name. Its id tells whether the log in `orders-0` is the old
 * topic's, to be thrown away, or the new one's.
 *
 *   version: 0
 *   topic_id: dLbxROfB-Kp08brOBDzXcg
 */
import type { Storage } from '../../core.ts'
import { canonicalUuid } from '../../wire/uuid.ts'
import { readText, replaceFile } from './text-file.ts'

export const PARTITION_METADATA_FILE = 'partition.metadata'

/** The topic id in `folder`; undefined when the file is not there or damaged. */
export function readPartitionMetadata(storage: Storage, folder: string): string | undefined {
  const content = readText(storage, `${folder}/${PARTITION_METADATA_FILE}`)
  const text = /^version: 0\ntopic_id: ([\w-]{22}(?:==)?)\s*$/.exec(content ?? '')?.[1]
  return text && canonicalUuid(text)
}

export function writePartitionMetadata(storage: Storage, folder: string, topicId: string): void {
  const content = `version: 0\ntopic_id: ${topicId}`
  replaceFile(storage, `${folder}/${PARTITION_METADATA_FILE}`, new TextEncoder().encode(content))
}
