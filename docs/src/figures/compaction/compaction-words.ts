import type { Text } from '../../i18n/locale'
import type { CompactionView } from './compaction'

/** Texts of the figure of compaction. */
export const compactionWords = {
  key: { en: 'Key', ru: 'Ключ' },
  set: { en: 'Set a new price', ru: 'Задать новую цену' },
  setFour: { en: 'Set it four times', ru: 'Задать четыре раза' },
  delete: { en: 'Delete (tombstone)', ru: 'Удалить (tombstone)' },
  minute: { en: 'A minute passes', ru: 'Подождать минуту' },
  quarter: { en: 'A quarter of an hour passes', ru: 'Подождать четверть часа' },
  end: { en: 'end', ru: 'конец' },
  dirtyFrom: { en: 'compacted up to', ru: 'уплотнено до' },
  share: { en: 'dirty share of closed segments', ru: 'доля грязного в закрытых сегментах' },
  nothingDirty: { en: 'nothing is dirty', ru: 'грязного нет' },
  percent: { en: '{count} %', ru: '{count} %' },
  table: { en: 'a reader from the beginning has', ru: 'прочитав с начала, получают' },
  empty: { en: 'nothing', ru: 'ничего' },
  legend: {
    en: 'A row is a segment file. In a cell: the key and its price, ∅ for a tombstone. A dashed cell is an offset whose record is gone.',
    ru: 'Строка — файл сегмента. В ячейке — ключ и цена, ∅ — tombstone. Пунктирная ячейка — смещение, записи которого больше нет.',
  },
  begun: {
    en: 'Each key was set once, then tea once more: six records, and none was removed yet.',
    ru: 'Каждому ключу задали цену, чаю — дважды: шесть записей, ни одна пока не удалена.',
  },
  sent: {
    en: 'Appended at the end, as always. The older records of the key stay where they are.',
    ru: 'Дописано в конец, как всегда. Прежние записи этого ключа остались на месте.',
  },
  tombstone: {
    en: 'A tombstone is a record, too. For a reader the key is gone; in the log nothing was deleted.',
    ru: 'Tombstone — тоже запись. Для читателя ключа уже нет, а в журнале ничего не удалено.',
  },
  removed: {
    en: 'The cleaner has run. Gone are the offsets {offsets}; all others keep theirs, and the table is the same as before.',
    ru: 'Прошло уплотнение. Больше нет записей {offsets}; у остальных смещения прежние, и таблица та же.',
  },
  notWorth: {
    en: 'The cleaner has looked, and nothing was removed: no closed segment is dirty, or not more than half is, or each record is the last of its key among those it looked at.',
    ru: 'Брокер проверил и ничего не удалил: в закрытых сегментах нет грязного, или его не больше половины, или каждая запись — последняя для своего ключа среди просмотренных.',
  },
  fallback: {
    en: 'With JavaScript, a compacted partition stands here, and what is left of it after each pass.',
    ru: 'С JavaScript здесь уплотняемая партиция и то, что остаётся от неё после каждого прохода.',
  },
} satisfies Record<string, Text>

export const segmentParts: Readonly<Record<CompactionView['segments'][number]['part'], Text>> = {
  clean: { en: 'clean', ru: 'чистый' },
  dirty: { en: 'dirty', ru: 'грязный' },
  active: { en: 'active', ru: 'активный' },
}
