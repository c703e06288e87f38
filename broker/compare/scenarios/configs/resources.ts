/**
 * What the scenarios of configs share: resources, changes, and waiting until a change is seen.
 */
import { type RequestOf, versionsOf } from '../../apis.ts'
import type { Recorder } from '../../scenario.ts'
import { brokerId, until } from '../until.ts'

/** ConfigResource.Type */
export const Type = { TOPIC: 2, BROKER: 4, LOGGER: 8, METRICS: 16, GROUP: 32 } as const
/** AlterConfigOp.OpType */
export const Op = { SET: 0, DELETE: 1, APPEND: 2, SUBTRACT: 3 } as const

export interface Resource {
  readonly resourceType: number
  readonly resourceName: string
}
export type Change = readonly [name: string, operation: number, value: string | null]

type Described = Awaited<ReturnType<typeof lookAt>>

export const VERSIONS = versionsOf('DescribeConfigs')

/** The broker that answers, as a resource. */
export async function thisBroker(recorder: Recorder): Promise<Resource> {
  return { resourceType: Type.BROKER, resourceName: String(await brokerId(recorder)) }
}

export const ALL_BROKERS: Resource = { resourceType: Type.BROKER, resourceName: '' }

/** Asks for these keys, or for all, in the newest version and with synonyms; the answer is written down. */
export function describe({ call }: Recorder, resource: Resource, keys: string[] | null = null) {
  return call('DescribeConfigs', 4, {
    resources: [{ ...resource, configurationKeys: keys }],
    includeSynonyms: true,
  })
}

/** The same, without writing it down; gives the resource's settings. */
export async function lookAt({ quietly }: Recorder, resource: Resource, keys: string[] | null = null) {
  const resources = [{ ...resource, configurationKeys: keys }]
  const { results } = await quietly('DescribeConfigs', 4, { resources, includeSynonyms: true })
  return results[0]!.configs
}

export function requestOf(resource: Resource, changes: readonly Change[], validateOnly = false) {
  const configs = changes.map(([name, configOperation, value]) => ({ name, configOperation, value }))
  return {
    resources: [{ ...resource, configs }],
    validateOnly,
  } satisfies RequestOf<'IncrementalAlterConfigs'>
}

/** IncrementalAlterConfigs, written down. */
export function alter({ call }: Recorder, resource: Resource, ...changes: Change[]) {
  return call('IncrementalAlterConfigs', 1, requestOf(resource, changes))
}

/** The same, only asked whether it may be. */
export function mayAlter({ call }: Recorder, resource: Resource, ...changes: Change[]) {
  return call('IncrementalAlterConfigs', 1, requestOf(resource, changes, true))
}

/** Makes the changes, and waits until the broker knows of the last; what is set must be another value than before. */
export async function altered(recorder: Recorder, resource: Resource, ...changes: Change[]): Promise<void> {
  const [name, operation] = changes.at(-1)!
  const source = sourceOf(resource)
  const ownOf = (entry: Described[number] | undefined) =>
    entry?.synonyms.find((each) => each.source === source)
  const before = ownOf((await lookAt(recorder, resource, [name]))[0])?.value
  await alter(recorder, resource, ...changes)
  await untilSeen(recorder, resource, name, (entry) => {
    const own = ownOf(entry)
    return operation === Op.DELETE ? own === undefined : own !== undefined && own.value !== before
  })
}

/** DescribeConfigsResponse.ConfigSource of what is set on the resource itself. */
function sourceOf({ resourceType, resourceName }: Resource): number {
  if (resourceType === Type.BROKER) return resourceName === '' ? 3 : 2
  return { [Type.TOPIC]: 1, [Type.METRICS]: 7, [Type.GROUP]: 8 }[resourceType] ?? 0
}

/** Waits until DescribeConfigs returns a value that `isSo` accepts; a broker applies a change some time later. */
export function untilSeen(
  recorder: Recorder,
  resource: Resource,
  name: string,
  isSo: (entry: Described[number] | undefined) => boolean,
): Promise<void> {
  return until(`${name} of ${resource.resourceType}:${resource.resourceName}`, async () =>
    isSo((await lookAt(recorder, resource, [name]))[0]),
  )
}
