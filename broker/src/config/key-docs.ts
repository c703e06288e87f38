/**
 * What the keys mean, in a sentence each: DescribeConfigs tells it to whoever asks for documentation (KIP-569).
 *
 * Here stand the keys that mean something in this broker, by the name of the topic's key where there is one: a broker key
 * that stands for it is "the default of" it. All others are known, so that a real config file is understood, and are
 * said to have no effect.
 *
 * Y1  a key that has an effect has a sentence; a key without a sentence has no effect
 */
import { BROKER_SYNONYMS } from './topic-keys.ts'

const TOPICS: Readonly<Record<string, string>> = {
  'cleanup.policy':
    'What happens to old records: "delete" drops whole segments by age and size, "compact" keeps the newest record of each key; both may be combined.',
  'delete.retention.ms':
    'How long, in milliseconds, a compacted log keeps the record that deletes a key, so that slow readers still see it.',
  'file.delete.delay.ms':
    'Milliseconds between the deletion of a file in the log and its removal from the disk.',
  'flush.messages':
    'After how many records a log is flushed to disk; by default that is left to the operating system.',
  'index.interval.bytes':
    'Bytes of records between two entries of the offset index: a smaller number finds positions faster and takes more memory.',
  'internal.segment.bytes': 'As segment.bytes, without its lower bound: for tests.',
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
  'segment.ms': 'The age, in milliseconds, at which a log begins a new file though the old one is not full.',
}

const BROKER: Readonly<Record<string, string>> = {
  'auto.create.topics.enable': 'Whether a topic is made because a client asks for its metadata.',
  'broker.rack': 'The rack of this node, as clients are told.',
  'connections.max.idle.ms': 'Milliseconds without a request after which a connection is closed.',
  'default.replication.factor':
    'The replicas of a topic that is made without saying how many; more than one is refused here.',
  'delete.topic.enable': 'Whether topics can be deleted.',
  'fetch.max.bytes': 'The most bytes that one fetch request is answered with, whatever it asks for.',
  'group.consumer.heartbeat.interval.ms':
    'How often, in milliseconds, members of a group of the consumer protocol send a heartbeat.',
  'group.consumer.max.size': 'The most members of a group of the consumer protocol.',
  'group.consumer.session.timeout.ms':
    'Milliseconds without a heartbeat after which a member of the consumer protocol is given up.',
  'group.initial.rebalance.delay.ms':
    'Milliseconds that the first member of an empty classic group waits for more members.',
  'group.max.session.timeout.ms':
    'The longest session timeout, in milliseconds, that a member of a classic group may ask for.',
  'group.max.size': 'The most members of a classic group.',
  'group.min.session.timeout.ms':
    'The shortest session timeout, in milliseconds, that a member of a classic group may ask for.',
  'advertised.listeners': 'The address that clients are told; set by the command line.',
  listeners: 'Where the broker listens for clients; set by the command line.',
  'log.cleaner.backoff.ms': 'Milliseconds between two looks for logs that need compaction.',
  'log.dir': 'The folder of the logs, when log.dirs does not name one.',
  'log.dirs': 'The folder of the logs; set by the command line.',
  'log.flush.offset.checkpoint.interval.ms':
    'How often, in milliseconds, it is written down how far the logs are on disk: recovery after a crash begins there.',
  'log.retention.check.interval.ms':
    'How often, in milliseconds, the logs are searched for segments that may be deleted.',
  'max.connections': 'The most connections at a time.',
  'max.connections.per.ip': 'The most connections at a time from one address.',
  'max.incremental.fetch.session.cache.slots': 'How many fetch sessions the broker remembers.',
  'max.request.partition.size.limit': 'The most partitions in one answer to DescribeTopicPartitions.',
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
  'producer.id.expiration.ms':
    'Milliseconds after which an idle producer is forgotten, and its retries are no longer recognized.',
  'socket.listen.backlog.size': 'How many connections may wait to be accepted.',
  'socket.request.max.bytes':
    'The largest request, in bytes; a connection that announces a larger one is closed.',
  'transaction.abort.timed.out.transaction.cleanup.interval.ms':
    'How often, in milliseconds, transactions are searched for those that have run out of time, which are aborted.',
  'transaction.max.timeout.ms': 'The longest time, in milliseconds, that a transaction may ask for.',
  'transaction.state.log.num.partitions':
    'The partitions of __transaction_state; can not be changed once it is there.',
  'transaction.state.log.segment.bytes': 'The size, in bytes, of the segments of __transaction_state.',
}

/** Why keys of a kind have no effect. */
const FAMILIES: readonly (readonly [prefix: RegExp, why: string])[] = [
  [/^(sasl|ssl|delegation)\./, 'only PLAINTEXT is spoken here'],
  [/^remote\.|^local\.|^log\.local\./, 'nothing is kept in tiers here'],
  [/share\./, 'share groups are not served here'],
  [/streams\./, 'groups of the Streams protocol are not served here'],
  [/^controller\.quorum\.|^replica\.|replica|^unclean\./, 'there is one replica here, and one controller'],
  [/threads|purgatory/, 'one thread does all the work here'],
]

/** The topic key that each broker key stands for. */
const TOPIC_KEY_OF = new Map(
  Object.entries(BROKER_SYNONYMS).flatMap(([topicKey, keys]) => keys.map((key) => [key, topicKey] as const)),
)

/** What the key means; that it has no effect when nothing else is known of it. */
export function documentationOf(name: string): string {
  const topicKey = TOPICS[name] ? name : TOPIC_KEY_OF.get(name)
  const ofTopic = topicKey === undefined ? undefined : TOPICS[topicKey]
  if (ofTopic) return topicKey === name ? ofTopic : `The default of the topics' ${topicKey}. ${ofTopic}`
  const ofBroker = BROKER[name] ?? BROKER[`group.${name}`]
  if (ofBroker) return ofBroker
  const why = FAMILIES.find(([prefix]) => prefix.test(name))?.[1]
  return `Known, and without effect${why ? `: ${why}` : ' here'}.`
}
