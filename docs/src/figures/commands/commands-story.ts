import {
  CreatePartitionsRequest,
  CreatePartitionsResponse,
} from '../../../../broker/src/messages/create-partitions'
import { CreateTopicsRequest, CreateTopicsResponse } from '../../../../broker/src/messages/create-topics'
import {
  DescribeConfigsRequest,
  DescribeConfigsResponse,
} from '../../../../broker/src/messages/describe-configs'
import { FetchRequest, FetchResponse } from '../../../../broker/src/messages/fetch'
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from '../../../../broker/src/messages/find-coordinator'
import { ListOffsetsRequest, ListOffsetsResponse } from '../../../../broker/src/messages/list-offsets'
import { OffsetCommitRequest, OffsetCommitResponse } from '../../../../broker/src/messages/offset-commit'
import { OffsetFetchRequest, OffsetFetchResponse } from '../../../../broker/src/messages/offset-fetch'
import { ProduceRequest, ProduceResponse } from '../../../../broker/src/messages/produce'
import { batchPositions } from '../../../../broker/src/record/batch'
import { buildBatch } from '../../../../broker/src/record/batch-builder'
import { readRecords } from '../../../../broker/src/record/record'
import type { SimClient } from '../../../../broker/src/sim/sim-client'
import { Simulation } from '../../../../broker/src/sim/simulation'
import { ErrorCode } from '../../../../broker/src/wire/errors'
import { groupTable, type PrintedRow, resetTable } from '../../../../labs/engine/tools/group-tables'
import type { Command, CommandView, PartitionView } from './commands'

/** The story of somebody at a terminal: each command sends what Kafka's tool sends, and prints what the broker answers. */

const TOPIC = 'orders'
const GROUP = 'billing'
/** What the group's console consumer takes at once: --max-messages. */
const MESSAGES_MAX = 2
const LATEST = -1
const EARLIEST = -2
const NOTHING_COMMITTED = -1
/** DescribeConfigs: a topic, and Kafka's own default. */
const TOPIC_TYPE = 2
const DEFAULT_SOURCE = 5
const SEED = 13
/** How long the controller may take, ms of virtual time. */
const TIMEOUT_MS = 5000
const TYPED = ['tea', 'milk', 'bread']

const utf8 = new TextEncoder()
const text = new TextDecoder()

interface Found {
  partition: number
  offset: number
  value: string
}

/** The views after each command, beginning with that before the first. */
export function tellCommands(commands: readonly Command[]): CommandView[] {
  const world = new TerminalWorld()
  const views: CommandView[] = [{ partitions: [], last: null, printed: [], changed: 'nothing' }]
  for (const command of commands) {
    const printed = world.perform(command)
    const partitions = world.seen()
    views.push({
      partitions,
      last: command,
      printed,
      changed: changeOf(views.at(-1)!.partitions, partitions),
    })
  }
  return views
}

/** Asked of the broker before and after, so that no command can claim to have changed something. */
function changeOf(before: readonly PartitionView[], after: readonly PartitionView[]): CommandView['changed'] {
  if (before.length !== after.length) return 'topic'
  const differs = (part: (view: PartitionView) => unknown) =>
    JSON.stringify(before.map(part)) !== JSON.stringify(after.map(part))
  if (differs(({ values }) => values)) return 'records'
  return differs(({ committed }) => committed) ? 'committed' : 'nothing'
}

class TerminalWorld {
  private readonly client: SimClient
  private topicId = ''
  private partitions = 0

  constructor() {
    const run = new Simulation({ seed: SEED })
    run.start()
    this.client = run.client()
    // The first question creates __consumer_offsets.
    for (let attempt = 0; attempt < 20; attempt++) {
      const body = { coordinatorKeys: [GROUP], keyType: 0 }
      const { coordinators } = this.client.call(FindCoordinatorRequest, FindCoordinatorResponse, 4, body)
      if (coordinators[0]?.errorCode === ErrorCode.NONE) break
      run.run(100)
    }
  }

