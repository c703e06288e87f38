import type { Text } from '../i18n/locale'
import type { Happening, Protocol } from './group/group'
import type { ReadingAction } from './reading/reading'

/** Texts of the figures that can be pressed. */
export const words = {
  fallback: {
    en: 'This figure needs JavaScript. Here it is before the first press.',
    ru: 'Этой схеме нужен JavaScript. Вот как она выглядит до первого нажатия.',
  },
  starting: { en: 'The broker is starting …', ru: 'Брокер запускается…' },
  back: { en: 'Undo', ru: 'Шаг назад' },
  restart: { en: 'Start over', ru: 'Начать заново' },
  seconds: { en: '{count} s', ru: '{count} с' },
} satisfies Record<string, Text>

export const readingWords = {
  position: { en: 'position', ru: 'позиция' },
  committed: { en: 'committed', ru: 'зафиксировано' },
  none: { en: 'nothing', ru: 'ничего' },
  stopped: { en: 'does not run', ru: 'не работает' },
  lag: { en: 'lag: end − committed', ru: 'отставание: конец − зафиксированное' },
  left: { en: 'left to fetch: end − position', ru: 'осталось запросить: конец − позиция' },
  legend: {
    en: '✓ handled, ✓✓ handled twice, • given by the last poll, ✕ lost: never handled, and nobody will ask for it again.',
    ru: '✓ — обработана, ✓✓ — обработана дважды, • — выдана последним poll, ✕ — потеряна: не обработана, и больше её никто не запросит.',
  },
  when: { en: 'When does the program commit?', ru: 'Когда программа фиксирует?' },
  after: { en: 'after handling', ru: 'после обработки' },
  before: { en: 'before handling', ru: 'до обработки' },
  step: { en: 'Next step', ru: 'Следующий шаг' },
  crash: { en: 'Crash now', ru: 'Упасть сейчас' },
  lost: { en: 'lost', ru: 'потеряно' },
  repeated: { en: 'handled more than once', ru: 'обработано больше одного раза' },
  next: { en: 'next', ru: 'дальше' },
  done: { en: 'Everything has been read.', ru: 'Всё прочитано.' },
  begun: {
    en: 'A consumer has started. Its group has committed nothing, and auto.offset.reset is earliest: position 0.',
    ru: 'Консюмер запущен. Его группа ещё ничего не фиксировала, auto.offset.reset — earliest: позиция 0.',
  },
} satisfies Record<string, Text>

/** What a button does, and what has happened when it was pressed. */
export const readingActions: Readonly<Record<ReadingAction, { button: Text; told: Text }>> = {
  send: {
    button: { en: 'Send a record', ru: 'Отправить запись' },
    told: {
      en: 'A producer has sent a record: the end is at {end} now. Both differences have grown by one.',
      ru: 'Продюсер отправил запись: конец теперь {end}. Обе разности выросли на единицу.',
    },
  },
  poll: {
    button: { en: 'poll()', ru: 'poll()' },
    told: {
      en: 'poll() has given records to the program, and the position is at {position}. The broker keeps {committed}: it knows nothing of the poll.',
      ru: 'poll() отдал программе записи, позиция теперь {position}. На брокере — {committed}: о чтении он ничего не знает.',
    },
  },
  handle: {
    button: { en: 'Handle one', ru: 'Обработать одну' },
    told: {
      en: 'The handler has finished a record. Neither the position nor the committed offset has moved.',
      ru: 'Обработчик закончил с записью. Ни позиция, ни зафиксированное смещение не сдвинулись.',
    },
  },
  commit: {
    button: { en: 'commitSync()', ru: 'commitSync()' },
    told: {
      en: 'The broker keeps {committed} now: the offset of the next record.',
      ru: 'Теперь на брокере {committed} — смещение следующей записи.',
    },
  },
  crash: {
    button: { en: 'Crash', ru: 'Упасть' },
    told: {
      en: 'The process is gone, and with it the position. The broker keeps {committed}.',
      ru: 'Процесса нет, и позиции вместе с ним. На брокере — {committed}.',
    },
  },
  start: {
    button: { en: 'Start again', ru: 'Запустить снова' },
    told: {
      en: 'A new process has asked the broker. Its position is {position}.',
      ru: 'Новый процесс спросил брокер. Его позиция — {position}.',
    },
  },
}

