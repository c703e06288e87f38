import type { Text } from '../../i18n/locale'
import type { Layer } from './configs'

/** Texts of the figure of settings. */
export const configsWords = {
  where: { en: 'Where is it set?', ru: 'Где она задана?' },
  record: { en: 'A record of', ru: 'Запись размером' },
  megabytes: { en: '{count} MB', ru: '{count} МБ' },
  inForce: { en: 'in force for the topic', ru: 'действует для топика' },
  lookup: { en: 'What the broker finds, in this order', ru: 'Что находит брокер, по порядку' },
  accepted: { en: 'The record is accepted.', ru: 'Запись принята.' },
  refused: { en: 'The record is refused: {error}.', ru: 'Запись отвергнута: {error}.' },
  fallback: {
    en: 'With JavaScript, a broker with a setting in four places stands here.',
    ru: 'С JavaScript здесь брокер, одна настройка которого задана в четырёх местах.',
  },
} satisfies Record<string, Text>

export const layerNames: Readonly<Record<Layer, Text>> = {
  topic: { en: 'the topic, dynamic', ru: 'на топике, динамически' },
  broker: { en: 'this broker, dynamic', ru: 'на этом брокере, динамически' },
  brokers: { en: 'all brokers, dynamic', ru: 'на всех брокерах, динамически' },
  file: { en: 'server.properties', ru: 'server.properties' },
}
