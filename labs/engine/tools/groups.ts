import { DeleteGroupsRequest, DeleteGroupsResponse } from 'offset-zero-broker/src/messages/delete-groups.ts'
import { ListGroupsRequest, ListGroupsResponse } from 'offset-zero-broker/src/messages/list-groups.ts'
import { OffsetFetchRequest, OffsetFetchResponse } from 'offset-zero-broker/src/messages/offset-fetch.ts'
import { ErrorCode, errorName } from 'offset-zero-broker/src/wire/errors.ts'
import { type GroupSeen, groupOf, setCommitted } from '../wire/groups.ts'
import { accepted } from '../wire/raw.ts'
import { groupTable, type PlannedOffset, type PrintedRow, resetTable } from './group-tables.ts'
import { EARLIEST, LATEST, offsetsAt } from './offsets.ts'
import { type Declared, type Options, oneOf, required, ToolError, whole } from './options.ts'
import type { Console } from './tool.ts'

/** kafka-consumer-groups: list, describe, reset offsets, delete. */

export const groupsOptions: Declared = {
  flags: [
    'list',
    'describe',
    'reset-offsets',
    'delete',
    'all-topics',
    'dry-run',
    'execute',
    'to-earliest',
    'to-latest',
    'to-current',
  ],
  values: ['group', 'to-offset', 'shift-by', 'to-datetime', 'by-duration'],
  lists: ['topic'],
}

const PLACES = [
  'to-earliest',
  'to-latest',
  'to-current',
  'to-offset',
  'shift-by',
  'to-datetime',
  'by-duration',
]

interface Committed {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

export async function runGroups(options: Options, console: Console): Promise<void> {
  const action = oneOf(options, ['list', 'describe', 'reset-offsets', 'delete'])
  if (action === 'list') await list(console)
  else if (action === 'describe') await describe(required(options, 'group'), console)
  else if (action === 'delete') await remove(required(options, 'group'), console)
  else await reset(options, required(options, 'group'), console)
}

async function list({ cluster, print }: Console): Promise<void> {
  // Each broker knows only the groups that it coordinates.
  for (const broker of await cluster.all()) {
    const { groups } = await broker.ask(ListGroupsRequest, ListGroupsResponse, 2, {})
    for (const { groupId } of groups) print(groupId)
  }
}

async function describe(group: string, console: Console): Promise<void> {
  const seen = await groupOf(console.cluster, group)
  const committed = await committedOf(group, console)
  if (seen.state === 'Dead' && committed.length === 0) {
    const why = `org.apache.kafka.common.errors.GroupIdNotFoundException: Group ${group} not found.`
    throw new ToolError(`Error: Executing consumer group command failed due to ${why}`)
  }
  const rows = await rowsOf(group, seen, committed, console)
  if (seen.members.length === 0) console.remark(`\nConsumer group '${group}' has no active members.`)
  if (rows.length === 0) return
  console.print('')
  for (const line of groupTable(rows)) console.print(line)
}

/** Every partition that is committed for, or that a member has. */
async function rowsOf(
  group: string,
  { members }: GroupSeen,
  committed: readonly Committed[],
  { cluster }: Console,
): Promise<PrintedRow[]> {
  const owners = members.flatMap((member) =>
    member.assigned.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition, member })),
    ),
  )
  const places = new Map<string, { topic: string; partition: number }>()
  for (const { topic, partition } of [...committed, ...owners])
    places.set(`${topic} ${partition}`, { topic, partition })
  const rows: PrintedRow[] = []
  for (const { topic, partition } of sorted([...places.values()])) {
    const is = (each: { topic: string; partition: number }) =>
      each.topic === topic && each.partition === partition
    const owner = owners.find(is)
    rows.push({
      group,
      topic,
      partition,
      committed: committed.find(is)?.offset,
      end: (await offsetsAt(cluster, topic, [partition], LATEST)).get(partition) ?? 0,
      ...(owner && { member: owner.member }),
    })
  }
  return rows
}

function sorted<T extends { topic: string; partition: number }>(places: readonly T[]): T[] {
  return [...places].sort((a, b) =>
    a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
  )
}

/** All that a group has committed. */
function committedOf(group: string, { cluster }: Console): Promise<Committed[]> {
  return cluster.patiently(async () => {
    const broker = await cluster.coordinatorOf(group, 'group')
    const { errorCode, topics } = await broker.ask(OffsetFetchRequest, OffsetFetchResponse, 5, {
      groupId: group,
      topics: null,
    })
    accepted(`the offsets of ${group}`, errorCode)
    return topics
      .flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex, committedOffset }) => ({
          topic: name,
          partition: partitionIndex,
          offset: Number(committedOffset),
        })),
      )
      .filter(({ offset }) => offset >= 0)
  })
}

async function remove(group: string, { cluster, print }: Console): Promise<void> {
  const broker = await cluster.coordinatorOf(group, 'group')
  const { results } = await broker.ask(DeleteGroupsRequest, DeleteGroupsResponse, 1, { groupsNames: [group] })
  const code = results[0]?.errorCode ?? 0
  if (code !== ErrorCode.NONE)
    throw new ToolError(
      `Error: Deletion of some consumer groups failed:\n* Group '${group}' could not be deleted due to: ${errorName(code)}`,
    )
  print(`Deletion of requested consumer groups ('${group}') was successful.`)
}

