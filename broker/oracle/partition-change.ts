/**
 * The oracle of partition changes: random partitions and targets, for our changePartition and for Kafka's
 * PartitionChangeBuilder. Both must return the same record.
 *
 * A case begins with a partition as it can occur: the ISR is part of the replicas, the ELR is apart from it, a leader is in
 * the ISR. The target is what some decision asks for: a new ISR, a reassignment, an unclean shutdown, another election.
 *
 * How close: Kafka's ELR is in the order of a hash set, ours ascends. The two are the same for the small ids of these cases.
 */
import fc from 'fast-check'
import type { PartitionImage } from '../src/controller/metadata/metadata-image.ts'
import {
  changePartition,
  type Election,
  NO_LEADER,
  type PartitionTarget,
} from '../src/controller/replicas/partition-change.ts'
import { beginReassignment } from '../src/controller/replicas/reassignment.ts'
import type { KafkaOracle } from './kafka-oracle.ts'

const TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAABA'
const DIRECTORY = 'BBBBBBBBBBBBBBBBBBBBBA'
const BROKERS = [1, 2, 3, 4, 5]

export interface PartitionChangeCase {
  readonly partition: PartitionImage
  readonly target: PartitionTarget
  readonly context: {
    readonly topicId: string
    readonly partitionId: number
    readonly acceptable: readonly number[]
    readonly election: Election
    readonly minIsr: number
    readonly isElrEnabled: boolean
    readonly directory: string
  }
}

const someOf = (from: readonly number[], minLength = 0) => fc.shuffledSubarray([...from], { minLength })

const partitions: fc.Arbitrary<PartitionImage> = fc
  .record({ replicas: someOf(BROKERS, 1), target: someOf(BROKERS, 1), isMoving: fc.boolean() })
  .chain(({ replicas, target, isMoving }) => {
    const moving = isMoving ? beginReassignment(replicas, target) : { replicas, adding: [], removing: [] }
    const sorted = fc.boolean()
    return fc
      .record({
        isr: someOf(moving.replicas),
        rest: someOf(moving.replicas),
        leaderAt: fc.nat({ max: 4 }),
        isLeaderless: fc.boolean(),
        lastKnownElr: fc.oneof(
          fc.constant([]),
          someOf(moving.replicas, 1).map((ids) => ids.slice(0, 1)),
          someOf(moving.replicas),
        ),
        leaderRecoveryState: fc.constantFrom(0, 0, 0, 1),
        sorted,
      })
      .map(({ isr, rest, leaderAt, isLeaderless, lastKnownElr, leaderRecoveryState }) => ({
        ...moving,
        isr,
        elr: rest.filter((id) => !isr.includes(id)).sort((a, b) => a - b),
        leader: isLeaderless || isr.length === 0 ? NO_LEADER : isr[leaderAt % isr.length]!,
        lastKnownElr,
        leaderRecoveryState,
        leaderEpoch: 5,
        partitionEpoch: 9,
        directories: moving.replicas.map(() => DIRECTORY),
      }))
  })

const targetsOf = (partition: PartitionImage): fc.Arbitrary<PartitionTarget> =>
  fc.oneof(
    fc.constant({}),
    someOf(partition.replicas).map((isr) => ({ isr })),
    fc
      .record({ isr: someOf(partition.replicas, 1), leaderRecoveryState: fc.constantFrom(0, 1) })
      .map((target) => target),
    someOf(BROKERS, 1).map((gone) => ({
      isr: partition.isr.filter((id) => id !== gone[0]),
      uncleanShutdowns: gone.slice(0, 1),
    })),
    someOf(BROKERS, 1).map((to) => {
      const { replicas, adding, removing } = beginReassignment(partition.replicas, to)
      return {
        replicas,
        ...(adding.length > 0 && { adding }),
        ...(removing.length > 0 && { removing }),
      }
    }),
    someOf(partition.replicas, 1).map((replicas) => ({
      replicas,
      isr: partition.isr.filter((id) => replicas.includes(id)),
      adding: [],
      removing: [],
    })),
  )

/** Cases as they can occur. */
export const partitionChangeCases: fc.Arbitrary<PartitionChangeCase> = partitions.chain((partition) =>
  fc.record({
    partition: fc.constant(partition),
    target: targetsOf(partition),
    context: fc.record({
      topicId: fc.constant(TOPIC_ID),
      partitionId: fc.constant(3),
      acceptable: someOf(BROKERS),
      election: fc.constantFrom<Election>('preferred', 'online', 'unclean'),
      minIsr: fc.integer({ min: 1, max: 3 }),
      isElrEnabled: fc.boolean(),
      directory: fc.constant(DIRECTORY),
    }),
  }),
)

/** The fields of our record, as Kafka's JSON has them; null if nothing changes. */
export function ourPartitionChange({ partition, target, context }: PartitionChangeCase): unknown {
  const { acceptable, directory, ...rest } = context
  const change = changePartition(partition, target, {
    ...rest,
    isAcceptableLeader: (replica) => acceptable.includes(replica),
    directoryOf: () => directory,
  })
  return change ? { ...change.value } : null
}

/** Kafka's answer. */
export function kafkaPartitionChange(oracle: KafkaOracle, asked: PartitionChangeCase): Promise<unknown> {
  return oracle.ask({ ask: 'partition-change', ...asked })
}