export const groupWords = {
  protocol: { en: 'Protocol', ru: 'Протокол' },
  stands: { en: 'unread for {time} in all', ru: 'без читателя всего {time}' },
  add: { en: 'A new member', ru: 'Новый участник' },
  leave: { en: 'leaves', ru: 'уходит' },
  crash: { en: 'crashes', ru: 'падает' },
  busy: { en: '20 s on one record', ru: '20 с на одну запись' },
  member: { en: 'Member {name}', ru: 'Участник {name}' },
  generation: { en: 'generation {number}', ru: 'поколение {number}' },
  epoch: { en: 'epoch {number}', ru: 'эпоха {number}' },
  reads: { en: 'reads {partitions}', ru: 'читает {partitions}' },
  idle: { en: 'has no partition', ru: 'без партиций' },
  waits: { en: 'waits for the others', ru: 'ждёт остальных' },
  works: { en: 'its handler is busy', ru: 'обработчик занят' },
  empty: { en: 'Nobody is in the group.', ru: 'В группе никого нет.' },
  timeline: {
    en: 'Who reads which partition, from the press to the last event',
    ru: 'Кто какую партицию читает, от нажатия до последнего события',
  },
  nobody: { en: 'nobody', ru: 'никто' },
  readBy: { en: '{owner}: {time}', ru: '{owner}: {time}' },
  partition: { en: 'partition {number}', ru: 'партиция {number}' },
  earlier: { en: 'Earlier', ru: 'Раньше' },
  later: { en: 'Later', ru: 'Позже' },
  steps: { en: 'What happened', ru: 'Что произошло' },
} satisfies Record<string, Text>

export const protocolNames: Readonly<Record<Protocol, Text>> = {
  eager: { en: 'classic, eager', ru: 'классический, eager' },
  cooperative: { en: 'classic, cooperative', ru: 'классический, cooperative' },
  consumer: { en: 'KIP-848', ru: 'KIP-848' },
}

/** `{m}` is the member, `{p}` the partitions. */
export const happenings: Readonly<Record<Happening, Text>> = {
  joins: { en: '{m} asks to join', ru: '{m} просится в группу' },
  'hears of the rebalance': {
    en: '{m} learns of the rebalance from the answer to its heartbeat',
    ru: '{m} узнаёт о ребалансировке из ответа на heartbeat',
  },
  'gives up all': {
    en: '{m} gives up everything ({p}), joins again and waits',
    ru: '{m} отдаёт всё ({p}), входит заново и ждёт',
  },
  'keeps and joins again': {
    en: '{m} joins again and goes on reading {p}',
    ru: '{m} входит заново, но продолжает читать {p}',
  },
  leads: {
    en: 'Everyone has joined; {m} is the leader and divides the partitions',
    ru: 'Все вошли; {m} — лидер группы и делит партиции',
  },
  gets: { en: '{m} gets {p}', ru: '{m} получает {p}' },
  'gets nothing': { en: '{m} gets no partition for now', ru: '{m} пока не получает ни одной партиции' },
  'is asked for': {
    en: 'The coordinator wants {p} back from {m}',
    ru: 'Координатор просит {m} отдать {p}',
  },
  'gives up': { en: '{m} gives up {p}', ru: '{m} отдаёт {p}' },
  leaves: { en: '{m} leaves and tells the coordinator', ru: '{m} уходит и сообщает об этом координатору' },
  crashes: {
    en: '{m} crashes; the coordinator does not know',
    ru: '{m} падает; координатор об этом не знает',
  },
  'is busy': {
    en: 'The handler of {m} needs 20 s for one record. Now let something happen meanwhile.',
    ru: 'Обработчик {m} занят одной записью на 20 с. Пусть теперь что-нибудь произойдёт.',
  },
  expires: {
    en: 'The coordinator has heard nothing of {m} for 45 s and removes it',
    ru: 'Координатор 45 с ничего не слышал от {m} и исключает его',
  },
}

export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]))
}
