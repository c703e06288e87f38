/**
 * Lab 02: the partitioner. Its page says all that is judged: `npm start`, then Labs, "Keys and partitions".
 * Fill in the four functions and save; `npm run lab` checks at each save.
 */

/** A partition as kafkajs knows it; partitions are listed in any order, and numbered from 0. */
export interface PartitionMetadata {
  partitionId: number
  /** The id of a broker, which may be 0. */
  leader: number
}

/** A message on its way out. `partition` is set when the program has chosen for itself. */
export interface Message {
  key?: Buffer | string | null
  value: Buffer | string | null
  partition?: number
}

export interface PartitionerArgs {
  topic: string
  /** One element for each partition that the topic has at this moment. */
  partitionMetadata: PartitionMetadata[]
  message: Message
}

/** The 32-bit murmur2 hash of all the bytes, as Kafka's Java client computes it; signed or unsigned. */
export function murmur2(bytes: Uint8Array): number {
  throw new Error(`not implemented: murmur2 (called with ${bytes.length} bytes)`)
}

/** The partition, 0 … partitionCount-1, that a key belongs to. */
export function partitionForKey(key: Uint8Array, partitionCount: number): number {
  throw new Error(
    `not implemented: partitionForKey (called with ${key.length} bytes, ${partitionCount} partitions)`,
  )
}

/**
 * What kafkajs calls once per producer. The function it returns is asked once per message, for all topics: the
 * message's partition, if it is set; else the partition of its key; else any, each of them often enough.
 */
export function createPartitioner(): (args: PartitionerArgs) => number {
  throw new Error('not implemented: createPartitioner')
}

/** A new list of those keys, in the order given, that change their partition when a topic grows. */
export function movedKeys(keys: string[], before: number, after: number): string[] {
  throw new Error(`not implemented: movedKeys (called with ${keys.length} keys, ${before} → ${after})`)
}
