import type { Text } from '../../i18n/locale'
import type { Command, CommandView } from './commands'

/** Texts of the figure of the command line. */
export const commandsWords = {
  choose: { en: 'Type a command', ru: 'Введите команду' },
  begun: { en: 'An empty broker. Create the topic first.', ru: 'Пустой брокер. Сначала создайте топик.' },
  screen: { en: 'What the command printed', ru: 'Что напечатала команда' },
  silent: { en: '(prints nothing)', ru: '(ничего не печатает)' },
  changed: { en: 'Changed on the broker', ru: 'Изменилось на брокере' },
  committed: { en: 'committed by billing', ru: 'зафиксировала billing' },
  fallback: {
    en: 'With JavaScript, a terminal with a broker behind it stands here.',
    ru: 'С JavaScript здесь терминал, а за ним брокер.',
  },
} satisfies Record<string, Text>

export const changedWords: Readonly<Record<CommandView['changed'], Text>> = {
  nothing: { en: 'nothing', ru: 'ничего' },
  topic: { en: 'the topic', ru: 'топик' },
  records: { en: 'records were added', ru: 'добавлены записи' },
  committed: { en: 'the committed offset', ru: 'зафиксированное смещение' },
}

/** What is to be noticed about a command. */
export const commandNotes: Readonly<Record<Command, Text>> = {
  create: {
    en: 'The topic is there at once, and empty.',
    ru: 'Топик есть сразу, и он пуст.',
  },
  describe: {
    en: 'Two kinds of line: one for the topic, then one for each partition. Nothing here says how many records there are.',
    ru: 'Строки двух видов: одна про топик, дальше по одной на партицию. Сколько в топике записей, отсюда не видно.',
  },
  produce: {
    en: 'Each line is a record without a key. Ctrl-D ends the input.',
    ru: 'Каждая строка — запись без ключа. Ввод заканчивает Ctrl-D.',
  },
  consumeAll: {
    en: 'It reads everything and waits for more, until Ctrl-C. No group is named, so it commits nothing.',
    ru: 'Читает всё и ждёт дальше, пока не нажмут Ctrl-C. Группа не названа, поэтому ничего не фиксируется.',
  },
  consumeGroup: {
    en: 'It commits what it has printed. Press again: --from-beginning counts only where the group has committed nothing yet.',
    ru: 'Фиксирует то, что напечатала. Нажмите ещё раз: --from-beginning действует, только пока группа ничего не зафиксировала.',
  },
  describeGroup: {
    en: 'CURRENT-OFFSET is the committed offset. Partitions without one are not listed while the group has no members.',
    ru: 'CURRENT-OFFSET — зафиксированное смещение. Пока участников нет, партиции, где его нет, в таблицу не попадают.',
  },
  offsets: {
    en: 'Topic, partition, and the offset that the next record will get.',
    ru: 'Топик, партиция и смещение, которое получит следующая запись.',
  },
  resetDry: {
    en: 'Only a plan: without --execute nothing happens.',
    ru: 'Только план: без --execute ничего не происходит.',
  },
  reset: {
    en: 'The same lines, and now it is done. It works because no member of the group is running.',
    ru: 'Те же строки, но теперь смещения переставлены. Получилось, потому что в группе никто не работает.',
  },
  alter: {
    en: 'No record has moved. New ones may now go elsewhere.',
    ru: 'Ни одна запись не переехала. Новые теперь могут попасть в другое место.',
  },
  shrink: {
    en: 'The number of partitions can only grow.',
    ru: 'Число партиций может только расти.',
  },
}
