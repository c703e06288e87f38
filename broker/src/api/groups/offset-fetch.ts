/**
 * OffsetFetch (key 9): committed offsets; of one group up to version 7, of several since (KIP-709), topics by id since 10.
 */
import type { MetadataImage } from '../../controller/metadata/metadata-image.ts'
import type { FetchedPartition, OffsetsToFetch } from '../../coordinators/group/offsets/fetch.ts'
import { OffsetFetchRequest, OffsetFetchResponse } from '../../messages/offset-fetch.ts'
import type { Steps } from '../../turns.ts'
import type { Pace } from '../../wire/codec-steps.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { ZERO_UUID } from '../../wire/uuid.ts'
import { api, FEW, type RequestContext, type Services } from '../api.ts'
import { collect } from '../collect.ts'
import { forEachInTurns } from '../in-turns.ts'

const TOP_LEVEL_ERROR = 2
const BATCHED = 8
const BY_ID = 10

/** How many groups are looked at to see whether a response will be large. */
const GROUPS_LOOKED_AT = 10
/** Requests for more partitions of a group are cut into pieces. */
const PIECE_PARTITIONS = 1000

export const OffsetFetch = api({
  request: OffsetFetchRequest,
  response: OffsetFetchResponse,
  inTurns: true,
  isLarge: ({ groups }, request, { apiVersion }) => {
    if (apiVersion < BATCHED) return request.topics === null && groups.offsetCountOf(request.groupId) > FEW
    // A request for many groups is large itself, and is handled alone (large-requests.ts).
    return request.groups
      .slice(0, GROUPS_LOOKED_AT)
      .some(({ groupId, topics }) => topics === null && groups.offsetCountOf(groupId) > FEW)
  },
  handle(services, request, context, reply) {
    const { apiVersion } = context
    if (apiVersion < BATCHED) return fetchOne(services, request, context, reply)
    fetchGroups(services, request.groups, request.requireStable, context, (groups) => reply({ groups }))
  },
})

type AskedGroup = OffsetFetchRequest['groups'][number]
type AnsweredGroup = NonNullable<Parameters<typeof OffsetFetchResponse.encode>[2]['groups']>[number]

/**
 * What is asked of the coordinator: the groups of the request, and parts of those that have many partitions. A request may
 * name a million groups, so nothing is created for a group that stays whole.
 */
interface Pieces {
  readonly all: readonly AskedGroup[]
  /** The groups that the parts come from. */
  readonly origins: ReadonlyMap<AskedGroup, AskedGroup>
}

function fetchGroups(
  services: Services,
  groups: readonly AskedGroup[],
  requireStable: boolean,
  context: RequestContext,
  done: (groups: AnsweredGroup[]) => void,
): void {
  const everything = new Map<string, AnsweredGroup>()
  const ask = (group: AskedGroup, answer: (group: AnsweredGroup) => void): void => {
    const wantsAll = group.topics === null && group.memberId === null
    const known = wantsAll ? everything.get(group.groupId) : undefined
    if (known) return answer(known)
    const asked = { ...group, requireStable }
    const isNamed = context.apiVersion < BY_ID
    const answered = (fetched: AnsweredGroup): void => {
      // One request may name a group many times and want all its offsets; the member epoch is checked each time.
      if (wantsAll && fetched.topics!.length > 0) everything.set(group.groupId, fetched)
      answer(fetched)
    }
    if (isNamed) fetchGroup(services, asked, answered)
    else fetchById(services, asked, requireStable, answered)
  }
  context.inTurns(piecesOf(services.turns, groups), (pieces) =>
    collect(services, context, pieces.all, ask, (answers) =>
      context.inTurns(joined(services.turns, pieces, answers), done),
    ),
  )
}

function isLong({ topics }: AskedGroup): boolean {
  let partitions = 0
  for (const { partitionIndexes } of topics ?? []) partitions += Math.max(1, partitionIndexes.length)
  return partitions > PIECE_PARTITIONS
}

