/**
 * The response to a request that failed as a whole: one error, in every error field of the response. Usually the
 * cause is a bug of ours, and the error is UNKNOWN_SERVER_ERROR.
 *
 * A client that is disconnected retries forever; a client that gets an error can report it. Kafka has one method per API
 * for this (AbstractRequest.getErrorResponse), and nearly all do the same, so it is implemented once here: all error
 * codes of the response are equal, and everything that the request names is listed with the error.
 *
 *   request   topics[name, partitions[index, …]]
 *   response  topics[name, partitions[index, errorCode -1]]
 *
 * ERROR-RESPONSE-1  the response is built from the declarations: for a new API it is right if its lists have the names
 *     in LISTS
 * ERROR-RESPONSE-2  the error has no message: the cause goes to our log only
 * ERROR-RESPONSE-3  a producer with acks=0 is disconnected: it has no other way to learn of an error
 */
import type { ProduceRequest } from '../messages/produce.ts'
import { defaultOf } from '../wire/codec.ts'
import { ErrorCode } from '../wire/errors.ts'
import type { AnyField, Fields } from '../wire/field.ts'
import type { Api, Silence } from './api.ts'

type Struct = Readonly<Record<string, unknown>>
/** The response's version, and the error. */
type Terms = { readonly version: number; readonly errorCode: ErrorCode }

/** By list of a response: the corresponding list of the request; '' means none. Other lists have the same name in both. */
const LISTS: Readonly<Record<string, string>> = {
  'ProduceResponse.responses': 'topicData',
  'ProduceResponse.responses.partitionResponses': 'partitionData',
  'FetchResponse.responses': 'topics',
  'OffsetFetchResponse.topics.partitions': 'partitionIndexes',
  'OffsetFetchResponse.groups.topics': '',
  'FindCoordinatorResponse.coordinators': 'coordinatorKeys',
  'LeaveGroupResponse.members': '',
  'CreateTopicsResponse.topics.configs': '',
  'AddPartitionsToTxnResponse.resultsByTransaction': '',
  'AddPartitionsToTxnResponse.resultsByTopicV3AndBelow': 'v3AndBelowTopics',
  'AddPartitionsToTxnResponse.resultsByTopicV3AndBelow.resultsByPartition': 'partitions',
  'WriteTxnMarkersResponse.markers.topics.partitions': 'partitionIndexes',
  'DescribeConfigsResponse.results': 'resources',
  'AlterConfigsResponse.responses': 'resources',
  'IncrementalAlterConfigsResponse.responses': 'resources',
  'CreateAclsResponse.results': 'creations',
  'DeleteAclsResponse.filterResults': 'filters',
  'CreatePartitionsResponse.results': 'topics',
  'DeleteGroupsResponse.results': 'groupsNames',
  'ElectLeadersResponse.replicaElectionResults': 'topicPartitions',
  'ElectLeadersResponse.replicaElectionResults.partitionResult': 'partitions',
  'AlterPartitionReassignmentsResponse.responses': 'topics',
  'OffsetDeleteResponse.topics': '',
  'DescribeUserScramCredentialsResponse.results': 'users',
  'DescribeQuorumResponse.topics': '',
  'UpdateFeaturesResponse.results': '',
  'DescribeProducersResponse.topics.partitions': 'partitionIndexes',
  'DescribeTransactionsResponse.transactionStates': 'transactionalIds',
  'ConsumerGroupDescribeResponse.groups': 'groupIds',
}
/** Lists that are empty since a version, because the error is in a field above them. */
const EMPTY_SINCE: Readonly<Record<string, number>> = {
  'FetchResponse.responses': 13,
  'OffsetFetchResponse.topics': 2,
}

/** Fields that identify an item of the request; all other fields get their defaults. */
const KEYS: ReadonlySet<string> = new Set([
  ...['name', 'topic', 'topicName', 'topicId', 'partition', 'partitionIndex', 'partitionId', 'index'],
  ...['groupId', 'transactionalId', 'key', 'resourceType', 'resourceName', 'entityType', 'entityName'],
  ...['sessionId', 'WriteTxnMarkersResponse.markers.producerId'],
  'AlterUserScramCredentialsResponse.results.user',
])
const OTHER_NAMES: Readonly<Record<string, string>> = {
  partitionIndex: 'partition',
  topicName: 'name',
  user: 'name',
}

