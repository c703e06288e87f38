/**
 * The operations that a client may perform on a resource, as bits: bit n is Kafka's AclOperation n (KIP-430).
 *
 * This broker has no authorizer, so all operations that a resource supports are allowed (AclEntry.supportedOperations).
 */
const Operation = {
  READ: 3,
  WRITE: 4,
  CREATE: 5,
  DELETE: 6,
  ALTER: 7,
  DESCRIBE: 8,
  CLUSTER_ACTION: 9,
  DESCRIBE_CONFIGS: 10,
  ALTER_CONFIGS: 11,
  IDEMPOTENT_WRITE: 12,
} as const

const bits = (...operations: (keyof typeof Operation)[]): number =>
  operations.reduce((sum, operation) => sum | (1 << Operation[operation]), 0)

/** The client did not request the operations. */
export const NOT_ASKED = -0x8000_0000
export const TOPIC_OPERATIONS = bits(
  'READ',
  'WRITE',
  'CREATE',
  'DELETE',
  'ALTER',
  'DESCRIBE',
  'DESCRIBE_CONFIGS',
  'ALTER_CONFIGS',
)
export const GROUP_OPERATIONS = bits('READ', 'DELETE', 'DESCRIBE', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS')
export const CLUSTER_OPERATIONS = bits(
  'CREATE',
  'ALTER',
  'DESCRIBE',
  'CLUSTER_ACTION',
  'DESCRIBE_CONFIGS',
  'ALTER_CONFIGS',
  'IDEMPOTENT_WRITE',
)
