/**
 * FindCoordinator (key 10): the leader of the partition for a group or a transactional id.
 *
 * The first request creates the internal topic and gets COORDINATOR_NOT_AVAILABLE; the client retries and gets the leader.
 */

import type { TopicImage } from '../../controller/metadata/metadata-image.ts'
import { partitionFor } from '../../coordinators/partition-for.ts'
import { FindCoordinatorRequest, FindCoordinatorResponse } from '../../messages/find-coordinator.ts'
import { OFFSETS_TOPIC, TRANSACTION_STATE_TOPIC } from '../../topic-names.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api, type RequestContext, type Services } from '../api.ts'
import { mapInTurns } from '../in-turns.ts'

/** Since this version a request may have several keys (KIP-699). */
const BATCHED = 4

/** By key type. Share groups (2) keep their state in a topic that this broker does not have. */
const TOPICS = [OFFSETS_TOPIC, TRANSACTION_STATE_TOPIC] as const

interface Found {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly errorCode: ErrorCode
  readonly errorMessage: string | null
}

export const FindCoordinator = api({
  request: FindCoordinatorRequest,
  response: FindCoordinatorResponse,
  inTurns: true,
  handle(services, request, context, reply) {
    const { apiVersion } = context
    const keys = apiVersion < BATCHED ? [request.key] : request.coordinatorKeys
    topicOf(services, context, request.keyType, (topic) => {
      const found = mapInTurns(services.turns, keys, (key) => ({ key, ...find(services, topic, key) }))
      context.inTurns(found, (coordinators) => {
        if (apiVersion >= BATCHED) return reply({ coordinators })
        const [found = none(ErrorCode.INVALID_REQUEST)] = coordinators
        reply({ ...found, errorMessage: MESSAGES.get(found.errorCode) ?? null })
      })
    })
  },
})

/** The topic of the coordinators, or the error if it does not exist; then it is created before the client retries. */
function topicOf(
  services: Services,
  client: RequestContext,
  keyType: number,
  done: (topic: TopicImage | ErrorCode) => void,
): void {
  const name = TOPICS[keyType]
  if (name === undefined) return done(ErrorCode.INVALID_REQUEST)
  const topic = services.metadata().topic(name)
  if (topic) return done(topic)
  services.topicCreation.create(services, client, [name], () => done(ErrorCode.COORDINATOR_NOT_AVAILABLE))
}

function find(services: Services, topic: TopicImage | ErrorCode, key: string): Found {
  if (typeof topic === 'number') return none(topic)
  const { partitions } = topic
  const leader = partitions[partitionFor(key, partitions.length)]?.leader ?? -1
  const broker = services.metadata().brokers.get(leader)
  if (!broker || broker.fenced) return none(ErrorCode.COORDINATOR_NOT_AVAILABLE)
  const { id, host, port } = broker
  return { nodeId: id, host, port, errorCode: ErrorCode.NONE, errorMessage: '' }
}

/** Messages up to version 3; the batched response has empty messages, as in Kafka. */
const MESSAGES = new Map<ErrorCode, string>([
  [ErrorCode.NONE, 'NONE'],
  [ErrorCode.COORDINATOR_NOT_AVAILABLE, 'The coordinator is not available.'],
  [
    ErrorCode.INVALID_REQUEST,
    'This most likely occurs because of a request being malformed by the client library or the message was sent to an incompatible broker. See the broker logs for more details.',
  ],
])

function none(errorCode: ErrorCode): Found {
  const errorMessage = errorCode === ErrorCode.INVALID_REQUEST ? MESSAGES.get(errorCode)! : ''
  return { nodeId: -1, host: '', port: -1, errorCode, errorMessage }
}
