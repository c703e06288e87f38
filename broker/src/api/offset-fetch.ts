/**
 * OffsetFetch (key 9): committed offsets; one group up to version 7, several since (KIP-709), topics by id since 10.
 */
import type { MetadataImage } from '../controller/metadata-image.ts'
import type { FetchedOffsets, FetchedPartition, OffsetsToFetch } from '../coordinators/group/offset-fetch.ts'
import { OffsetFetchRequest, OffsetFetchResponse } from '../messages/offset-fetch.ts'
import { ErrorCode } from '../wire/errors.ts'
import { api, type Services } from './api.ts'
import { collect } from './collect.ts'

const TOP_LEVEL_ERROR = 2
const BATCHED = 8
const BY_ID = 10

export const OffsetFetch = api({
  request: OffsetFetchRequest,
  response: OffsetFetchResponse,
  handle(services, request, { apiVersion }, reply) {
    if (apiVersion < BATCHED) return fetchOne(services, request, apiVersion, reply)
    const { requireStable } = request
    collect(
      request.groups,
      (asked, done: (group: AnsweredGroup) => void) => {
        if (apiVersion < BY_ID) return fetchGroup(services, { ...asked, requireStable }, done)
        fetchById(services, asked, requireStable, done)
      },
      (groups) => reply({ groups }),
    )
  },
})

type AskedGroup = OffsetFetchRequest['groups'][number]
type AnsweredGroup = NonNullable<Parameters<typeof OffsetFetchResponse.encode>[2]['groups']>[number]

function fetchGroup(
  { groups }: Services,
  request: OffsetsToFetch,
  done: (group: AnsweredGroup) => void,
): void {
  groups.fetchOffsets(request, (fetched) => done({ groupId: request.groupId, ...fetched }))
}

/** Topics come and go by id; an unknown id has its own error, and a topic that is gone is left out of "all". */
function fetchById(
  services: Services,
  asked: AskedGroup,
  requireStable: boolean,
  done: (group: AnsweredGroup) => void,
): void {
  const image = services.metadata()
  const known = asked.topics?.flatMap((topic) => {
    const name = image.topicById(topic.topicId)?.name
    return name === undefined ? [] : [{ ...topic, name }]
  })
  const unknown = asked.topics?.filter(({ topicId }) => !image.topicById(topicId)) ?? []
  fetchGroup(services, { ...asked, topics: known ?? null, requireStable }, (group) => {
    if (group.errorCode !== ErrorCode.NONE) return done(group)
    done({ ...group, topics: [...withIds(image, group.topics ?? []), ...unknown.map(unknownTopic)] })
  })
}

type AnsweredTopic = NonNullable<AnsweredGroup['topics']>[number]

function withIds(image: MetadataImage, topics: readonly AnsweredTopic[]): AnsweredTopic[] {
  return topics.flatMap((topic) => {
    const topicId = image.topic(topic.name ?? '')?.id
    return topicId === undefined ? [] : [{ ...topic, topicId }]
  })
}

function unknownTopic({
  topicId,
  partitionIndexes,
}: NonNullable<AskedGroup['topics']>[number]): AnsweredTopic {
  return { topicId, partitions: partitionIndexes.map((index) => failed(index, ErrorCode.UNKNOWN_TOPIC_ID)) }
}

function failed(partitionIndex: number, errorCode: ErrorCode): FetchedPartition {
  return { partitionIndex, committedOffset: -1, committedLeaderEpoch: -1, metadata: '', errorCode }
}

type Answer = Parameters<typeof OffsetFetchResponse.encode>[2]

/** Up to version 7. Version 1 has no error of the whole: each partition carries it. */
function fetchOne(
  services: Services,
  request: OffsetFetchRequest,
  apiVersion: number,
  reply: (answer: Answer) => void,
): void {
  const { groupId, topics, requireStable } = request
  const asked = { groupId, memberId: null, memberEpoch: -1, topics, requireStable }
  services.groups.fetchOffsets(asked, (fetched: FetchedOffsets) => {
    const { errorCode } = fetched
    if (errorCode === ErrorCode.NONE || apiVersion >= TOP_LEVEL_ERROR) return reply(fetched)
    const all = (topics ?? []).map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((index) => failed(index, errorCode)),
    }))
    reply({ topics: all })
  })
}
