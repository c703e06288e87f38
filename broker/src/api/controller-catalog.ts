/**
 * The APIs that the controller's listener serves, by key: what brokers ask of the controller. Clients don't see them: a
 * broker's own listener has those of catalog.ts.
 *
 * Kafka declares for each API on which listeners it is served (`"listeners": ["controller"]` in its message files).
 */
import type { Api } from './api.ts'
import { ApiVersions } from './api-versions.ts'
import { AllocateProducerIds } from './cluster/allocate-producer-ids.ts'
import { AlterPartition } from './cluster/alter-partition.ts'
import { Envelope } from './cluster/envelope.ts'

const ALL: readonly Api[] = [ApiVersions, Envelope, AllocateProducerIds, AlterPartition]

/** By API key. */
export const CONTROLLER_APIS: ReadonlyMap<number, Api> = new Map(
  ALL.map((each) => [each.request.apiKey, each]),
)
