import type { Text } from '../../i18n/locale'
import type { RetentionAction, RetentionRule } from './retention'

/** Texts of the figure of retention. */
export const retentionWords = {
  rule: { en: 'What does the topic delete by?', ru: 'По чему топик удаляет?' },
  active: { en: 'active', ru: 'активный' },
  now: { en: 'now', ru: 'сейчас' },
  minutes: { en: '{count} min', ru: '{count} мин' },
  ahead: { en: '+{count} min', ru: '+{count} мин' },
  start: { en: 'log start', ru: 'начало журнала' },
  end: { en: 'end', ru: 'конец' },
  reader: { en: 'reader', ru: 'читатель' },
  passed: { en: 'passed', ru: 'прошло' },
  position: { en: 'the reader asks for', ru: 'читатель запросит' },
  legend: {
    en: 'A row is a segment file. In a cell: how old the record is by its timestamp; with a plus, how far it lies ahead. A dashed cell is a place without a record.',
    ru: 'Строка — файл сегмента. В ячейке — возраст записи по её метке времени; с плюсом — насколько метка впереди. Пунктирная ячейка — место без записи.',
  },
  begun: {
    en: 'Four records in two segments. A reader has read nothing yet, and sleeps.',
    ru: 'Четыре записи в двух сегментах. Читатель ещё ничего не прочитал и спит.',
  },
  kept: {
    en: 'Ten minutes have passed, with two retention checks. There was nothing to delete.',
    ru: 'Прошло десять минут, за них две проверки. Удалять было нечего.',
  },
  deleted: {
    en: 'A retention check has deleted whole segments. Gone are the offsets {offsets}; the log now starts at {start}.',
    ru: 'Проверка удалила сегменты целиком. Больше нет смещений {offsets}; журнал теперь начинается с {start}.',
  },
  got: {
    en: 'The reader has got {offsets}. Nothing was deleted by this.',
    ru: 'Читатель получил {offsets}. От чтения ничего не удалилось.',
  },
  nothing: {
    en: 'An empty answer: the reader has got everything that there is.',
    ru: 'Ответ пуст: читатель получил всё, что есть.',
  },
  late: {
    en: '{error}. With auto.offset.reset=earliest the reader goes on at {start}. It will never see {offsets}, and nobody tells it so.',
    ru: '{error}. С auto.offset.reset=earliest читатель продолжит с {start}. Смещений {offsets} он не увидит никогда, и никто ему об этом не скажет.',
  },
  fallback: {
    en: 'With JavaScript, the segments of a partition stand here, and time can be let pass.',
    ru: 'С JavaScript здесь сегменты партиции, и можно подождать, пока они устареют.',
  },
} satisfies Record<string, Text>

export const retentionRules: Readonly<Record<RetentionRule, Text>> = {
  time: { en: 'time: retention.ms = 1 hour', ru: 'по времени: retention.ms = 1 час' },
  size: { en: 'size: retention.bytes = 5 records', ru: 'по размеру: retention.bytes = 5 записей' },
}

export const retentionActions: Readonly<Record<RetentionAction, Text>> = {
  send: { en: 'Send a record', ru: 'Отправить запись' },
  fast: { en: 'Send one that is 50 minutes ahead', ru: 'Отправить с меткой на 50 минут вперёд' },
  wait: { en: 'Ten minutes pass', ru: 'Подождать десять минут' },
  read: { en: 'The reader asks', ru: 'Читатель запрашивает' },
}

/** What has happened when a record was sent. */
export const retentionSent: Readonly<Record<'send' | 'fast', Text>> = {
  send: {
    en: 'The record is in the active segment. Sending deletes nothing; only the check does, every five minutes.',
    ru: 'Запись в активном сегменте. Отправка ничего не удаляет: это делает только проверка, раз в пять минут.',
  },
  fast: {
    en: 'Its producer has a fast clock. A segment is as old as its newest timestamp, so this record keeps its neighbours alive.',
    ru: 'Часы её продюсера спешат. Возраст сегмента считают по самой новой метке, поэтому с этой записью задержатся и соседние.',
  },
}
