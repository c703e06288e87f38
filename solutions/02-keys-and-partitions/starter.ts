/**
 * Lab 02: the partitioner. Its page tells the story: `npm start`, then Labs, "Keys and partitions".
 * Fill in the four functions and save; `npm run lab` checks at each save.
 *
 * Страница задания с рассказом: `npm start`, раздел «Лабораторные», «Ключи и партиции».
 * Допишите четыре функции и сохраните файл; `npm run lab` проверяет его при каждом сохранении.
 */

/** A partition as kafkajs knows it; brokers list them in any order. */
export interface PartitionMetadata {
  partitionId: number
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
  partitionMetadata: PartitionMetadata[]
  message: Message
}

/** The 32-bit murmur2 hash of the bytes, as Kafka's Java client computes it. */
export function murmur2(bytes: Uint8Array): number {
  throw new Error(`not implemented: murmur2 (called with ${bytes.length} bytes)`)
}

/** The partition, 0 … partitionCount-1, that a key belongs to. */
export function partitionForKey(key: Uint8Array, partitionCount: number): number {
  throw new Error(
    `not implemented: partitionForKey (called with ${key.length} bytes, ${partitionCount} partitions)`,
  )
}

/** What kafkajs calls once per producer; the function it returns is asked once per message. */
export function createPartitioner(): (args: PartitionerArgs) => number {
  throw new Error('not implemented: createPartitioner')
}

/** The keys, in the order given, that land in another partition once a topic grows from `before` to `after`. */
export function movedKeys(keys: string[], before: number, after: number): string[] {
  throw new Error(`not implemented: movedKeys (called with ${keys.length} keys, ${before} → ${after})`)
}
