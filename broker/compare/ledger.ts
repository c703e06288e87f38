/**
 * Every known difference between our broker and Apache Kafka, with its reason: data, which the site shows.
 * An entry that no longer occurs fails the comparison (differences.ts, D2).
 */
export interface LedgerEntry {
  /** The scenario's name; `*` stands for anything, here and in `field`. */
  readonly scenario: string
  readonly field: string
  readonly ours: unknown
  readonly kafka: unknown
  readonly reason: string
  readonly kafkaVersion: string
}

const kafkaVersion = '4.3.1'
const TABLE = 'ApiVersions: what is advertised'

/** Families of APIs that are not served: why, and each key with its versions in Kafka. */
const NOT_SERVED: readonly [reason: string, keys: readonly (readonly [number, number, number])[]][] = [
  [
    'SASL, ACLs, delegation tokens and SCRAM: this broker has no authentication',
    [
      [17, 0, 1],
      [29, 1, 3],
      [30, 1, 3],
      [31, 1, 3],
      [36, 0, 2],
      [38, 1, 3],
      [39, 1, 2],
      [40, 1, 2],
      [41, 1, 3],
      [50, 0, 0],
      [51, 0, 0],
    ],
  ],
  ['a node has one log directory: nothing moves between directories', [[34, 1, 2]]],
  ['quotas are described, and cannot be set yet', [[49, 0, 1]]],
  [
    'nodes and voters of the cluster are those of the process',
    [
      [64, 0, 0],
      [80, 0, 1],
      [81, 0, 0],
    ],
  ],
  [
    'share groups (KIP-932) are not there yet',
    [
      [76, 1, 1],
      [77, 1, 1],
      [78, 1, 2],
      [79, 1, 2],
      [83, 0, 0],
      [84, 0, 0],
      [85, 0, 1],
      [86, 0, 0],
      [87, 0, 1],
      [90, 0, 1],
      [91, 0, 0],
      [92, 0, 0],
    ],
  ],
  [
    'streams groups (KIP-1071) are not there yet',
    [
      [88, 0, 0],
      [89, 0, 0],
    ],
  ],
]

const notServed = NOT_SERVED.flatMap(([reason, keys]) =>
  keys.map(([apiKey, minVersion, maxVersion]): LedgerEntry => {
    const field = `* ApiVersions v*: .apiKeys.${apiKey}`
    const kafka = { apiKey, minVersion, maxVersion }
    return { scenario: TABLE, field, ours: undefined, kafka, reason, kafkaVersion }
  }),
)

const features = (['kraft', 'share', 'streams'] as const).flatMap((family): LedgerEntry[] => {
  const name = `${family}.version`
  const what = { scenario: TABLE, ours: undefined, kafkaVersion }
  const reason =
    family === 'kraft' ? 'the metadata log has no voters that change' : `${family} groups are not there yet`
  const finalized = { name, maxVersionLevel: 1, minVersionLevel: 1 }
  const entry = { ...what, reason, field: `*.finalizedFeatures.${name}`, kafka: finalized }
  if (family === 'kraft') return [entry]
  const supported = { name, minVersion: 0, maxVersion: 1 }
  return [entry, { ...what, reason, field: `*.supportedFeatures.${name}`, kafka: supported }]
})

export const LEDGER: readonly LedgerEntry[] = [
  ...notServed,
  ...features,
  {
    scenario: 'CreateTopics: every version, and again',
    field: '16 CreateTopics v7: .topics[0].topicId',
    ours: 'AAAAAAAAAAAAAAAAAAAAAA',
    kafka: 'topicId#1',
    reason: 'asked only to validate, Kafka names an id that no topic will ever have; ours names none',
    kafkaVersion,
  },
  {
    scenario: 'CreateTopics: every version, and again',
    field: '17 CreateTopics v7: .topics[0].topicId',
    ours: 'topicId#1',
    kafka: 'topicId#2',
    reason: 'follows from the line before: the id is the second that Kafka has named',
    kafkaVersion,
  },
  {
    scenario: 'IncrementalAlterConfigs: what is refused',
    field: '4 *.errorCode',
    ours: 42,
    kafka: -1,
    reason: 'Kafka fails over an operation that does not exist; ours says INVALID_REQUEST',
    kafkaVersion,
  },
  {
    scenario: 'IncrementalAlterConfigs: what is refused',
    field: '4 *.errorMessage',
    ours: 'Unknown operation type 9',
    kafka: null,
    reason: 'follows from the error before',
    kafkaVersion,
  },
]
