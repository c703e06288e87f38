/**
 * Лабораторная 02: партиционер. На её странице сказано всё, что проверяется: `npm start`, раздел
 * «Лабораторные», «Ключи и партиции». Допишите четыре функции и сохраните файл; `npm run lab` проверяет его при
 * каждом сохранении.
 */

/** Партиция, какой её знает kafkajs; в списке они в любом порядке, нумеруются с 0. */
export interface PartitionMetadata {
  partitionId: number
  /** Номер брокера, в том числе 0. */
  leader: number
}

/** Отправляемое сообщение. `partition` задан, если программа выбрала партицию сама. */
export interface Message {
  key?: Buffer | string | null
  value: Buffer | string | null
  partition?: number
}

export interface PartitionerArgs {
  topic: string
  /** По одному элементу на каждую партицию, которая есть у топика сейчас. */
  partitionMetadata: PartitionMetadata[]
  message: Message
}

/** 32-битный хеш murmur2 от всех байтов, как в Java-клиенте Kafka; со знаком или без. */
export function murmur2(bytes: Uint8Array): number {
  throw new Error(`not implemented: murmur2 (called with ${bytes.length} bytes)`)
}

/** Партиция ключа: число от 0 до partitionCount-1. */
export function partitionForKey(key: Uint8Array, partitionCount: number): number {
  throw new Error(
    `not implemented: partitionForKey (called with ${key.length} bytes, ${partitionCount} partitions)`,
  )
}

/**
 * kafkajs вызывает её один раз на продюсер. Функцию, которую она возвращает, спрашивают о каждом сообщении, для всех
 * топиков: партиция, заданная в сообщении; если её нет — партиция ключа; если нет и ключа — любая, лишь бы каждой
 * доставалось достаточно.
 */
export function createPartitioner(): (args: PartitionerArgs) => number {
  throw new Error('not implemented: createPartitioner')
}

/** Новый список тех ключей, в исходном порядке, которые сменят партицию, когда топик вырастет. */
export function movedKeys(keys: string[], before: number, after: number): string[] {
  throw new Error(`not implemented: movedKeys (called with ${keys.length} keys, ${before} → ${after})`)
}
