/**
 * Makes fields equal that always differ between two clusters; declared once, by the field's name.
 *
 *   ids      the n-th new id becomes `memberId#n`: whether two ids are equal is still compared
 *   order    arrays without a defined order are sorted by a field of their elements, or by the order of known ids
 *   records  are decoded batch by batch, in a readable form (shown-batches.ts)
 *   times    within an hour of now become `now`, because brokers set them; a scenario's own timestamps are older, and compared
 */
import { shownBatches } from './shown-batches.ts'

/** Field → the kind of id. Empty, zero and -1 are kept: a missing id is compared. */
const IDS: Readonly<Record<string, string>> = {
  topicId: 'topicId',
  clusterId: 'clusterId',
  memberId: 'memberId',
  leader: 'memberId',
  producerId: 'producerId',
  host: 'host',
  port: 'port',
  nodeId: 'node',
  brokerId: 'node',
  leaderId: 'node',
  controllerId: 'node',
  replicaNodes: 'node',
  isrNodes: 'node',
  sessionId: 'session',
  finalizedFeaturesEpoch: 'metadataEpoch',
}
const NONE = new Set<unknown>(['', 'AAAAAAAAAAAAAAAAAAAAAA', -1, 0, null])

/** Field that holds an array → the field of its elements to sort by. */
const ORDER: Readonly<Record<string, string>> = {
  apiKeys: 'apiKey',
  configs: 'name',
  groups: 'groupId',
  supportedFeatures: 'name',
  finalizedFeatures: 'name',
  topics: 'name',
  responses: 'topic',
  partitions: 'partitionIndex',
  resultsByTransaction: 'transactionalId',
  topicResults: 'name',
  resultsByTopicV3AndBelow: 'name',
  resultsByPartition: 'partitionIndex',
  partitionResponses: 'index',
}

/** Field that holds an array → the id of its elements to sort by, as far as the ids are known from earlier responses. */
const ORDER_BY_ID: Readonly<Record<string, string>> = {
  members: 'memberId',
  topics: 'topicId',
  topicPartitions: 'topicId',
  activeProducers: 'producerId',
}

/** Lists of names and numbers without a defined order. */
const SETS = new Set(['subscribedTopicNames', 'partitions', 'unknownStateFilters'])

/** Lists whose elements are compared by their names: an additional element is one difference. */
const KEYED = new Set(['apiKeys', 'configs', 'supportedFeatures', 'finalizedFeatures'])

/** Fields of times in ms. */
const TIMES = new Set([
  'timestamp',
  'baseTimestamp',
  'maxTimestamp',
  'lastTimestamp',
  'logAppendTimeMs',
  'transactionStartTimeMs',
])
const AN_HOUR_MS = 3_600_000
/** Messages that contain times: two brokers' clocks differ a little. */
const TELLS_TIMES = new Set(['errorMessage', 'batchIndexErrorMessage'])

/** Fields that identify a broker. With a cluster of several brokers, all are treated as one. */
const PLACES = new Set(['node', 'host', 'port'])
const TELLS_PLACES = /\b(controller|broker) \d+/g

/** What is known from earlier responses. */
interface Known {
  readonly ids: Map<string, string>
  readonly isOnePlace: boolean
}

/**
 * Makes the responses of one run comparable; ids are numbered across all of them. `isOnePlace`: one side has several
 * brokers, and which of them it was is ignored.
 */
export function normalise(answers: readonly unknown[], isOnePlace = false): unknown[] {
  const known: Known = { ids: new Map(), isOnePlace }
  return answers.map((answer) => visit(answer, '', known))
}

function visit(value: unknown, field: string, known: Known): unknown {
  // An int64 beyond 2^53 (wire/int64.ts), which JSON can't represent.
  if (typeof value === 'bigint') return `${value}`
  if (value instanceof Uint8Array)
    return field === 'records' ? visit(shownBatches(value), '', known) : Buffer.from(value).toString('hex')
  if (Array.isArray(value) && SETS.has(field) && value.every((each) => typeof each !== 'object'))
    return [...value].sort()
  if (Array.isArray(value) && KEYED.has(field) && value.length > 0)
    return Object.fromEntries(value.map((each) => [each[ORDER[field]!], visit(each, '', known)]))
  if (Array.isArray(value))
    return inOrderOfIds(sorted(value, ORDER[field]), ORDER_BY_ID[field], known).map((each) =>
      visit(each, field, known),
    )
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, visit(inner, name, known)]))
  if (TIMES.has(field) && typeof value === 'number' && Math.abs(Date.now() - value) < AN_HOUR_MS) return 'now'
  if (TELLS_TIMES.has(field) && typeof value === 'string') return withoutTimes(value, known)
  // No broker generates such a number: it is the scenario's.
  if (typeof value === 'bigint') return String(value)
  const kind = IDS[field]
  return kind === undefined || NONE.has(value) ? value : numbered(kind, value, known)
}

function withoutTimes(message: string, { isOnePlace }: Known): string {
  const timeless = message.replaceAll(/-?\d{13,}/g, 'a time')
  return isOnePlace ? timeless.replaceAll(TELLS_PLACES, '$1 N') : timeless
}

function numbered(kind: string, value: unknown, known: Known): string {
  if (known.isOnePlace && PLACES.has(kind)) return kind
  const key = `${kind} ${value}`
  const met = known.ids.get(key)
  if (met !== undefined) return met
  const count = [...known.ids.keys()].filter((each) => each.startsWith(`${kind} `)).length
  known.ids.set(key, `${kind}#${count + 1}`)
  return known.ids.get(key)!
}

function sorted(values: readonly unknown[], by: string | undefined): readonly unknown[] {
  if (by === undefined) return values
  const key = (value: unknown) => (value as Record<string, string | number> | null)?.[by] ?? topicOf(value)
  return [...values].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}

/** Some responses call a topic's name `topic`. */
function topicOf(value: unknown): string {
  return (value as { topic?: string } | null)?.topic ?? ''
}

/** Elements with known ids come in the order of these ids; the sort is stable. */
function inOrderOfIds(values: readonly unknown[], by: string | undefined, known: Known): readonly unknown[] {
  if (by === undefined) return values
  const met = [...known.ids.keys()]
  const place = (value: unknown) => {
    const at = met.indexOf(`${by} ${(value as Record<string, unknown> | null)?.[by]}`)
    return at < 0 ? met.length : at
  }
  return [...values].sort((a, b) => place(a) - place(b))
}
