/** What a client knows of the cluster: brokers, and the leader of each partition. `node cluster.mjs [broker]`. */
import { Kafka, logLevel } from 'kafkajs'

const kafka = new Kafka({ brokers: [process.argv[2] ?? '127.0.0.1:9092'], logLevel: logLevel.NOTHING })
const admin = kafka.admin()
await admin.connect()
await admin.createTopics({ topics: [{ topic: 'tours', numPartitions: 3 }] })

// #region cluster
const { brokers } = await admin.describeCluster()
for (const { nodeId, host, port } of brokers) console.log(`broker ${nodeId}: ${host}:${port}`)

const { topics } = await admin.fetchTopicMetadata({ topics: ['tours'] })
for (const { partitionId, leader, replicas } of topics[0].partitions)
  console.log(`tours-${partitionId}: leader ${leader}, replicas ${replicas}`)
// #endregion cluster

await admin.disconnect()
