/**
 * Known differences in the output of Kafka's own tools and clients.
 */
import { NOT_SERVED } from './cluster.ts'
import { KAFKA_VERSION, type LedgerEntry } from './entry.ts'

/** kafka-broker-api-versions lists the response to ApiVersions, so it has the same differences. */
const apis = NOT_SERVED.flatMap(([reason, keys]) =>
  keys.map(([apiKey]): LedgerEntry => {
    const field = `1 BrokerApiVersionsCommand: .apis.${apiKey}`
    return { scenario: 'kafka-broker-api-versions', field, reason, kafkaVersion: KAFKA_VERSION }
  }),
)

export const TOOLS: readonly LedgerEntry[] = apis
