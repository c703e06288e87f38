/**
 * The documentation of the keys, one sentence each: DescribeConfigs returns it on request (KIP-569).
 *
 * Keys that have an effect in this broker are documented by the name of the topic key if there is one; the broker key is
 * then documented as its default. The documentation of all other keys is why they have no effect (without-effect.ts).
 *
 * KEY-DOCS-1  a key that has an effect has a sentence; a key without a sentence has no effect
 */

import { BROKER_SYNONYMS } from './topic-keys.ts'
import { reasonFor } from './without-effect.ts'

const TOPICS: Readonly<Record<string, string>> = {
  'cleanup.policy':
    'What happens to old records: "delete" drops whole segments by age and size, "compact" keeps the newest record of each key; both may be combined.',
  'compression.gzip.level':
    'The compression level of gzip, from 1 (fast) to 9 (small); -1 is the default of gzip. Used if compression.type is gzip.',
  'compression.lz4.level': 'The compression level of lz4, from 1 to 17. Used if compression.type is lz4.',
  'compression.type':
    'How record batches are stored: "producer" as they were sent, "uncompressed", or recompressed with gzip, snappy, lz4 or zstd.',
  'compression.zstd.level': 'The compression level of zstd, up to 22. Used if compression.type is zstd.',
  'delete.retention.ms':
    'How long, in milliseconds, a compacted log keeps the record that deletes a key, so that slow readers still see it.',
  'file.delete.delay.ms':
    'Milliseconds between the deletion of a file in the log and its removal from the disk.',
  'flush.messages':
    'After how many records a log is flushed to disk; by default the operating system decides.',
  'flush.ms': 'How long, in milliseconds, a record may be only in memory before its log is flushed to disk.',
  'index.interval.bytes':
    'Bytes of records between two entries of the offset index: a smaller number finds positions faster and takes more memory.',
  'internal.segment.bytes': 'As segment.bytes, without its lower bound: for tests.',
  'max.compaction.lag.ms':
    'How long, in milliseconds, a record may wait for compaction, even if only a small part of the log is new.',
  'max.message.bytes': 'The largest record batch, in bytes and after compression, that a producer may send.',
  'message.timestamp.after.max.ms':
    'How far, in milliseconds, the timestamp of a record may be ahead of the broker before it is refused.',
  'message.timestamp.before.max.ms':
    'How far, in milliseconds, the timestamp of a record may be behind the broker before it is refused.',
  'message.timestamp.type':
    'Whether the timestamp of a record is the time when the producer created it or when the broker appended it.',
  'min.cleanable.dirty.ratio':
    'The share of a compacted log that must be new since the last compaction before it is compacted again.',
  'min.compaction.lag.ms': 'How long, in milliseconds, a record is not compacted after it was appended.',
  'min.insync.replicas':
    'How many replicas must have a record before a producer with acks=all gets its response.',
  'retention.bytes':
    'How many bytes a partition may have before its oldest segments are deleted; -1 is no limit.',
  'retention.ms':
    'How long, in milliseconds, records are kept before their segment may be deleted; -1 is without limit.',
  'segment.bytes':
    'The size, in bytes, at which a log starts a new segment. Only closed segments are deleted or compacted.',
  'segment.index.bytes':
    'The size, in bytes, of the offset index of a segment; when it is full the log starts a new segment.',
  'segment.jitter.ms':
    'The maximum random reduction of segment.ms, so that not all logs start new segments at the same time.',
  'segment.ms':
    'The age, in milliseconds, at which a log starts a new segment although the old one is not full.',
}

