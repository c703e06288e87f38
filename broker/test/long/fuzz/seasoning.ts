/**
 * Replaces values in random messages by names, ids and numbers that exist in the broker.
 *
 * The name of a field suggests meaningful values: a partition is 0 or 1, a session timeout six seconds, and `acks` one of
 * three numbers. Most values are replaced, some are kept.
 */
import { NODE_CODECS } from '../../../src/node/compression/codecs.ts'
import { stampCrc } from '../../../src/record/batch.ts'
import { buildBatch } from '../../../src/record/batch-builder.ts'
import { Codec } from '../../../src/record/compression.ts'
import type { SeededRandom } from '../../../src/sim/seeded-random.ts'
import type { AnyField, Fields } from '../../../src/wire/field.ts'

/** Values that exist in the fuzzed broker. */
export interface Spices {
  readonly topics: readonly string[]
  readonly groups: readonly string[]
  readonly transactionalIds: readonly string[]
  readonly uuids: readonly string[]
}

type Struct = Record<string, unknown>

/** The offset in a batch from which on the checksum is computed, after its size. */
const BEHIND_SIZE = 12
const NUMBERS = [-2, -1, 0, 0, 1, 1, 2, 3, 10, 1000]
const FITTING_NUMBERS: readonly [RegExp, readonly number[]][] = [
  [/^acks$/, [-1, -1, -1, 1, 0]],
  [/^(index|partitionIndex|partition|partitionIndexes|partitions|partitionId)$/, [0, 0, 1, 1, 2]],
  [/timeout/i, [6000, 10_000, 60_000, 0]],
  [/^(maxWaitMs|minBytes)$/, [0, 0, 1, 100]],
  [/maxBytes/i, [1, 1000, 1_000_000]],
  [/^(producerEpoch|leaderEpoch|currentLeaderEpoch|sessionId)$/i, [-1, 0, 0, 0, 1]],
  [/^(generationId|memberEpoch|generationIdOrMemberEpoch)$/, [-1, -1, 0, 1, 2]],
  [/^(resourceType|keyType)$/, [0, 1, 2, 4, 8, 32]],
  [/^(numPartitions|count)$/, [-1, 1, 2, 4]],
  [/^replicationFactor$/, [-1, 1, 1, 1, 3]],
  [/^timestamp$/, [-1, -2, -3, -4, 0, 1_767_225_600_000]],
]
const FITTING_TEXTS: readonly [RegExp, readonly string[]][] = [
  [/^memberId$/, ['', 'member-1', 'member-2']],
  [/instanceId$/i, ['static-1', 'static-2']],
  [/^protocolType$/, ['consumer', 'consumer', 'connect', '']],
  [/^protocolName$/, ['range', 'sticky']],
  [/^serverAssignor$/, ['range', 'uniform']],
  [/^(resourceName|entityName)$/, ['orders', 'payments', '1', '', 'group']],
  [/^entityType$/, ['user', 'client-id', 'ip']],
  [/^subscribedTopicRegex$/, ['.*', 'ord.+', '(a|b)*', '[', '']],
  [/^(value|configurationValue)$/, ['1', '1000', '-1', 'compact', 'delete', 'gzip', 'true', '60000']],
  [/^configurationKeys$|^configName$/, ['retention.ms', 'cleanup.policy', 'segment.bytes']],
  [/^feature$/, ['metadata.version', 'group.version', 'transaction.version']],
]
const SETTINGS = [
  'retention.ms',
  'cleanup.policy',
  'compression.type',
  'internal.segment.bytes',
  'max.message.bytes',
]

/** Replaces the values of fields, in place. Fields that a version does not have are kept. */
export function season(
  fields: Fields,
  value: Struct,
  random: SeededRandom,
  spices: Spices,
  within = '',
): void {
  for (const [name, field] of Object.entries(fields)) {
    if (value[name] === undefined) continue
    value[name] = seasoned(name, field, value[name], random, spices, within)
  }
}

function seasoned(
  name: string,
  field: AnyField,
  value: unknown,
  random: SeededRandom,
  spices: Spices,
  within: string,
): unknown {
  if (value === null) return null
  const { type } = field
  switch (type.kind) {
    case 'struct':
      season(type.fields, value as Struct, random, spices, within)
      return value
    case 'array':
      return (value as unknown[]).map((each) => seasoned(name, type.element, each, random, spices, name))
    case 'string':
      return random.chance(85) ? pick(textsFor(name, within, spices), random) : value
    case 'uuid':
      return random.chance(85) ? pick(spices.uuids, random) : value
    case 'records':
      return random.chance(90) ? aBatch(random) : value
    case 'int16':
    case 'int32':
    case 'int64': {
      const fitting = FITTING_NUMBERS.find(([named]) => named.test(name))
      return random.chance(85) ? pick(fitting?.[1] ?? NUMBERS, random) : value
    }
    default:
      return value
  }
}

function textsFor(name: string, within: string, spices: Spices): readonly string[] {
  const fitting = FITTING_TEXTS.find(([named]) => named.test(name))
  if (fitting) return fitting[1]
  if (/transactionalId/i.test(name)) return spices.transactionalIds
  if (/group/i.test(name) || /group/i.test(within) || /coordinatorKeys|^key$/.test(name)) return spices.groups
  if (/config/i.test(within)) return SETTINGS
  if (/protocol/i.test(within)) return ['range', 'sticky']
  return spices.topics
}

/** One of the values. */
export function pick<T>(from: readonly T[], random: SeededRandom): T {
  return from[random.int(from.length)]!
}

/** A batch: valid, or with a few wrong bits and a matching checksum. */
function aBatch(random: SeededRandom): Uint8Array {
  const records = Array.from({ length: 1 + random.int(4) }, () => ({
    key: random.chance(70) ? random.bytes(random.int(8)) : null,
    value: random.chance(90) ? random.bytes(random.int(40)) : null,
    timestamp: 1_767_225_600_000 + random.int(1000),
  }))
  const batch = buildBatch(records, {
    transactional: random.chance(20),
    control: random.chance(5),
    codec: random.chance(50) ? random.int(5) : Codec.NONE,
    codecs: NODE_CODECS,
    ...(random.chance(50) && {
      producerId: random.int(4),
      producerEpoch: random.int(2),
      baseSequence: random.int(5),
    }),
  })
  if (random.chance(40)) {
    const flips = 1 + random.int(4)
    for (let i = 0; i < flips; i++)
      flipBit(batch, BEHIND_SIZE + random.int(batch.length - BEHIND_SIZE), random)
    stampCrc(batch, 0)
  }
  return batch
}

/** Flips one bit of the byte at `at`. */
export function flipBit(bytes: Uint8Array, at: number, random: SeededRandom): void {
  bytes[at] = bytes[at]! ^ (1 << random.int(8))
}
