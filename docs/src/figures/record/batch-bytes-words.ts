import type { Text } from '../../i18n/locale'

/** Texts of the figure of a record's bytes. */
export const bytesWords = {
  key: { en: 'Key', ru: 'Ключ' },
  noKey: { en: 'without a key', ru: 'без ключа' },
  value: { en: 'Value', ru: 'Значение' },
  headerName: { en: 'Header: name (empty: none)', ru: 'Заголовок: имя (пусто — нет)' },
  headerValue: { en: 'Header: value', ru: 'Заголовок: значение' },
  field: { en: 'field', ru: 'поле' },
  bytes: { en: 'bytes', ru: 'байты' },
  says: { en: 'says', ru: 'что в нём' },
  by: { en: 'set by', ru: 'кто задаёт' },
  producer: { en: 'producer', ru: 'продюсер' },
  broker: { en: 'broker', ru: 'брокер' },
  batch: {
    en: 'Header of the batch: once, for all its records ({count} bytes)',
    ru: 'Заголовок пакета: один на все его записи ({count} Б)',
  },
  record: { en: 'The record ({count} bytes)', ru: 'Запись ({count} Б)' },
  unchecked: { en: 'not covered by the checksum', ru: 'контрольной суммой не покрыто' },
  fallback: {
    en: 'With JavaScript, the bytes of a record that you type stand here.',
    ru: 'С JavaScript здесь байты записи, которую вы ввели.',
  },
} satisfies Record<string, Text>
