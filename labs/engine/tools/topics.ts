import {
  CreatePartitionsRequest,
  CreatePartitionsResponse,
} from 'offset-zero-broker/src/messages/create-partitions.ts'
import { CreateTopicsRequest, CreateTopicsResponse } from 'offset-zero-broker/src/messages/create-topics.ts'
import { DeleteTopicsRequest, DeleteTopicsResponse } from 'offset-zero-broker/src/messages/delete-topics.ts'
import { MetadataRequest, MetadataResponse } from 'offset-zero-broker/src/messages/metadata.ts'
import { ErrorCode, errorName } from 'offset-zero-broker/src/wire/errors.ts'
import { describedConfigs } from './configs.ts'
import { type Declared, type Options, oneOf, required, ToolError, whole } from './options.ts'
import type { Console } from './tool.ts'

/** kafka-topics: create, list, describe, alter, delete. */

export const topicsOptions: Declared = {
  flags: [
    'create',
    'list',
    'describe',
    'alter',
    'delete',
    'if-not-exists',
    'if-exists',
    'exclude-internal',
    'under-replicated-partitions',
    'unavailable-partitions',
  ],
  values: ['topic', 'partitions', 'replication-factor'],
  lists: ['config'],
}

const TIMEOUT_MS = 30_000
const DEFAULT = -1

export async function runTopics(options: Options, console: Console): Promise<void> {
  const action = oneOf(options, ['create', 'list', 'describe', 'alter', 'delete'])
  try {
    if (action === 'list') await list(options, console)
    else if (action === 'describe') await describe(options, console)
    else if (action === 'create') await create(options, console)
    else if (action === 'alter') await alter(options, console)
    else await remove(options, console)
  } catch (error) {
    if (!(error instanceof ToolError)) throw error
    throw new ToolError(`Error while executing topic command : ${error.message}`)
  }
}

type Topic = Awaited<ReturnType<typeof topicsOf>>[number]

async function topicsOf({ cluster }: Console, names: readonly string[] | null) {
  const { topics } = await cluster.any().ask(MetadataRequest, MetadataResponse, 10, {
    topics: names?.map((name) => ({ name })) ?? null,
    allowAutoTopicCreation: false,
  })
  return topics
    .filter(({ errorCode }) => errorCode === ErrorCode.NONE)
    .sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1))
}

async function list(options: Options, console: Console): Promise<void> {
  for (const { name, isInternal } of await topicsOf(console, null))
    if (!(isInternal && options.has('exclude-internal'))) console.print(name ?? '')
}

async function describe(options: Options, console: Console): Promise<void> {
  const name = options.value('topic')
  const topics = await topicsOf(console, name === undefined ? null : [name])
  if (name !== undefined && topics.length === 0 && !options.has('if-exists'))
    throw new ToolError(`Topic '${name}' does not exist as expected`)
  const isPartial = options.has('under-replicated-partitions') || options.has('unavailable-partitions')
  for (const topic of topics) {
    if (!isPartial) console.print(await headOf(topic, console))
    for (const line of partitionsOf(topic, options)) console.print(line)
  }
}

async function headOf({ name, topicId, partitions }: Topic, console: Console): Promise<string> {
  const configs = (await describedConfigs(console, { resourceType: 2, resourceName: name ?? '' }))
    .filter(({ isDefault }) => !isDefault)
    .map((each) => `${each.name}=${each.value}`)
  const factor = partitions[0]?.replicaNodes.length ?? 0
  return `Topic: ${name}\tTopicId: ${topicId}\tPartitionCount: ${partitions.length}\tReplicationFactor: ${factor}\tConfigs: ${configs}`
}

function partitionsOf({ name, partitions }: Topic, options: Options): string[] {
  return [...partitions]
    .sort((a, b) => a.partitionIndex - b.partitionIndex)
    .filter(({ leaderId, replicaNodes, isrNodes }) => {
      if (options.has('unavailable-partitions')) return leaderId < 0
      return !options.has('under-replicated-partitions') || isrNodes.length < replicaNodes.length
    })
    .map(({ partitionIndex, leaderId, replicaNodes, isrNodes }) => {
      const leader = leaderId < 0 ? 'none' : leaderId
      return `\tTopic: ${name}\tPartition: ${partitionIndex}\tLeader: ${leader}\tReplicas: ${replicaNodes}\tIsr: ${isrNodes}\tElr: \tLastKnownElr: `
    })
}

async function create(options: Options, { cluster, print }: Console): Promise<void> {
  const name = required(options, 'topic')
  const partitions = options.value('partitions')
  const factor = options.value('replication-factor')
  const { topics } = await cluster.any().ask(CreateTopicsRequest, CreateTopicsResponse, 5, {
    topics: [
      {
        name,
        numPartitions: partitions === undefined ? DEFAULT : whole('partitions', partitions),
        replicationFactor: factor === undefined ? DEFAULT : whole('replication-factor', factor),
        assignments: [],
        configs: options.list('config').map(configOf),
      },
    ],
    timeoutMs: TIMEOUT_MS,
  })
  const { errorCode = 0, errorMessage } = topics[0] ?? {}
  if (errorCode === ErrorCode.TOPIC_ALREADY_EXISTS && options.has('if-not-exists')) return
  accepted(errorCode, errorMessage)
  print(`Created topic ${name}.`)
}

/** `cleanup.policy=compact,delete`: unlike kafka-configs, this tool takes lists as they are, and one config for each --config. */
function configOf(text: string): { name: string; value: string } {
  const [name = '', value = '', ...more] = text.split('=').map((each) => each.trim())
  if (value === '' || more.length > 0)
    throw new ToolError(`Invalid topic config: all configs to be added must be in the format "key=val".`)
  return { name, value }
}

async function alter(options: Options, { cluster }: Console): Promise<void> {
  const name = required(options, 'topic')
  const count = whole('partitions', required(options, 'partitions'))
  const { results } = await cluster.any().ask(CreatePartitionsRequest, CreatePartitionsResponse, 1, {
    topics: [{ name, count, assignments: null }],
    timeoutMs: TIMEOUT_MS,
  })
  const { errorCode = 0, errorMessage } = results[0] ?? {}
  if (errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
    if (options.has('if-exists')) return
    throw new ToolError(`Topic '${name}' does not exist as expected`)
  }
  accepted(errorCode, errorMessage)
}

async function remove(options: Options, { cluster }: Console): Promise<void> {
  const name = required(options, 'topic')
  const { responses } = await cluster.any().ask(DeleteTopicsRequest, DeleteTopicsResponse, 4, {
    topicNames: [name],
    timeoutMs: TIMEOUT_MS,
  })
  const { errorCode = 0 } = responses[0] ?? {}
  if (errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
    if (options.has('if-exists')) return
    throw new ToolError(`Topic '${name}' does not exist as expected`)
  }
  accepted(errorCode, null)
}

function accepted(code: number, message: string | null | undefined): void {
  if (code !== ErrorCode.NONE) throw new ToolError(message ?? errorName(code))
}