async function reset(options: Options, group: string, console: Console): Promise<void> {
  const place = oneOf(options, PLACES)
  if (options.has('dry-run') && options.has('execute'))
    throw new ToolError('Option [reset-offsets] only accepts one of --execute and --dry-run')
  const { state } = await groupOf(console.cluster, group)
  if (state !== 'Empty' && state !== 'Dead')
    throw new ToolError(
      `\nError: Assignments can only be reset if the group '${group}' is inactive, but the current state is ${state}.`,
    )
  const committed = await committedOf(group, console)
  const partitions = await partitionsOf(options, committed, console)
  const plan: PlannedOffset[] = []
  for (const [topic, own] of partitions) {
    const offsets = await placesOf(options, place, topic, own, committed, console)
    for (const partition of own) plan.push({ group, topic, partition, offset: offsets.get(partition) ?? 0 })
  }
  if (options.has('execute'))
    for (const topic of partitions.keys()) {
      const own = plan.filter((each) => each.topic === topic)
      const offsets = Object.fromEntries(own.map(({ partition, offset }) => [partition, offset]))
      await setCommitted(console.cluster, group, topic, offsets)
    }
  else if (!options.has('dry-run'))
    console.remark('WARN: No action will be performed as the --execute option is missing.')
  console.print('')
  for (const line of resetTable(sorted(plan))) console.print(line)
}

/** `--topic orders`, `--topic orders:0,2`, `--all-topics`: partitions by topic. Throws ToolError. */
async function partitionsOf(
  options: Options,
  committed: readonly Committed[],
  { cluster }: Console,
): Promise<Map<string, number[]>> {
  const named = options.list('topic')
  if (named.length > 0 === options.has('all-topics'))
    throw new ToolError('Option [reset-offsets] requires --all-topics or --topic')
  const found = new Map<string, number[]>()
  for (const { topic, partition } of sorted(options.has('all-topics') ? committed : []))
    found.set(topic, [...(found.get(topic) ?? []), partition])
  for (const word of named) {
    const [topic = '', list] = word.split(':')
    const all = await cluster.partitionsOf(topic)
    const own = list === undefined ? all : list.split(',').map((each) => whole('topic', each))
    const missing = own.find((partition) => !all.includes(partition))
    if (missing !== undefined) throw new ToolError(`Error: ${topic} has no partition ${missing}`)
    found.set(topic, own)
  }
  return found
}

/** The new offsets of a topic; what lies before the beginning or behind the end becomes that. */
async function placesOf(
  options: Options,
  place: string,
  topic: string,
  partitions: readonly number[],
  committed: readonly Committed[],
  { cluster }: Console,
): Promise<Map<number, number>> {
  const starts = await offsetsAt(cluster, topic, partitions, EARLIEST)
  const ends = await offsetsAt(cluster, topic, partitions, LATEST)
  if (place === 'to-earliest') return starts
  if (place === 'to-latest') return ends
  if (place === 'to-datetime' || place === 'by-duration') {
    const value = options.value(place) ?? ''
    const time = place === 'to-datetime' ? timeOf(value) : Date.now() - durationOf(value)
    const found = await offsetsAt(cluster, topic, partitions, time)
    return new Map(
      [...found].map(([partition, offset]) => [partition, offset < 0 ? (ends.get(partition) ?? 0) : offset]),
    )
  }
  const within = (partition: number, offset: number) =>
    Math.min(Math.max(offset, starts.get(partition) ?? 0), ends.get(partition) ?? 0)
  const current = (partition: number) =>
    committed.find((each) => each.topic === topic && each.partition === partition)?.offset ??
    ends.get(partition) ??
    0
  const by = place === 'to-current' ? 0 : whole(place, options.value(place) ?? '')
  return new Map(
    partitions.map((partition) => [
      partition,
      within(partition, place === 'to-offset' ? by : current(partition) + by),
    ]),
  )
}

/**
 * `2026-11-29T00:00:00.000`, UTC unless it names a zone (`Z`, `+03`, `+03:00`); in ms since 1970. As in Kafka (Utils.getDateTime),
 * milliseconds have to be there; here they are three digits, where Kafka reads `.5` as 5 ms. Throws ToolError.
 */
export function timeOf(text: string): number {
  const found = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})(?:Z|([+-]\d\d)(?::?(\d\d))?)?$/.exec(text)
  const [, local = '', hours, minutes = '00'] = found ?? ['']
  const time = Date.parse(`${local}${hours === undefined ? 'Z' : `${hours}:${minutes}`}`)
  if (Number.isNaN(time)) throw new ToolError(`Error: ${text} is no time such as 2026-11-29T00:00:00.000`)
  return time
}

/** `P1DT2H30M5S` in ms. Throws ToolError. */
export function durationOf(text: string): number {
  const found = /^P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text)
  if (found === null) throw new ToolError(`Error: ${text} is no duration such as PT1H30M`)
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = found
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
}
