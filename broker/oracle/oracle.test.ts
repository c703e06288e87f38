/**
 * Our state machines beside Apache Kafka's own classes, a bounded number of histories, where Java and Kafka's jars are found.
 */
import { expect, test } from 'vitest'
import { MissingError } from '../compare/kafka/kafka-jars.ts'
import { KafkaOracle } from './kafka-oracle.ts'
import { comparePartitionChanges } from './oracle.ts'
import { kafkaPartitionChange, ourPartitionChange, type PartitionChangeCase } from './partition-change.ts'
import { kafkaVoteGrant, ourVoteGrant, voteGrantCases } from './vote-grant.ts'

const HISTORIES = 2000

function oracleOrWhyNot(): KafkaOracle | string {
  try {
    return new KafkaOracle()
  } catch (error) {
    if (error instanceof MissingError) return error.message
    throw error
  }
}

test('changes of partitions are those of PartitionChangeBuilder', { timeout: 120_000 }, async () => {
  const oracle = oracleOrWhyNot()
  if (typeof oracle === 'string') {
    process.stderr.write(`oracle: skipped, ${oracle}\n`)
    return
  }
  try {
    await comparePartitionChanges(oracle, { count: HISTORIES })
    // The comparison can fail: a partition with another ISR gets another record.
    const asked: PartitionChangeCase = {
      partition: {
        replicas: [1, 2],
        isr: [1, 2],
        adding: [],
        removing: [],
        elr: [],
        lastKnownElr: [],
        leader: 1,
        leaderRecoveryState: 0,
        leaderEpoch: 5,
        partitionEpoch: 9,
        directories: ['BBBBBBBBBBBBBBBBBBBBBA', 'BBBBBBBBBBBBBBBBBBBBBA'],
      },
      target: { isr: [2] },
      context: {
        topicId: 'AAAAAAAAAAAAAAAAAAAABA',
        partitionId: 3,
        acceptable: [2],
        election: 'online',
        minIsr: 1,
        isElrEnabled: true,
        directory: 'BBBBBBBBBBBBBBBBBBBBBA',
      },
    }
    const kafka = await kafkaPartitionChange(oracle, asked)
    expect(ourPartitionChange(asked)).toEqual(kafka)
    const other = { ...asked, partition: { ...asked.partition, isr: [2, 1], leader: 2 } }
    expect(ourPartitionChange(other)).not.toEqual(kafka)
  } finally {
    await oracle.end()
  }
})

test('votes are granted as by the states of QuorumState', { timeout: 120_000 }, async () => {
  const oracle = oracleOrWhyNot()
  if (typeof oracle === 'string') {
    process.stderr.write(`oracle: skipped, ${oracle}\n`)
    return
  }
  try {
    const cases = voteGrantCases()
    const kafka = await Promise.all(cases.map((asked) => kafkaVoteGrant(oracle, asked)))
    const different = cases.flatMap((asked, i) =>
      ourVoteGrant(asked) === kafka[i] ? [] : [{ asked, kafka: kafka[i] }],
    )
    expect(different).toEqual([])
    // Both answers occur, so the comparison can fail.
    expect(new Set(kafka)).toEqual(new Set([true, false]))
  } finally {
    await oracle.end()
  }
})
