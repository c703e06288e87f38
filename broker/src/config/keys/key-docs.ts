/**
 * What the keys mean, in a sentence each: DescribeConfigs gives it to clients that ask for documentation (KIP-569).
 *
 * Here stand the keys that mean something in this broker, by the name of the topic's key where there is one: a broker key
 * that stands for it is "the default of" it. All others are said to have no effect, and why (without-effect.ts).
 *
 * KEY-DOCS-1  a key that has an effect has a sentence; a key without a sentence has no effect
 */

import { BROKER_SYNONYMS } from './topic-keys.ts'
import { reasonFor } from './without-effect.ts'

const TOPICS: Readonly<Record<string, string>> = {
  'cleanup.policy':
    'What happens to old records: "delete" drops whole segments by age and size, "compact" keeps the newest record of each key; both may be combined.',
  'compression.gzip.level':
    'How hard gzip tries, from 1, quick, to 9, small; -1 is its own choice. It counts where compression.type is gzip.',
  'compression.lz4.level': 'How hard lz4 tries, from 1 to 17. It counts where compression.type is lz4.',
  'compression.type':
    'How record batches are kept: "producer" as they came, "uncompressed", or compressed anew with gzip, snappy, lz4 or zstd.',
  'compression.zstd.level': 'How hard zstd tries, up to 22. It counts where compression.type is zstd.',
  'delete.retention.ms':
    'How long, in milliseconds, a compacted log keeps the record that deletes a key, so that slow readers still see it.',
  'file.delete.delay.ms':
    'Milliseconds between the deletion of a file in the log and its removal from the disk.',
  'flush.messages':
    'After how many records a log is flushed to disk; by default that is left to the operating system.',
  'flush.ms': 'How long, in milliseconds, a record may be in memory only before its log is flushed to disk.',
  'index.interval.bytes':
    'Bytes of records between two entries of the offset index: a smaller number finds positions faster and takes more memory.',
  'internal.segment.bytes': 'As segment.bytes, without its lower bound: for tests.',
  'max.compaction.lag.ms':
    'How long, in milliseconds, a record may wait for compaction, however little of the log is new.',
  'max.message.bytes': 'The largest record batch, in bytes and after compression, that a producer may send.',
  'message.timestamp.after.max.ms':
    'How far, in milliseconds, a record may be dated ahead of the broker before it is refused.',
  'message.timestamp.before.max.ms':
    'How far, in milliseconds, a record may be dated behind the broker before it is refused.',
  'message.timestamp.type':
    'Whether a record has the time at which its producer made it or the time at which the broker appended it.',
  'min.cleanable.dirty.ratio':
    'Which share of a compacted log must be new since the last cleaning before it is cleaned again.',
  'min.compaction.lag.ms': 'How long, in milliseconds, a record is safe from compaction.',
  'min.insync.replicas':
    'How many replicas must have a record before a producer with acks=all is answered; one replica is all that there is here.',
  'retention.bytes':
    'How many bytes a partition may keep before its oldest segments are deleted; -1 is no limit.',
  'retention.ms':
    'How long, in milliseconds, records are kept before their segment may be deleted; -1 is for ever.',
  'segment.bytes':
    'The size, in bytes, at which a log begins a new file. Deletion and compaction work on closed files only.',
  'segment.index.bytes':
    'The size, in bytes, of the offset index of one segment; when it is full the log begins a new file.',
  'segment.jitter.ms':
    'By how much less, at most and by chance, segment.ms counts, so that not all logs begin new files at once.',
  'segment.ms': 'The age, in milliseconds, at which a log begins a new file though the old one is not full.',
}

