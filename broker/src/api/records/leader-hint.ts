/**
 * KIP-951: a broker that does not lead the partition (or not in the client's epoch) returns the current leader and its
 * address with the error. The client needs no Metadata request first: a failover takes one round trip less.
 */
import { ErrorCode } from '../../wire/errors.ts'
import type { Services } from '../api.ts'

const HINTED: readonly number[] = [ErrorCode.NOT_LEADER_OR_FOLLOWER, ErrorCode.FENCED_LEADER_EPOCH]

/** The leader of a partition, if `errorCode` says that the client uses an old one; its id is added to `leaders`. */
export function leaderHint(
  services: Services,
  errorCode: number,
  topic: string | undefined,
  index: number,
  leaders: number[],
): { leaderId: number; leaderEpoch: number } | undefined {
  if (!HINTED.includes(errorCode) || topic === undefined) return undefined
  const partition = services.metadata().topic(topic)?.partitions[index]
  if (!partition) return undefined
  leaders.push(partition.leader)
  return { leaderId: partition.leader, leaderEpoch: partition.leaderEpoch }
}

/** The addresses of these leaders. */
export function nodeEndpoints(services: Services, leaders: readonly number[]) {
  if (leaders.length === 0) return []
  const { brokers } = services.metadata()
  return [...new Set(leaders)].flatMap((nodeId) => {
    const broker = brokers.get(nodeId)
    return broker ? [{ nodeId, host: broker.host, port: broker.port, rack: broker.rack }] : []
  })
}