const BROKER: Readonly<Record<string, string>> = {
  'auto.create.topics.enable': 'Whether a topic is created when a client requests its metadata.',
  'auto.leader.rebalance.enable':
    'Whether the controller gives the lead back to the preferred replicas from time to time.',
  'leader.imbalance.check.interval.seconds':
    'How often, in seconds, the controller looks for partitions that are not led by their preferred replica.',
  'offsets.topic.replication.factor':
    'The number of replicas of __consumer_offsets when it is created; with fewer brokers, each has one.',
  'replica.fetch.backoff.ms':
    'How long, in milliseconds, a follower waits after an error before it fetches a partition again.',
  'replica.fetch.max.bytes': 'How many bytes of a partition a follower asks for in one fetch request.',
  'replica.fetch.min.bytes': 'How many bytes a fetch request of a follower waits for.',
  'replica.fetch.response.max.bytes': 'The maximum number of bytes in the response to a follower.',
  'replica.fetch.wait.max.ms': 'How long, in milliseconds, a fetch request of a follower waits for records.',
  'replica.lag.time.max.ms':
    'How long, in milliseconds, a follower may be behind the leader before it is removed from the ISR.',
  'replica.socket.timeout.ms': 'How long, in milliseconds, a follower waits for the response of a leader.',
  'transaction.state.log.min.isr':
    'min.insync.replicas of __transaction_state when it is created, at most its number of replicas.',
  'transaction.state.log.replication.factor':
    'The number of replicas of __transaction_state when it is created; with fewer brokers, each has one.',
  'unclean.leader.election.enable':
    'Whether a replica that lacks records may lead when no other can; the records are lost then.',
  'unclean.leader.election.interval.ms':
    'How often, in milliseconds, the controller looks for partitions that need an unclean election.',
  'broker.id': 'The older name of node.id.',
  'broker.rack': 'The rack of this node, which clients receive with the metadata.',
  'connections.max.idle.ms': 'Milliseconds without a request after which a connection is closed.',
  'default.replication.factor': 'The number of replicas of a topic that is created without one.',
  'delete.topic.enable': 'Whether topics can be deleted.',
  'fetch.max.bytes':
    'The maximum number of bytes in the response to a fetch request, whatever the request allows.',
  'group.consumer.assignment.interval.ms':
    'The minimum time, in milliseconds, between two assignments of a group of the consumer protocol.',
  'group.consumer.assignors':
    'The assignors that members of the consumer protocol may name; the first one is used if no member names one.',
  'group.consumer.heartbeat.interval.ms':
    'How often, in milliseconds, members of a group of the consumer protocol send a heartbeat.',
  'group.consumer.max.assignment.interval.ms': 'The maximum of consumer.assignment.interval.ms of a group.',
  'group.consumer.max.heartbeat.interval.ms': 'The maximum of consumer.heartbeat.interval.ms of a group.',
  'group.consumer.max.session.timeout.ms': 'The maximum of consumer.session.timeout.ms of a group.',
  'group.consumer.max.size': 'The maximum number of members of a group of the consumer protocol.',
  'group.consumer.migration.policy':
    'Whether a group that has members may change its protocol: disabled, upgrade (to consumer), downgrade, bidirectional.',
  'group.consumer.min.assignment.interval.ms': 'The minimum of consumer.assignment.interval.ms of a group.',
  'group.consumer.min.heartbeat.interval.ms': 'The minimum of consumer.heartbeat.interval.ms of a group.',
  'group.consumer.min.session.timeout.ms': 'The minimum of consumer.session.timeout.ms of a group.',
  'group.consumer.regex.refresh.interval.ms':
    'How often, in milliseconds, the regular expressions of subscriptions are matched against all topics again.',
  'group.consumer.session.timeout.ms':
    'Milliseconds without a heartbeat after which a member of the consumer protocol is removed from its group.',
  'group.coordinator.rebalance.protocols':
    'The protocols that groups may use; without "consumer", members of that protocol are refused.',
  'group.initial.rebalance.delay.ms':
    'Milliseconds that the first member of an empty classic group waits for more members.',
  'group.max.session.timeout.ms':
    'The maximum session timeout, in milliseconds, of a member of a classic group.',
  'group.max.size': 'The maximum number of members of a classic group.',
  'group.min.session.timeout.ms':
    'The minimum session timeout, in milliseconds, of a member of a classic group.',
  'add.partitions.to.txn.retry.backoff.max.ms':
    'How long, in milliseconds, a produce request waits for the end of the previous transaction of its producer.',
  'add.partitions.to.txn.retry.backoff.ms':
    'How often, in milliseconds, it is checked whether the previous transaction of a producer has ended.',
  'advertised.listeners': 'The address that clients receive; set by the command line.',
  listeners: 'Where the broker listens for clients; set by the command line.',
  'controller.socket.timeout.ms':
    'How long, in milliseconds, a broker waits for the response of the controller; then it tries again.',
  'controller.quota.window.num':
    'The number of time windows over which a quota on topic changes is measured.',
  'controller.quota.window.size.seconds':
    'The length, in seconds, of a time window of a quota on topic changes.',
  'internal.metadata.log.segment.bytes': 'As metadata.log.segment.bytes, without its lower bound: for tests.',
  'log.cleaner.backoff.ms': 'Milliseconds between two checks for logs that need compaction.',
  'log.cleaner.dedupe.buffer.size':
    'The memory, in bytes, for the keys of one compaction; a log with more keys is compacted in several passes.',
  'log.cleaner.enable': 'Whether logs are compacted at all.',
  'log.cleaner.io.buffer.load.factor':
    'The share, from 0 to 1, of the memory for keys that a compaction may fill.',
  'log.cleaner.io.buffer.size': 'How many bytes of a log compaction reads at a time.',
  'log.cleaner.io.max.bytes.per.second':
    'The maximum number of bytes that compaction reads and writes per second, so that clients are not slowed down.',
  'log.dir': 'The folder of the logs if log.dirs is not set.',
  'log.dirs': 'The folder of the logs; set by the command line.',
  'log.flush.offset.checkpoint.interval.ms':
    'How often, in milliseconds, the recovery points are written, at which recovery after a crash starts.',
  'log.initial.task.delay.ms':
    'The delay, in milliseconds, between the start and the first checkpoints and retention checks.',
  'log.retention.check.interval.ms':
    'How often, in milliseconds, the logs are checked for segments that may be deleted.',
  'max.connection.creation.rate':
    'The maximum number of connections that are accepted per second; further ones are accepted later.',
  'max.connections': 'The maximum number of open connections.',
  'max.connections.per.ip': 'The maximum number of open connections from one address.',
  'max.connections.per.ip.overrides':
    'Other limits of connections for some addresses: 127.0.0.1:200,10.0.0.7:5.',
  'max.incremental.fetch.session.cache.slots': 'The maximum number of fetch sessions.',
  'max.request.partition.size.limit':
    'The maximum number of partitions in one response to DescribeTopicPartitions.',
  'metadata.log.max.record.bytes.between.snapshots':
    'After how many bytes of new records a snapshot of the metadata is written.',
  'metadata.log.max.snapshot.interval.ms':
    'The time, in milliseconds, after which a snapshot of the metadata is written if there are new records; 0 is never.',
  'metadata.log.segment.ms': 'The age, in milliseconds, at which the metadata log starts a new segment.',
  'metadata.max.retention.ms':
    'A snapshot of the metadata that is older than this (ms) is deleted when a newer one is written, with the log below the newer one.',
  'metadata.max.retention.bytes':
    'The size, in bytes, above which the metadata log is deleted up to the second newest snapshot.',
  'metadata.log.segment.bytes': 'The size, in bytes, at which the metadata log starts a new segment.',
  'node.id': 'The id of this node in the cluster.',
  'num.partitions': 'The number of partitions of a topic that is created without one.',
  'offset.metadata.max.bytes':
    'The maximum length of the metadata text that may be committed with an offset.',
  'offsets.commit.timeout.ms':
    'How long, in milliseconds, the response to a request that writes to a group waits for the replicas of its partition.',
  'offsets.retention.check.interval.ms':
    'How often, in milliseconds, committed offsets are checked for expired ones.',
  'offsets.retention.minutes':
    'Minutes after which the committed offsets of a group without members are deleted.',
  'offsets.topic.num.partitions':
    'The number of partitions of __consumer_offsets; it cannot be changed once the topic exists.',
  'offsets.topic.segment.bytes':
    'The size, in bytes, of the segments of __consumer_offsets: small, so that loading a group is quick.',
  'process.roles': 'What this node is: broker and controller; set by the command line.',
  'producer.id.expiration.check.interval.ms':
    'How often, in milliseconds, the producer state is checked for idle producers.',
  'producer.id.expiration.ms':
    'Milliseconds after which the state of an idle producer is removed; its retries are then no longer recognized.',
  'queued.max.request.bytes':
    'How many bytes of large requests that are read but not yet handled may be in memory; -1 is no limit.',
  'quota.window.num': 'The number of time windows over which a quota on bytes or on requests is measured.',
  'quota.window.size.seconds': 'The length, in seconds, of a time window of a quota on bytes or on requests.',
  'request.timeout.ms':
    'How long, in milliseconds, this broker waits for the response of another one; then it tries again.',
  'socket.connection.setup.timeout.max.ms':
    'The limit, in milliseconds, of socket.connection.setup.timeout.ms, which doubles with each attempt that fails.',
  'socket.connection.setup.timeout.ms':
    'How long, in milliseconds, another broker may take to accept a connection.',
  'socket.listen.backlog.size': 'How many connections may wait to be accepted.',
  'socket.request.max.bytes':
    'The largest request, in bytes; a connection that announces a larger one is closed.',
  'transaction.abort.timed.out.transaction.cleanup.interval.ms':
    'How often, in milliseconds, transactions are checked for timeouts and aborted.',
  'transaction.max.timeout.ms': 'The maximum timeout, in milliseconds, of a transaction.',
  'transaction.partition.verification.enable':
    'Whether a transactional batch of an older client is refused unless its partition was added to the transaction.',
  'transaction.remove.expired.transaction.cleanup.interval.ms':
    'How often, in milliseconds, transactional ids are checked for expired ones.',
  'transaction.state.log.num.partitions':
    'The number of partitions of __transaction_state; it cannot be changed once the topic exists.',
  'transaction.state.log.segment.bytes': 'The size, in bytes, of the segments of __transaction_state.',
  'transactional.id.expiration.ms':
    'Milliseconds after its last transaction at which a transactional id expires.',
}

/** The topic key of each broker key that is its default. */
const TOPIC_KEY_OF = new Map(
  Object.entries(BROKER_SYNONYMS).flatMap(([topicKey, keys]) => keys.map((key) => [key, topicKey] as const)),
)

/** Looks up keys of brokers, groups and client metrics. The text of a group key is that of the broker key `group.…`. */
const ofOwnName = (name: string): string | undefined =>
  textOf(BROKER, name) ?? textOf(BROKER, `group.${name}`)

/** Names come from clients, too: `constructor` is a property of every object, but no key. */
function textOf(texts: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(texts, name) ? texts[name] : undefined
}

/** The documentation of a key, or why it has no effect; empty for an unknown key. */
export function documentationOf(name: string): string {
  const reason = reasonFor(name)
  if (reason) return `Kept, without effect here, because ${reason.en}.`
  const topicKey = textOf(TOPICS, name) ? name : TOPIC_KEY_OF.get(name)
  const ofTopic = topicKey === undefined ? undefined : textOf(TOPICS, topicKey)
  if (ofTopic) return topicKey === name ? ofTopic : `The default of the topics' ${topicKey}. ${ofTopic}`
  return ofOwnName(name) ?? ''
}
