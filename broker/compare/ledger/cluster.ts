/**
 * Known differences in ApiVersions: APIs and features that our broker does not have.
 */
import { KAFKA_VERSION, type LedgerEntry, type Reason } from './entry.ts'

const TABLE = 'ApiVersions: what is advertised'

/** Families of APIs that are not served: the reason, and each key with its versions in Kafka. */
export const NOT_SERVED: readonly [reason: Reason, keys: readonly (readonly [number, number, number])[]][] = [
  [
    {
      en: 'share groups (KIP-932) are not supported yet',
      ru: 'share-группы (KIP-932) пока не поддерживаются',
    },
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
    {
      en: 'streams groups (KIP-1071) are not supported yet',
      ru: 'streams-группы (KIP-1071) пока не поддерживаются',
    },
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
    return { scenario: TABLE, field, kafka, reason, kafkaVersion: KAFKA_VERSION }
  }),
)

const features = (['share', 'streams'] as const).flatMap((family): LedgerEntry[] => {
  const name = `${family}.version`
  const what = { scenario: TABLE, kafkaVersion: KAFKA_VERSION }
  const reason = {
    en: `${family} groups are not supported yet`,
    ru: `${family}-группы пока не поддерживаются`,
  }
  const finalized = { name, maxVersionLevel: 1, minVersionLevel: 1 }
  const supported = { name, minVersion: 0, maxVersion: 1 }
  return [
    { ...what, reason, field: `*.finalizedFeatures.${name}`, kafka: finalized },
    { ...what, reason, field: `*.supportedFeatures.${name}`, kafka: supported },
  ]
})

export const CLUSTER: readonly LedgerEntry[] = [...notServed, ...features]
