/**
 * Known differences in what Kafka's own tools and clients show.
 */
import { NOT_SERVED } from './cluster.ts'
import { KAFKA_VERSION, type LedgerEntry } from './entry.ts'

/** kafka-broker-api-versions lists what ApiVersions answers, so it differs where that does. */
const apis = NOT_SERVED.flatMap(([reason, keys]) =>
  keys.map(([apiKey]): LedgerEntry => {
    const field = `1 BrokerApiVersionsCommand: .apis.${apiKey}`
    return { scenario: 'kafka-broker-api-versions', field, reason, kafkaVersion: KAFKA_VERSION }
  }),
)

export const TOOLS: readonly LedgerEntry[] = apis