function* piecesOf(pace: Pace, groups: readonly AskedGroup[]): Steps<Pieces> {
  const origins = new Map<AskedGroup, AskedGroup>()
  if (!groups.some(isLong)) return { all: groups, origins }
  const all: AskedGroup[] = []
  for (const group of groups) {
    if (pace.isOver) yield
    if (!isLong(group)) {
      all.push(group)
      continue
    }
    let topics: NonNullable<AskedGroup['topics']> = []
    let room = PIECE_PARTITIONS
    const cut = (): void => {
      const piece = { ...group, topics }
      all.push(piece)
      origins.set(piece, group)
      topics = []
      room = PIECE_PARTITIONS
    }
    for (const topic of group.topics ?? []) {
      if (pace.isOver) yield
      for (let at = 0; at === 0 || at < topic.partitionIndexes.length; ) {
        if (room === 0) cut()
        const partitionIndexes = topic.partitionIndexes.slice(at, at + room)
        topics.push({ ...topic, partitionIndexes })
        at += Math.max(1, partitionIndexes.length)
        room -= Math.max(1, partitionIndexes.length)
      }
    }
    cut()
  }
  return { all, origins }
}

/** Joins the pieces of each group. A group with an error in one piece is refused as a whole. */
function* joined(pace: Pace, { all, origins }: Pieces, answers: AnsweredGroup[]): Steps<AnsweredGroup[]> {
  if (origins.size === 0) return answers
  const groups: AnsweredGroup[] = []
  yield* forEachInTurns(pace, answers, (answer, i) => {
    const origin = origins.get(all[i]!)
    const isSame = i > 0 && origin !== undefined && origin === origins.get(all[i - 1]!)
    const before = groups.at(-1)
    if (!isSame || !before) groups.push(answer)
    else if (before.errorCode === ErrorCode.NONE) groups[groups.length - 1] = bothOf(before, answer)
  })
  return groups
}

function bothOf(before: AnsweredGroup, after: AnsweredGroup): AnsweredGroup {
  if (after.errorCode !== ErrorCode.NONE) return after
  const topics = before.topics as AnsweredTopic[]
  for (const topic of after.topics ?? []) {
    const last = topics.at(-1)
    // A topic that was cut continues in the next piece.
    const isSame = last !== undefined && last.name === topic.name && last.topicId === topic.topicId
    if (isSame)
      (last.partitions as FetchedPartition[]).push(...((topic.partitions ?? []) as FetchedPartition[]))
    else topics.push(topic)
  }
  return before
}

function fetchGroup(
  { groups }: Services,
  request: OffsetsToFetch,
  done: (group: AnsweredGroup) => void,
): void {
  groups.fetchOffsets(request, (fetched) => done({ groupId: request.groupId, ...fetched }))
}

/** Topics are named by id; an unknown id has its own error, and deleted topics are left out of "all". */
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

/** Up to version 7. Version 1 has no top-level error: each partition carries it. */
function fetchOne(
  services: Services,
  request: OffsetFetchRequest,
  context: RequestContext,
  reply: (answer: Answer) => void,
): void {
  const { groupId, topics, requireStable } = request
  const named = topics?.map((topic) => ({ ...topic, topicId: ZERO_UUID })) ?? null
  const asked = { groupId, memberId: null, memberEpoch: -1, topics: named }
  fetchGroups(services, [asked], requireStable, context, ([fetched]) => {
    const errorCode = (fetched?.errorCode ?? ErrorCode.NONE) as ErrorCode
    if (errorCode === ErrorCode.NONE || context.apiVersion >= TOP_LEVEL_ERROR)
      return reply({ errorCode, topics: fetched?.topics ?? [] })
    const all = (topics ?? []).map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((index) => failed(index, errorCode)),
    }))
    reply({ topics: all })
  })
}
