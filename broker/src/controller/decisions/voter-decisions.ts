/**
 * Decisions about voters: AddRaftVoter and RemoveRaftVoter (KIP-853).
 *
 * The quorum here is one node. A second voter would have to respond over the network before it is added, and controllers
 * do not connect to each other here; the last voter cannot be removed. So both requests are always refused, with Kafka's
 * errors. (KafkaRaftClient.handleAddVoterRequest, AddVoterHandler, RemoveVoterHandler)
 */

import { CONTROLLER_LISTENER, type Voter } from '../../quorum/voters/quorum-voters.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import { ZERO_UUID } from '../../wire/uuid.ts'

/** The voter of a request, and its cluster; null means any cluster. */
export interface NamedVoter {
  readonly clusterId: string | null
  readonly voterId: number
  readonly voterDirectoryId: string
}

interface Listener {
  readonly name: string
  readonly host: string
  readonly port: number
}

function refuse(code: ErrorCode, why: string): never {
  throw new KafkaError(code, why)
}

/** Always throws a KafkaError: the new voter cannot be reached. */
export function decideVoterAdded(
  quorum: { readonly voter: Voter; readonly clusterId: string },
  added: NamedVoter & { readonly listeners: readonly Listener[] },
): never {
  checkVoter(quorum.clusterId, added, 'Add')
  const { listeners, voterId } = added
  if (!listeners.some(({ name }) => name === CONTROLLER_LISTENER)) {
    const what = `the endpoint (${endpoints(listeners)}) for the default listener ListenerName(${CONTROLLER_LISTENER})`
    refuse(ErrorCode.INVALID_REQUEST, `Add voter request didn't include ${what}`)
  }
  if (voterId === quorum.voter.id) {
    const why = `The voter id for ${key(added)} is already part of the set of voters ${voters(quorum.voter)}.`
    refuse(ErrorCode.DUPLICATE_VOTER, why)
  }
  const why = 'Aborted add voter operation for since API_VERSIONS returned an error BROKER_NOT_AVAILABLE'
  return refuse(ErrorCode.REQUEST_TIMED_OUT, why)
}

/** Always throws a KafkaError: the node is no voter, or the only one. */
export function decideVoterRemoved(
  quorum: { readonly voter: Voter; readonly clusterId: string },
  removed: NamedVoter,
): never {
  checkVoter(quorum.clusterId, removed, 'Remove')
  const why = `Cannot remove voter ${key(removed)} from the set of voters ${voters(quorum.voter)}`
  return refuse(ErrorCode.VOTER_NOT_FOUND, why)
}

function checkVoter(clusterId: string, named: NamedVoter, what: 'Add' | 'Remove'): void {
  if (named.clusterId !== null && named.clusterId !== clusterId) {
    const why = `The given id "${named.clusterId}" doesn't match the cluster id "${clusterId}"`
    refuse(ErrorCode.INCONSISTENT_CLUSTER_ID, why)
  }
  if (named.voterId < 0 || named.voterDirectoryId === ZERO_UUID)
    refuse(ErrorCode.INVALID_REQUEST, `${what} voter request didn't include a valid voter`)
}

/** A voter of a request in Kafka's notation; below, the own voter and a list of endpoints. */
function key({ voterId, voterDirectoryId }: NamedVoter): string {
  return `ReplicaKey(id=${voterId}, directoryId=${voterDirectoryId})`
}

function voters({ id, directoryId }: Voter): string {
  return `[ReplicaKey(id=${id}, directoryId=${directoryId})]`
}

function endpoints(listeners: readonly Listener[]): string {
  const shown = listeners.map(({ name, host, port }) => `ListenerName(${name})=${host}/<unresolved>:${port}`)
  return `Endpoints(endpoints={${shown.join(', ')}})`
}