  /** Gives what the tool prints. */
  perform(command: Command): string[] {
    switch (command) {
      case 'create':
        return this.create()
      case 'describe':
        return this.describe()
      case 'produce':
        return this.produce()
      case 'consumeAll':
        return consumed(this.fetchFrom(() => 0))
      case 'consumeGroup':
        return this.consumeInGroup()
      case 'describeGroup':
        return this.describeGroup()
      case 'offsets':
        return this.offsets(LATEST).map((offset, partition) => `${TOPIC}:${partition}:${offset}`)
      case 'resetDry':
      case 'reset':
        return this.reset(command === 'reset')
      case 'alter':
        return this.alter(2)
      case 'shrink':
        return this.alter(1)
    }
  }

  seen(): PartitionView[] {
    const committed = this.committed()
    const found = this.fetchFrom(() => 0)
    return Array.from({ length: this.partitions }, (_, partition) => ({
      values: found.filter((each) => each.partition === partition).map(({ value }) => value),
      committed: committed[partition]!,
    }))
  }

  private create(): string[] {
    const topic = { name: TOPIC, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }
    const { topics } = this.client.call(CreateTopicsRequest, CreateTopicsResponse, 7, { topics: [topic] })
    const { errorCode, errorMessage, topicId } = topics[0]!
    if (errorCode !== ErrorCode.NONE) return [`Error while executing topic command : ${errorMessage}`]
    this.topicId = topicId
    this.partitions = 1
    return [`Created topic ${TOPIC}.`]
  }

  private describe(): string[] {
    const first = `Topic: ${TOPIC}\tTopicId: ${this.topicId}\tPartitionCount: ${this.partitions}\tReplicationFactor: 1\tConfigs: ${this.configs()}`
    const rest = this.indexes().map(
      (index) =>
        `\tTopic: ${TOPIC}\tPartition: ${index}\tLeader: 1\tReplicas: 1\tIsr: 1\tElr: \tLastKnownElr: `,
    )
    return [first, ...rest]
  }

  private alter(count: number): string[] {
    const topics = [{ name: TOPIC, count, assignments: null }]
    const answer = this.client.call(CreatePartitionsRequest, CreatePartitionsResponse, 2, {
      topics,
      timeoutMs: TIMEOUT_MS,
    })
    const { errorCode, errorMessage } = answer.results[0]!
    if (errorCode !== ErrorCode.NONE) return [`Error while executing topic command : ${errorMessage}`]
    this.partitions = count
    return []
  }

  /** What the tool lists of a topic: everything that is not Kafka's own default. */
  private configs(): string[] {
    const resources = [{ resourceType: TOPIC_TYPE, resourceName: TOPIC, configurationKeys: null }]
    const { results } = this.client.call(DescribeConfigsRequest, DescribeConfigsResponse, 4, { resources })
    return results[0]!.configs
      .filter(({ configSource }) => configSource !== DEFAULT_SOURCE)
      .map(({ name, value }) => `${name}=${value}`)
  }

  /** Without keys the producer sticks to one partition for a batch: here to the newest one. */
  private produce(): string[] {
    const records = buildBatch(TYPED.map((value) => ({ key: null, value: utf8.encode(value), timestamp: 0 })))
    const topicData = [{ name: TOPIC, partitionData: [{ index: this.partitions - 1, records }] }]
    this.client.call(ProduceRequest, ProduceResponse, 9, { acks: -1, timeoutMs: 1000, topicData })
    return [...TYPED.map((value) => `>${value}`), '>^D']
  }

  /** Where the group has committed nothing, --from-beginning says where to begin. */
  private consumeInGroup(): string[] {
    const committed = this.committed()
    const found = this.fetchFrom((partition) => committed[partition] ?? 0).slice(0, MESSAGES_MAX)
    for (let partition = 0; partition < this.partitions; partition++) {
      const last = found.filter((each) => each.partition === partition).at(-1)
      this.commit(partition, last === undefined ? (committed[partition] ?? 0) : last.offset + 1)
    }
    return consumed(found, found.length < MESSAGES_MAX)
  }

