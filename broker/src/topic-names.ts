/**
 * The names of topics and partitions that the broker itself uses.
 *
 *   __consumer_offsets     groups, and their committed offsets                  written by the group coordinator
 *   __transaction_state    transactional ids                                    written by the transaction coordinator
 *   __share_group_state    share groups; not supported here, but the name is reserved
 *   __cluster_metadata     the metadata log; clients don't see it as a topic, but the name is reserved
 *
 * A partition is identified by `topic-index`: in the name of its folder, in log lines and in maps.
 *
 * (org.apache.kafka.common.internals.Topic, org.apache.kafka.common.TopicPartition)
 */
export const OFFSETS_TOPIC = '__consumer_offsets'
export const TRANSACTION_STATE_TOPIC = '__transaction_state'
export const METADATA_TOPIC = '__cluster_metadata'
/** The folder of its only partition. */
export const METADATA_FOLDER = partitionKey(METADATA_TOPIC, 0)

const INTERNAL_TOPICS: readonly string[] = [OFFSETS_TOPIC, TRANSACTION_STATE_TOPIC, '__share_group_state']

/** Whether only the broker itself writes to this topic. */
export function isInternalTopic(topic: string): boolean {
  return INTERNAL_TOPICS.includes(topic)
}

/** A partition as `topic-index`: the name of its folder, and its key in maps. */
export function partitionKey(topic: string, index: number): string {
  return `${topic}-${index}`
}
