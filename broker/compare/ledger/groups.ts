/**
 * Known differences in groups and their offsets.
 */
import { KAFKA_VERSION, type LedgerEntry } from './entry.ts'

export const GROUPS: readonly LedgerEntry[] = [
  {
    scenario: 'OffsetFetch v*: a member says who it is',
    field: '8 OffsetFetch v*: .groups[0].errorCode',
    ours: 25,
    kafka: -1,
    reason: {
      en: 'a member epoch without a member id: Kafka stumbles over the missing id, here nobody is a member of that name',
      ru: 'эпоха участника без его id: Kafka спотыкается о пустой id, здесь такого участника просто нет',
    },
    kafkaVersion: KAFKA_VERSION,
  },
]