  private describeGroup(): string[] {
    const committed = this.committed()
    const ends = this.offsets(LATEST)
    const rows = ends.flatMap((end, partition): PrintedRow[] =>
      committed[partition] === null
        ? []
        : [{ group: GROUP, topic: TOPIC, partition, committed: committed[partition]!, end }],
    )
    return rows.length === 0
      ? [
          `Error: Executing consumer group command failed due to org.apache.kafka.common.errors.GroupIdNotFoundException: Group ${GROUP} not found.`,
        ]
      : [`Consumer group '${GROUP}' has no active members.`, '', ...groupTable(rows)]
  }

  private reset(executes: boolean): string[] {
    const rows = this.offsets(EARLIEST).map((offset, partition) => ({
      group: GROUP,
      topic: TOPIC,
      partition,
      offset,
    }))
    if (executes) for (const { partition, offset } of rows) this.commit(partition, offset)
    return resetTable(rows)
  }

  private offsets(timestamp: number): number[] {
    const partitions = this.indexes().map((partitionIndex) => ({ partitionIndex, timestamp }))
    const body = { replicaId: -1, topics: [{ name: TOPIC, partitions }] }
    const { topics } = this.client.call(ListOffsetsRequest, ListOffsetsResponse, 7, body)
    return topics[0]!.partitions.map(({ offset }) => Number(offset))
  }

  private fetchFrom(positionOf: (partition: number) => number): Found[] {
    if (this.partitions === 0) return []
    const partitions = this.indexes().map((partition) => {
      return { partition, fetchOffset: positionOf(partition), partitionMaxBytes: 1_000_000 }
    })
    const body = { maxWaitMs: 0, minBytes: 0, topics: [{ topic: TOPIC, partitions }] }
    const { responses } = this.client.call(FetchRequest, FetchResponse, 12, body)
    return responses[0]!.partitions.flatMap(({ partitionIndex, records }) => {
      const bytes = records ?? new Uint8Array(0)
      return [...batchPositions(bytes)]
        .flatMap((at) => readRecords(bytes, at))
        .filter(({ offset }) => Number(offset) >= positionOf(partitionIndex))
        .map(({ offset, value }) => ({
          partition: partitionIndex,
          offset: Number(offset),
          value: text.decode(value ?? new Uint8Array(0)),
        }))
    })
  }

  private commit(partitionIndex: number, committedOffset: number): void {
    const partitions = [{ partitionIndex, committedOffset, committedMetadata: '' }]
    const body = {
      groupId: GROUP,
      generationIdOrMemberEpoch: -1,
      memberId: '',
      topics: [{ name: TOPIC, partitions }],
    }
    this.client.call(OffsetCommitRequest, OffsetCommitResponse, 8, body)
  }

  private committed(): (number | null)[] {
    if (this.partitions === 0) return []
    const topics = [{ name: TOPIC, partitionIndexes: this.indexes() }]
    const { groups } = this.client.call(OffsetFetchRequest, OffsetFetchResponse, 8, {
      groups: [{ groupId: GROUP, topics }],
    })
    return this.indexes().map((index) => {
      const partition = groups[0]?.topics[0]?.partitions.find(
        ({ partitionIndex }) => partitionIndex === index,
      )
      const offset = Number(partition?.committedOffset ?? NOTHING_COMMITTED)
      return offset === NOTHING_COMMITTED ? null : offset
    })
  }

  private indexes(): number[] {
    return Array.from({ length: this.partitions }, (_, index) => index)
  }
}

/** `waits`: for more than there is, until Ctrl-C. */
function consumed(found: readonly Found[], waits = true): string[] {
  const values = found.map(({ value }) => value)
  return [...values, ...(waits ? ['^C'] : []), `Processed a total of ${found.length} messages`]
}
