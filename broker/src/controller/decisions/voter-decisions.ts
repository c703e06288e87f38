/**
 * Decisions about voters: may this controller vote in the metadata quorum, or vote no more? (KIP-853)
 *
 * The quorum here is the one node that keeps the log. A second voter would have to answer over the network before it is let in,
 * and nobody is asked over the network; the last voter is not let go. So both are refused, in Kafka's words.
 * (KafkaRaftClient.handleAddVoterRequest, AddVoterHandler, RemoveVoterHandler)
 */
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import { ZERO_UUID } from '../../wire/uuid.ts'
import { CONTROLLER_LISTENER, type Voter } from '../quorum/quorum-voters.ts'

/** Whom a request means, and in which cluster; null is any. */
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

/** Throws KafkaError: nobody else answers. */
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

/** Throws KafkaError: who is named is no voter, or the only one. */
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

/** As Kafka shows a voter, its own, and a list of endpoints. */
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
