/** Lab 04: what the page promises, word for word as it stands there. Each sentence is judged by a test; nothing else is. */
import type { Text } from '../engine/lab.ts'

export const promises = {
  'resume-due': {
    en: 'Calls `handle({ partition, offset, key, value })` once for each record that is in the topic when the call begins, in each partition from the group’s committed offset on; the key is a string or `null`, the value is a string.',
    ru: 'Вызывает `handle({ partition, offset, key, value })` по одному разу для каждой записи, которая есть в топике к началу вызова, — в каждой партиции начиная с зафиксированного смещения группы; ключ — строка или `null`, значение — строка.',
  },
  'resume-start': {
    en: 'Where the group has committed nothing, it begins with the oldest record that has not been deleted.',
    ru: 'Если в партиции группа ещё ничего не зафиксировала, начинает с самой старой неудалённой записи.',
  },
  'resume-order': {
    en: 'Within a partition records are handed over in the order of their offsets, and each only after `handle` is done with the one before.',
    ru: 'Внутри партиции записи передаются по возрастанию смещений, и каждая — только после того, как `handle` закончила с предыдущей.',
  },
  'resume-after': {
    en: 'The committed offset of a partition never passes a record that `handle` is not done with.',
    ru: 'Зафиксированное смещение партиции никогда не обгоняет запись, с которой `handle` ещё не закончила.',
  },
  'resume-commit': {
    en: 'When the call has resolved, each partition in which records were processed has the offset of the next one committed: that of the last processed one plus 1; in the others the committed offset does not change.',
    ru: 'Когда вызов завершился, в каждой партиции, где были обработаны записи, зафиксировано смещение следующей: смещение последней обработанной плюс 1; в остальных зафиксированное смещение не меняется.',
  },
  'resume-failed': {
    en: 'If `handle` fails, with whatever error, no further record is handed over, the records that it is done with are committed, and `await` of the call throws; the next call begins with the record that failed.',
    ru: 'Если `handle` завершилась с ошибкой, какой угодно, записи больше не передаются, всё, с чем она закончила, фиксируется, а `await` вызова бросает ошибку; следующий вызов начинает с той записи, на которой случилась ошибка.',
  },
  'resume-new': {
    en: 'Records that are sent while the call is at work are processed either by this call or by the next one.',
    ru: 'Записи, присланные во время вызова, обрабатывает либо он сам, либо следующий вызов.',
  },
  'resume-trimmed': {
    en: 'If the records at the committed offset have been deleted, it goes on with the oldest one that is left; if none is left, there is nothing to process.',
    ru: 'Если записи, на которых группа остановилась, уже удалены, продолжает с самой старой из оставшихся; если не осталось ни одной, обрабатывать нечего.',
  },
  'resume-count': {
    en: 'Resolves to the number of records that were processed; if there is nothing to process, to 0, and then it waits for no record.',
    ru: 'Возвращает число обработанных записей; если обрабатывать нечего — 0, и никаких записей тогда не ждёт.',
  },
  'resume-late': {
    en: 'There may be 2,000 records to process, and they may arrive late, up to 10 seconds after the call began: it waits for them.',
    ru: 'Обработать может понадобиться 2000 записей, и прийти они могут с задержкой, до 10 секунд от начала вызова: функция их дожидается.',
  },
  'lag-list': {
    en: 'Resolves to a list of `{ partition, committed, end, lag }`, one for each partition, sorted by number: 2 comes before 10.',
    ru: 'Возвращает список `{ partition, committed, end, lag }`, по элементу на партицию, в порядке номеров: 2 стоит раньше 10.',
  },
  'lag-value': {
    en: '`committed` is the group’s committed offset, `end` the offset that the next record will get, and `lag` is `end` minus `committed`.',
    ru: '`committed` — зафиксированное смещение группы, `end` — смещение, которое получит следующая запись, `lag` — разность `end` и `committed`.',
  },
  'lag-none': {
    en: 'Where the group has committed nothing, `committed` and `lag` are `null`; 0 is a committed offset like any other.',
    ru: 'Если группа в партиции ничего не зафиксировала, `committed` и `lag` равны `null`; 0 — такое же зафиксированное смещение, как остальные.',
  },
  'lag-trimmed': {
    en: 'Records that have been deleted since then count too: Kafka’s own tool shows the same number.',
    ru: 'Записи, которые с тех пор удалены, тоже считаются: утилита самой Kafka показывает то же число.',
  },
  'lag-quiet': {
    en: 'Consumers of the group may be at work, and asking does not disturb them: what counts is what they have committed, no member joins the group, and its committed offsets do not change.',
    ru: 'Консюмеры группы могут в это время работать, и запрос им не мешает: считается то, что они зафиксировали, в группу никто не входит, её зафиксированные смещения не меняются.',
  },
  'lag-now': {
    en: 'Each call says how things are now, also while another one is under way; and if records are sent and committed meanwhile, no lag is below 0 all the same.',
    ru: 'Каждый вызов показывает то, что есть сейчас, даже если ещё идёт другой; и если тем временем записи присылают и фиксируют, отрицательного отставания в ответе всё равно нет.',
  },
  'reset-first': {
    en: 'Commits for the group, even for a new one, in every partition the offset of the first record whose timestamp is `time` or later, in milliseconds since 1970; first means the smallest offset, for timestamps need not rise with the offsets.',
    ru: 'Фиксирует для группы, в том числе новой, в каждой партиции смещение первой записи, у которой метка времени — `time` или позже, в миллисекундах с 1970 года; первая — значит с наименьшим смещением: метки времени не обязаны расти вместе со смещениями.',
  },
  'reset-end': {
    en: '`time` may lie before all records, down to 0, and after all of them: where no record is late enough, also in a partition without records, the end offset is committed.',
    ru: '`time` может быть раньше всех записей, вплоть до 0, и позже всех: где достаточно поздней записи нет, в том числе в партиции без записей, фиксируется конечное смещение.',
  },
  'reset-answer': {
    en: 'Resolves to the list of what it has committed, `{ partition, offset }` for each partition, sorted by number.',
    ru: 'Возвращает список того, что зафиксировано: `{ partition, offset }` для каждой партиции, в порядке номеров.',
  },
  'reset-active': {
    en: 'While the group has a member, also one that is only joining or reads another topic, `await` of the call throws, and the committed offsets do not change.',
    ru: 'Пока в группе есть хоть один участник, даже если он только входит в неё или читает другой топик, `await` вызова бросает ошибку, а зафиксированные смещения не меняются.',
  },
  time: {
    en: 'A call takes at most 15 seconds, the time in `handle` not counted.',
    ru: 'Вызов длится не дольше 15 секунд, не считая времени в `handle`.',
  },
  together: {
    en: 'The functions may be called at the same time for different groups, also on the same topic and with the same `kafka`.',
    ru: 'Функции могут вызывать одновременно для разных групп, в том числе на одном топике и с одним и тем же `kafka`.',
  },
  refused: {
    en: 'If Kafka refuses the topic’s name, one with a space in it for instance, `await` of the call throws.',
    ru: 'Если Kafka не принимает имя топика, например с пробелом, `await` вызова бросает ошибку.',
  },
  closed: {
    en: 'A second after the promise is settled, resolved or rejected, all connections of the call are closed.',
    ru: 'Через секунду после того, как промис выполнен или отклонён, все соединения этого вызова закрыты.',
  },
  offsets: {
    en: 'An offset is a 64-bit integer: hand it over and return it exactly, as a string, a bigint or a number; here none is above 2⁵³ − 1.',
    ru: 'Смещение — 64-битное целое: передавайте и возвращайте его точно — строкой, bigint или числом; больше 2⁵³ − 1 смещений здесь не бывает.',
  },
  answers: {
    en: 'What a call has returned stays as it is, whatever later calls do.',
    ru: 'То, что вызов вернул, не меняется, что бы ни делали следующие.',
  },
} as const satisfies Record<string, Text>
