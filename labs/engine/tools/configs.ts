import {
  DescribeConfigsRequest,
  DescribeConfigsResponse,
} from 'offset-zero-broker/src/messages/describe-configs.ts'
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from 'offset-zero-broker/src/messages/incremental-alter-configs.ts'
import { ErrorCode, errorName } from 'offset-zero-broker/src/wire/errors.ts'
import { type Declared, type Options, oneOf, pairsOf, required, ToolError } from './options.ts'
import type { Console } from './tool.ts'

/** kafka-configs: settings of topics and of brokers. */

export const configsOptions: Declared = {
  flags: ['alter', 'describe', 'all', 'entity-default'],
  values: ['entity-type', 'entity-name', 'add-config', 'delete-config'],
  lists: [],
}

/** The sources, as the tool names them. */
const SOURCES: Readonly<Record<number, string>> = {
  1: 'DYNAMIC_TOPIC_CONFIG',
  2: 'DYNAMIC_BROKER_CONFIG',
  3: 'DYNAMIC_DEFAULT_BROKER_CONFIG',
  4: 'STATIC_BROKER_CONFIG',
  5: 'DEFAULT_CONFIG',
}
const TYPES: Readonly<Record<string, number>> = { topics: 2, brokers: 4 }
const DEFAULT_SOURCE = 5
const SET = 0
const DELETE = 1

interface Resource {
  readonly resourceType: number
  readonly resourceName: string
}

interface ConfigSeen {
  readonly name: string
  readonly value: string | null
  readonly source: number
  readonly isDefault: boolean
  readonly line: string
}

export async function runConfigs(options: Options, console: Console): Promise<void> {
  const action = oneOf(options, ['alter', 'describe'])
  const type = required(options, 'entity-type')
  const resourceType = TYPES[type]
  if (resourceType === undefined) throw new ToolError(`Invalid entity type ${type}: topics or brokers`)
  const isDefault = options.has('entity-default')
  if (isDefault === options.has('entity-name') || (isDefault && type === 'topics'))
    throw new ToolError('--entity-name, or --entity-default with brokers')
  const resource = { resourceType, resourceName: isDefault ? '' : required(options, 'entity-name') }
  if (action === 'alter') await alter(options, resource, console)
  else await describe(options, resource, console)
}

/** All configs of a resource, sorted by name. Throws ToolError. */
export async function describedConfigs({ cluster }: Console, resource: Resource): Promise<ConfigSeen[]> {
  const { results } = await cluster.any().ask(DescribeConfigsRequest, DescribeConfigsResponse, 1, {
    resources: [{ ...resource, configurationKeys: null }],
    includeSynonyms: true,
  })
  accepted(results[0]?.errorCode ?? 0, results[0]?.errorMessage)
  return (results[0]?.configs ?? [])
    .map(({ name, value, configSource, isSensitive, synonyms }) => {
      const found = synonyms.map((each) => `${SOURCES[each.source]}:${each.name}=${each.value}`).join(', ')
      return {
        name,
        value,
        source: configSource,
        isDefault: configSource === DEFAULT_SOURCE,
        line: `  ${name}=${value} sensitive=${isSensitive} synonyms={${found}}`,
      }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function describe(options: Options, resource: Resource, console: Console): Promise<void> {
  const all = await describedConfigs(console, resource)
  const own = resource.resourceType === 2 ? [1] : [2, 3]
  const shown = options.has('all') ? all : all.filter(({ source }) => own.includes(source))
  const which = options.has('all') ? 'All' : 'Dynamic'
  console.print(
    resource.resourceName === ''
      ? 'Default configs for brokers in the cluster are:'
      : `${which} configs for ${entityOf(resource)} are:`,
  )
  for (const { line } of shown) console.print(line)
}

async function alter(options: Options, resource: Resource, { cluster, print }: Console): Promise<void> {
  const added = pairsOf(options.value('add-config') ?? '')
  const deleted = (options.value('delete-config') ?? '').split(',').filter((name) => name !== '')
  if (added.length + deleted.length === 0)
    throw new ToolError('At least one of --add-config and --delete-config must be specified with --alter')
  const configs = [
    ...added.map(([name, value]) => ({ name, configOperation: SET, value })),
    ...deleted.map((name) => ({ name: name.trim(), configOperation: DELETE, value: null })),
  ]
  const { responses } = await cluster
    .any()
    .ask(IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse, 0, {
      resources: [{ ...resource, configs }],
    })
  accepted(responses[0]?.errorCode ?? 0, responses[0]?.errorMessage)
  print(
    resource.resourceName === ''
      ? 'Completed updating default config for brokers in the cluster.'
      : `Completed updating config for ${entityOf(resource)}.`,
  )
}

function entityOf({ resourceType, resourceName }: Resource): string {
  return `${resourceType === 2 ? 'topic' : 'broker'} ${resourceName}`
}

function accepted(code: number, message: string | null | undefined): void {
  if (code !== ErrorCode.NONE) throw new ToolError(message || errorName(code))
}
