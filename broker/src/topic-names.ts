/**
 * The names of topics and partitions that the broker itself must know.
 *
 *   __consumer_offsets     groups, and the offsets that they have committed     written by the group coordinator
 *   __transaction_state    transactional ids                                    written by the transaction coordinator
 *   __share_group_state    share groups; not served here, but its name is kept
 *   __cluster_metadata     the metadata log; no topic to clients, though its name is taken
 *
 * A partition is called `topic-index`: so is its folder, and so it is named in logs and found in maps.
 *
 * (org.apache.kafka.common.internals.Topic, org.apache.kafka.common.TopicPartition)
 */
export const OFFSETS_TOPIC = '__consumer_offsets'
export const TRANSACTION_STATE_TOPIC = '__transaction_state'
export const METADATA_TOPIC = '__cluster_metadata'
/** The folder of its only partition. */
export const METADATA_FOLDER = partitionKey(METADATA_TOPIC, 0)

const INTERNAL_TOPICS: readonly string[] = [OFFSETS_TOPIC, TRANSACTION_STATE_TOPIC, '__share_group_state']

/** Is it a topic that only the broker itself writes to? */
export function isInternalTopic(topic: string): boolean {
  return INTERNAL_TOPICS.includes(topic)
}

/** A partition as `topic-index`: what its folder is called, and under which it is kept in maps. */
export function partitionKey(topic: string, index: number): string {
  return `${topic}-${index}`
}
