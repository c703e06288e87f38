/** Lab 02: what the suite does not try, and why. */
import type { Waived } from '../engine/waived.ts'

const noPartitions = 'the page says: from 1 partition on'
const topicNames =
  'Kafka allows letters, digits, dot, underscore and hyphen, and 249 characters; `topics` tries the longest, the shortest and odd ones'
const ignored =
  'its presence is tried in `exact-key`, with other content each time; nothing depends on what is in it'
const ofKafkajs =
  'kafkajs adds it on the broker, as the broker said it; the page names only leader and the number of elements'

export const waived: Waived = {
  probes: {
    'partitionForKey.1: 0': noPartitions,
    'createPartitioner().0.topic: *': topicNames,
    'createPartitioner().0.partitionMetadata: 0 items': noPartitions,
    'createPartitioner().0.message.key: 1 MB':
      'the bytes go to partitionForKey, which `key-any` tries with 1 MB; a partitioner gets 100 kB in `exact-key`',
    'createPartitioner().0.message.headers.trace: *': ignored,
    'createPartitioner().0.message.headers.key: *': ignored,
    'createPartitioner().0.message.timestamp: *':
      'kafkajs takes milliseconds, in digits; `exact-key` tries long ago and recent ones',
    'movedKeys.1: 0': noPartitions,
    'movedKeys.2: 0': noPartitions,
    'movedKeys.2: 1': 'a topic grows, from 1 partition to 2 at least',
    'createPartitioner().0.partitionMetadata[].partitionErrorCode: *': ofKafkajs,
    'createPartitioner().0.partitionMetadata[].replicas: *': ofKafkajs,
    'createPartitioner().0.partitionMetadata[].replicas[]: *': ofKafkajs,
    'createPartitioner().0.partitionMetadata[].isr: *': ofKafkajs,
    'createPartitioner().0.partitionMetadata[].isr[]: *': ofKafkajs,
    'createPartitioner().0.partitionMetadata[].offlineReplicas: *': ofKafkajs,
  },
  constants: {
    'createPartitioner().0.partitionMetadata[].partitionErrorCode': ofKafkajs,
    'createPartitioner().0.partitionMetadata[].replicas': ofKafkajs,
    'createPartitioner().0.partitionMetadata[].replicas[]': ofKafkajs,
    'createPartitioner().0.partitionMetadata[].isr': ofKafkajs,
    'createPartitioner().0.partitionMetadata[].isr[]': ofKafkajs,
    'createPartitioner().0.partitionMetadata[].offlineReplicas': ofKafkajs,
  },
}
