/**
 * The set of voters: the replicas of the metadata log that elect a leader, and of which a majority must have a record
 * before it counts.
 *
 *   voter   id 1, directory Kx…   endpoints CONTROLLER://host:9093   kraft.version 0-1
 *
 * A voter is a pair of a node's id and the id of its directory: a node whose disk was replaced has lost its votes and
 * its part of the log, so it is a different voter (KIP-853). A voter of kraft.version 0, where the set is only in the
 * configuration, has no known directory: then the id is enough.
 *
 * A set never changes; `add`, `remove` and `update` return another one. (Kafka: VoterSet, ReplicaKey, Endpoints)
 *
 * VOTER-SET-1  two sets that differ by one voter have a common voter in any two majorities, so changes of one voter
 *     at a time cannot elect two leaders
 */

import type { VotersRecord } from '../../messages/records/control-records.ts'
import type { InputOf, TypeOf } from '../../wire/schema.ts'
import { ZERO_UUID } from '../../wire/uuid.ts'

/** A replica of the metadata log: a voter or an observer. A directory of ZERO_UUID is unknown. */
export interface ReplicaKey {
  readonly id: number
  readonly directoryId: string
}

/** The address of a node on one of its listeners. */
export interface Endpoint {
  readonly name: string
  readonly host: string
  readonly port: number
}

/** Both ends inclusive. */
export interface VersionRange {
  readonly min: number
  readonly max: number
}

export interface VoterNode {
  readonly key: ReplicaKey
  readonly endpoints: readonly Endpoint[]
  /** The levels of kraft.version that its software supports. */
  readonly kraftVersions: VersionRange
}

/** Whether `replica` is the one that `known` names; if the directory of `known` is unknown, the id decides. */
export function isSameReplica(known: ReplicaKey, replica: ReplicaKey): boolean {
  if (known.id !== replica.id) return false
  return known.directoryId === ZERO_UUID || known.directoryId === replica.directoryId
}

export class VoterSet {
  private readonly byId: ReadonlyMap<number, VoterNode>

  constructor(nodes: Iterable<VoterNode> = []) {
    const sorted = [...nodes].sort((a, b) => a.key.id - b.key.id)
    this.byId = new Map(sorted.map((node) => [node.key.id, node]))
  }

  get size(): number {
    return this.byId.size
  }

  /** How many voters are a majority. */
  get majority(): number {
    return Math.floor(this.size / 2) + 1
  }

  /** In the order of their ids. */
  get nodes(): readonly VoterNode[] {
    return [...this.byId.values()]
  }

  get keys(): readonly ReplicaKey[] {
    return this.nodes.map(({ key }) => key)
  }

  get ids(): readonly number[] {
    return [...this.byId.keys()]
  }

  node(id: number): VoterNode | undefined {
    return this.byId.get(id)
  }

  /** Empty if the node is no voter. */
  endpointsOf(id: number): readonly Endpoint[] {
    return this.byId.get(id)?.endpoints ?? []
  }

  isVoter(replica: ReplicaKey): boolean {
    const node = this.byId.get(replica.id)
    return node !== undefined && isSameReplica(node.key, replica)
  }

  isOnlyVoter(replica: ReplicaKey): boolean {
    return this.size === 1 && this.isVoter(replica)
  }

  /** The set with one voter more; undefined if the id is a voter already, also with another directory. */
  add(node: VoterNode): VoterSet | undefined {
    return this.byId.has(node.key.id) ? undefined : new VoterSet([...this.nodes, node])
  }

  /** The set without this voter; undefined if it is none, or the last one. */
  remove(replica: ReplicaKey): VoterSet | undefined {
    if (!this.isVoter(replica) || this.size === 1) return undefined
    return new VoterSet(this.nodes.filter(({ key }) => key.id !== replica.id))
  }

  /** The set with another entry for this voter; undefined if it is none. */
  update(node: VoterNode): VoterSet | undefined {
    if (!this.isVoter(node.key)) return undefined
    return new VoterSet([...this.nodes.filter(({ key }) => key.id !== node.key.id), node])
  }

  /** Whether the entry of this voter says something else than the voter itself. */
  needsUpdate(node: VoterNode): boolean {
    const known = this.byId.get(node.key.id)
    return known !== undefined && JSON.stringify(known) !== JSON.stringify(node)
  }
}

/** The body of a Voters record. */
export function toVotersRecord(voters: VoterSet): InputOf<typeof VotersRecord> {
  return {
    version: 0,
    voters: voters.nodes.map(({ key, endpoints, kraftVersions }) => ({
      voterId: key.id,
      voterDirectoryId: key.directoryId,
      endpoints,
      kRaftVersionFeature: {
        minSupportedVersion: kraftVersions.min,
        maxSupportedVersion: kraftVersions.max,
      },
    })),
  }
}

export function fromVotersRecord(record: TypeOf<typeof VotersRecord>): VoterSet {
  return new VoterSet(
    record.voters.map(({ voterId, voterDirectoryId, endpoints, kRaftVersionFeature }) => ({
      key: { id: voterId, directoryId: voterDirectoryId },
      endpoints: endpoints.map(({ name, host, port }) => ({ name, host, port })),
      kraftVersions: {
        min: kRaftVersionFeature.minSupportedVersion,
        max: kRaftVersionFeature.maxSupportedVersion,
      },
    })),
  )
}