/** Error codes that stay 0, and values that are neither from the request nor the default. */
const NO_ERROR: ReadonlySet<string> = new Set(['CreateTopicsResponse.topics.topicConfigErrorCode'])
const UNEXPECTED = 'The server experienced an unexpected error when processing the request.'
const VALUES: Readonly<Record<string, unknown>> = {
  'ProduceResponse.responses.partitionResponses.baseOffset': -1,
  'FetchResponse.responses.partitions.highWatermark': -1,
  'OffsetFetchResponse.topics.partitions.committedOffset': -1,
  'OffsetFetchResponse.topics.partitions.metadata': '',
  'FindCoordinatorResponse.nodeId': -1,
  'FindCoordinatorResponse.port': -1,
  'FindCoordinatorResponse.errorMessage': UNEXPECTED,
  'FindCoordinatorResponse.coordinators.nodeId': -1,
  'FindCoordinatorResponse.coordinators.port': -1,
  'FindCoordinatorResponse.coordinators.errorMessage': UNEXPECTED,
  'DeleteRecordsResponse.topics.partitions.lowWatermark': -1,
  'InitProducerIdResponse.producerEpoch': -1,
  'DescribeConfigsResponse.results.errorMessage': UNEXPECTED,
  ...valuesOfNoToken(),
  'DescribeClientQuotasResponse.entries': null,
  'AlterClientQuotasResponse.entries.errorMessage': UNEXPECTED,
  'DescribeQuorumResponse.errorMessage': UNEXPECTED,
  'AddRaftVoterResponse.errorMessage': UNEXPECTED,
  'RemoveRaftVoterResponse.errorMessage': UNEXPECTED,
}

/** The fields of a delegation token, empty, without timestamps. */
function valuesOfNoToken(): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const who of ['principal', 'tokenRequesterPrincipal']) {
    values[`CreateDelegationTokenResponse.${who}Type`] = 'User'
    values[`CreateDelegationTokenResponse.${who}Name`] = 'ANONYMOUS'
  }
  for (const time of ['issue', 'expiry', 'max'])
    values[`CreateDelegationTokenResponse.${time}TimestampMs`] = -1
  return values
}

/** The response to `request` with `errorCode`, or 'close the connection' if the client wants no response. */
export function errorResponse(
  api: Api,
  request: unknown,
  version: number,
  errorCode: ErrorCode = ErrorCode.UNKNOWN_SERVER_ERROR,
): Struct | Silence {
  if (api.request.name === 'ProduceRequest' && (request as ProduceRequest).acks === 0) {
    return 'close the connection'
  }
  return answerOf(api.response.fields, request as Struct, api.response.name, { version, errorCode })
}

/** A structure of the response, for the corresponding structure of the request. */
function answerOf(fields: Fields, asked: Struct, path: string, terms: Terms): Struct {
  const answer: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(fields)) {
    answer[name] = fieldValue(name, field, asked, `${path}.${name}`, terms)
  }
  return answer
}

function fieldValue(name: string, field: AnyField, asked: Struct, path: string, terms: Terms): unknown {
  const { version, errorCode } = terms
  const { type, options } = field
  if (type.kind === 'int16' && /errorCode$/i.test(name) && !NO_ERROR.has(path)) {
    return errorCode
  }
  if (path in VALUES) return VALUES[path]
  if (type.kind === 'array' && type.element.type.kind === 'struct') {
    const { fields } = type.element.type
    return listOf(path, asked, version).map((each) => answerOf(fields, named(each, fields), path, terms))
  }
  const mayBeNull = options.nullable === true || version >= (options.nullable ?? Number.POSITIVE_INFINITY)
  if (KEYS.has(name) || KEYS.has(path)) {
    const value = asked[name in asked ? name : (OTHER_NAMES[name] ?? '')]
    if (path === 'MetadataResponse.topics.name') return value ?? ''
    if (value !== undefined && (value !== null || mayBeNull)) return value
  }
  return type.kind === 'string' && mayBeNull ? null : defaultOf(field)
}

/** The items of the request that correspond to a list of the response. */
function listOf(path: string, asked: Struct, version: number): readonly unknown[] {
  if (version >= (EMPTY_SINCE[path] ?? Number.POSITIVE_INFINITY)) return []
  if (path === 'DeleteTopicsResponse.responses') return listIn(asked, version < 6 ? 'topicNames' : 'topics')
  if (path === 'AlterUserScramCredentialsResponse.results') return usersOf(asked)
  if (path === 'AlterReplicaLogDirsResponse.results') {
    return listIn(asked, 'dirs').flatMap((dir) => listIn(dir as Struct, 'topics'))
  }
  const list = listIn(asked, LISTS[path] ?? path.slice(path.lastIndexOf('.') + 1))
  if (path !== 'ProduceResponse.responses') return list
  return list.filter((topic) => listIn(topic as Struct, 'partitionData').length > 0)
}

/** The users whose passwords are changed, once each, by name. */
function usersOf(asked: Struct): readonly unknown[] {
  const changes = ['deletions', 'upsertions'].flatMap((list) => listIn(asked, list) as Struct[])
  const names = new Set(changes.map(({ name }) => String(name)))
  return [...names].sort().map((name) => ({ name }))
}

function listIn(struct: Struct, name: string): readonly unknown[] {
  const list = struct[name]
  return Array.isArray(list) ? list : []
}

/** An item of a list of plain names or numbers, under the field name of the response. */
function named(each: unknown, fields: Fields): Struct {
  if (typeof each === 'object') return each as Struct
  const kind = typeof each === 'number' ? 'int32' : 'string'
  const key = Object.entries(fields).find(([name, { type }]) => type.kind === kind && KEYS.has(name))
  return { [key?.[0] ?? '']: each }
}