const BROKER: Readonly<Record<string, string>> = {
  'auto.create.topics.enable': 'Whether a topic is made because a client asks for its metadata.',
  'broker.id': 'The older name of node.id.',
  'broker.rack': 'The rack of this node, as clients are told.',
  'connections.max.idle.ms': 'Milliseconds without a request after which a connection is closed.',
  'default.replication.factor':
    'The replicas of a topic that is made without saying how many; more than one is refused here.',
  'delete.topic.enable': 'Whether topics can be deleted.',
  'fetch.max.bytes': 'The most bytes that one fetch request is answered with, whatever it asks for.',
  'group.consumer.assignment.interval.ms':
    'How long, in milliseconds, an assignment counts at least before a group of the consumer protocol gets another.',
  'group.consumer.assignors':
    'The assignors that a group of the consumer protocol may ask for; the first is taken when nobody asks.',
  'group.consumer.heartbeat.interval.ms':
    'How often, in milliseconds, members of a group of the consumer protocol send a heartbeat.',
  'group.consumer.max.assignment.interval.ms':
    'The longest consumer.assignment.interval.ms that a group may be given.',
  'group.consumer.max.heartbeat.interval.ms':
    'The longest consumer.heartbeat.interval.ms that a group may be given.',
  'group.consumer.max.session.timeout.ms':
    'The longest consumer.session.timeout.ms that a group may be given.',
  'group.consumer.max.size': 'The most members of a group of the consumer protocol.',
  'group.consumer.migration.policy':
    'Whether a group that has members may change its protocol: disabled, upgrade (to consumer), downgrade, bidirectional.',
  'group.consumer.min.assignment.interval.ms':
    'The shortest consumer.assignment.interval.ms that a group may be given.',
  'group.consumer.min.heartbeat.interval.ms':
    'The shortest consumer.heartbeat.interval.ms that a group may be given.',
  'group.consumer.min.session.timeout.ms':
    'The shortest consumer.session.timeout.ms that a group may be given.',
  'group.consumer.regex.refresh.interval.ms':
    'How often, in milliseconds, a subscription to a regular expression is matched against the topics anew.',
  'group.consumer.session.timeout.ms':
    'Milliseconds without a heartbeat after which a member of the consumer protocol is given up.',
  'group.coordinator.rebalance.protocols':
    'The protocols that groups may speak; without "consumer", members of that protocol are refused.',
  'group.initial.rebalance.delay.ms':
    'Milliseconds that the first member of an empty classic group waits for more members.',
  'group.max.session.timeout.ms':
    'The longest session timeout, in milliseconds, that a member of a classic group may ask for.',
  'group.max.size': 'The most members of a classic group.',
  'group.min.session.timeout.ms':
    'The shortest session timeout, in milliseconds, that a member of a classic group may ask for.',
  'advertised.listeners': 'The address that clients are told; set by the command line.',
  listeners: 'Where the broker listens for clients; set by the command line.',
  'controller.quota.window.num': 'How many windows of time a quota on changes of topics looks back on.',
  'controller.quota.window.size.seconds':
    'The length, in seconds, of a window of time of a quota on changes of topics.',
  'internal.metadata.log.segment.bytes': 'As metadata.log.segment.bytes, without its lower bound: for tests.',
  'log.cleaner.backoff.ms': 'Milliseconds between two looks for logs that need compaction.',
  'log.cleaner.dedupe.buffer.size':
    'The memory, in bytes, for the keys that one compaction remembers; a log with more keys is cleaned in several goes.',
  'log.cleaner.enable': 'Whether logs are compacted at all.',
  'log.cleaner.io.buffer.load.factor':
    'How full, as a share of 1, the memory for the keys of a compaction may get.',
  'log.cleaner.io.buffer.size': 'How many bytes of a log compaction reads at a time.',
  'log.cleaner.io.max.bytes.per.second':
    'How many bytes compaction reads and writes a second at most, so that clients are not held up.',
  'log.dir': 'The folder of the logs, when log.dirs does not name one.',
  'log.dirs': 'The folder of the logs; set by the command line.',
  'log.flush.offset.checkpoint.interval.ms':
    'How often, in milliseconds, it is written down how far the logs are on disk: recovery after a crash begins there.',
  'log.initial.task.delay.ms':
    'How long, in milliseconds, after a start checkpoints are first written and old records first looked for.',
  'log.retention.check.interval.ms':
    'How often, in milliseconds, the logs are searched for segments that may be deleted.',
  'max.connection.creation.rate': 'The most connections that are let in a second; who comes too fast waits.',
  'max.connections': 'The most connections at a time.',
  'max.connections.per.ip': 'The most connections at a time from one address.',
  'max.connections.per.ip.overrides':
    'Other numbers of connections for some addresses: 127.0.0.1:200,10.0.0.7:5.',
  'max.incremental.fetch.session.cache.slots': 'How many fetch sessions the broker remembers.',
  'max.request.partition.size.limit': 'The most partitions in one answer to DescribeTopicPartitions.',
  'metadata.log.max.record.bytes.between.snapshots':
    'After how many bytes of new records a snapshot of the metadata is written.',
  'metadata.log.max.snapshot.interval.ms':
    'The time, in milliseconds, after which a snapshot of the metadata is written if anything is new; 0 is never.',
  'metadata.log.segment.ms': 'The age, in milliseconds, at which the metadata log begins a new file.',
  'metadata.max.retention.ms':
    'A snapshot of the metadata older than this (ms) goes when a newer one is written, and the log below the newer one with it.',
  'metadata.max.retention.bytes':
    'How many bytes of the metadata log and its snapshots are kept behind the newest snapshot.',
  'metadata.log.segment.bytes': 'The size, in bytes, at which the metadata log begins a new file.',
  'node.id': 'The number of this node in the cluster.',
  'num.partitions': 'The partitions of a topic that is made without saying how many.',
  'offset.metadata.max.bytes': 'The length of the note that may be committed with an offset.',
  'offsets.retention.check.interval.ms':
    'How often, in milliseconds, committed offsets are searched for old ones.',
  'offsets.retention.minutes':
    'Minutes after which the committed offsets of a group without members are forgotten.',
  'offsets.topic.num.partitions':
    'The partitions of __consumer_offsets; can not be changed once it is there.',
  'offsets.topic.segment.bytes':
    'The size, in bytes, of the segments of __consumer_offsets: small, so that loading a group is quick.',
  'process.roles': 'What this node is: broker and controller; set by the command line.',
  'producer.id.expiration.check.interval.ms': 'How often, in milliseconds, idle producers are looked for.',
  'producer.id.expiration.ms':
    'Milliseconds after which an idle producer is forgotten, and its retries are no longer recognized.',
  'queued.max.request.bytes':
    'How many bytes of large requests that were read but not served may be in memory; -1 is no limit.',
  'quota.window.num': 'How many windows of time a quota on bytes or on requests looks back on.',
  'quota.window.size.seconds':
    'The length, in seconds, of a window of time of a quota on bytes or on requests.',
  'socket.listen.backlog.size': 'How many connections may wait to be accepted.',
  'socket.request.max.bytes':
    'The largest request, in bytes; a connection that announces a larger one is closed.',
  'transaction.abort.timed.out.transaction.cleanup.interval.ms':
    'How often, in milliseconds, transactions are searched for those that have run out of time, which are aborted.',
  'transaction.max.timeout.ms': 'The longest time, in milliseconds, that a transaction may ask for.',
  'transaction.partition.verification.enable':
    'Whether a transactional batch of an older client is refused unless its partition was added to the transaction.',
  'transaction.remove.expired.transaction.cleanup.interval.ms':
    'How often, in milliseconds, transactional ids are searched for those that may be forgotten.',
  'transaction.state.log.num.partitions':
    'The partitions of __transaction_state; can not be changed once it is there.',
  'transaction.state.log.segment.bytes': 'The size, in bytes, of the segments of __transaction_state.',
  'transactional.id.expiration.ms':
    'Milliseconds after its last transaction at which a transactional id is forgotten.',
}

/** The topic key that each broker key stands for. */
const TOPIC_KEY_OF = new Map(
  Object.entries(BROKER_SYNONYMS).flatMap(([topicKey, keys]) => keys.map((key) => [key, topicKey] as const)),
)

/** Of client metrics, groups and the rest under their own names, or with `group.` before them for the broker's. */
const ofOwnName = (name: string): string | undefined =>
  textOf(BROKER, name) ?? textOf(BROKER, `group.${name}`)

/** Names come from clients too: `constructor` is no key of ours, though every object has one. */
function textOf(texts: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(texts, name) ? texts[name] : undefined
}

/** What the key means here, or why it means nothing. */
export function documentationOf(name: string): string {
  const reason = reasonFor(name)
  if (reason) return `Kept, without effect here, because ${reason.en}.`
  const topicKey = textOf(TOPICS, name) ? name : TOPIC_KEY_OF.get(name)
  const ofTopic = topicKey === undefined ? undefined : textOf(TOPICS, topicKey)
  if (ofTopic) return topicKey === name ? ofTopic : `The default of the topics' ${topicKey}. ${ofTopic}`
  return ofOwnName(name) ?? ''
}
