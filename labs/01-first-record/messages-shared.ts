/** Lab 01: words that several tests share: what can become of a text on its way, and of a list of records. */
import type { CaseText } from '../engine/lab.ts'

/** What became of keys and values; `reading` is true when they were read, false when they were sent. */
export const textCases = {
  trimmed: {
    en: 'White space at the ends was cut off.',
    ru: 'Пробельные символы по краям обрезаны.',
    why: {
      en: 'For Kafka key and value are bytes: a space is a byte like any other.',
      ru: 'Для Kafka ключ и значение — байты: пробел — такой же байт, как и остальные.',
    },
    try: { en: 'Leave out trim().', ru: 'Уберите trim().' },
  },
  bom: {
    en: 'A text that begins with U+FEFF (a byte order mark) came without it.',
    ru: 'Текст, который начинается с U+FEFF (метки порядка байтов), пришёл без неё.',
    why: {
      en: 'U+FEFF is a character of the text like any other. TextDecoder takes it away unless ignoreBOM is set; Buffer’s toString() does not.',
      ru: 'U+FEFF — такой же символ текста, как остальные. TextDecoder убирает его, если не задать ignoreBOM; toString() у Buffer не убирает.',
    },
    try: { en: 'Use message.value.toString().', ru: 'Возьмите message.value.toString().' },
  },
  normalised: {
    en: 'Letters with combining marks came as other characters that look the same.',
    ru: 'Вместо букв с комбинируемыми знаками пришли другие символы, которые выглядят так же.',
    why: {
      en: '“é” can be one character or two. They look alike and are different bytes, so a key of the one is another key than that of the other.',
      ru: '«é» бывает одним символом и двумя. Выглядят они одинаково, но байты у них разные, и ключи из них — тоже разные.',
    },
    try: { en: 'Leave out normalize().', ru: 'Уберите normalize().' },
  },
  letters: {
    en: 'Letters outside Latin-1 came as other characters.',
    ru: 'Буквы не из Latin-1 превратились в другие символы.',
    why: {
      en: 'In Latin-1 each character is one byte, and most alphabets are not in it. In UTF-8 a character takes one to four bytes.',
      ru: 'В Latin-1 каждый символ занимает один байт, и большинства алфавитов там нет. В UTF-8 символ занимает от одного до четырёх байт.',
    },
    try: {
      en: "Leave the encoding to kafkajs, or name it: Buffer.from(text, 'utf8'), toString('utf8').",
      ru: "Оставьте кодировку kafkajs или назовите её: Buffer.from(text, 'utf8'), toString('utf8').",
    },
  },
  json: {
    en: 'Texts were put into quotation marks, as JSON.',
    ru: 'Тексты взяты в кавычки, как в JSON.',
    why: {
      en: 'Kafka does not ask for JSON: a value is whatever bytes you send, and here it is the text itself.',
      ru: 'Kafka не требует JSON: значение — это любые байты, которые вы отправили, и здесь это сам текст.',
    },
    try: {
      en: 'Leave out JSON.stringify and JSON.parse.',
      ru: 'Уберите JSON.stringify и JSON.parse.',
    },
  },
  cut: {
    en: 'A text was cut: {got} of {wanted} bytes came.',
    ru: 'Текст обрезан: {got} {got:байт|байта|байт} из {wanted}.',
    why: {
      en: 'Kafka has no limit of its own for a key or a value: all that counts is the size of the batch, up to 1 MB unless the broker is set otherwise.',
      ru: 'Отдельного предела для ключа и значения у Kafka нет: ограничен только размер пакета, 1 МБ, если не настроить брокер иначе.',
    },
    try: { en: 'Take the whole text.', ru: 'Берите текст целиком.' },
  },
  torn: {
    en: 'In {got} bytes that came there are U+FFFD (�) that were not in the {wanted} sent.',
    ru: 'Отправлено байт: {wanted}; пришло {got}, и среди них U+FFFD (�), которых в тексте не было.',
    why: {
      en: 'An emoji is two units of a JavaScript string and four bytes of UTF-8. Where a text is taken in pieces, a piece may end in the middle of one: both halves become U+FFFD.',
      ru: 'Эмодзи занимает две единицы строки JavaScript и четыре байта UTF-8. Если брать текст по кускам, кусок может кончиться посреди символа: обе половины превращаются в U+FFFD.',
    },
    try: {
      en: 'Encode and decode the text as a whole; kafkajs takes strings as they are.',
      ru: 'Кодируйте и декодируйте текст целиком; kafkajs принимает строки как есть.',
    },
  },
  keyUndefined: {
    en: 'The key of a record without a key is undefined instead of null.',
    ru: 'У записи без ключа ключ — undefined вместо null.',
    try: {
      en: '`message.key?.toString()` gives undefined when there is no key: add `?? null`.',
      ru: '`message.key?.toString()` даёт undefined, если ключа нет: добавьте `?? null`.',
    },
  },
  noText: {
    en: 'A {what} is {got}; it must be a string.',
    ru: 'Не строка: {what} — это {got}.',
    try: {
      en: 'kafkajs gives keys and values as Buffers: call toString() on each that is not null.',
      ru: 'kafkajs отдаёт ключи и значения как Buffer: для каждого, который не null, вызовите toString().',
    },
  },
  emptyKey: {
    en: "The key '' came as null.",
    ru: "Вместо ключа '' пришёл null.",
    why: {
      en: 'An empty key is a key: it is hashed as any other, and compaction keeps the last record that has it. null is no key.',
      ru: 'Пустой ключ — это ключ: от него считается хеш, как от любого, и при уплотнении остаётся последняя запись с ним. null — отсутствие ключа.',
    },
    try: {
      en: "`||` and `if (key)` treat '' as if it were missing; compare with null: `key === null`, `key ?? …`.",
      ru: "`||` и `if (key)` принимают '' за отсутствие; сравнивайте с null: `key === null`, `key ?? …`.",
    },
  },
  noKey: {
    en: 'A record without a key came with the key {got}.',
    ru: 'У записи без ключа оказался ключ {got}.',
    why: {
      en: 'Records without a key are spread over the partitions; records with the same key, whatever it is, all go to one.',
      ru: 'Записи без ключа распределяются по партициям, а записи с одним и тем же ключом, каким бы он ни был, попадают в одну.',
    },
    try: {
      en: 'Keep null as null: String(null) and a template string make the text "null" of it.',
      ru: 'Оставляйте null как есть: String(null) и шаблонная строка делают из него текст «null».',
    },
  },
  emptyValue: {
    en: "The empty value '' came as {got}.",
    ru: "Вместо пустого значения '' пришло {got}.",
    why: {
      en: 'An empty value is a value of no bytes. A value of null is a tombstone: compaction deletes its key.',
      ru: 'Пустое значение — это значение длиной ноль байт. Значение null — «надгробие»: при уплотнении его ключ удаляется.',
    },
    try: {
      en: "`||` and `if (value)` treat '' as if it were missing; use `??`.",
      ru: "`||` и `if (value)` принимают '' за отсутствие; используйте `??`.",
    },
  },
  differs: {
    en: 'Keys or values are not what was sent.',
    ru: 'Ключи или значения не те, что отправлены.',
    try: {
      en: 'Pass the strings on as they are, without replace(), split() or slice().',
      ru: 'Передавайте строки как есть, без replace(), split() и slice().',
    },
  },
} as const satisfies Record<string, CaseText>

/** A call of sendRecord ended with a TypeError, and asked for no Produce. */
export const sentNothing = {
  en: 'sendRecord was rejected: {message}. Its client asked for no Produce: nothing was sent.',
  ru: 'Промис sendRecord отклонён: {message}. Запроса Produce её клиент не делал: ничего не отправлено.',
  try: {
    en: 'Look at what producer.send resolved to. It is an empty list when a partitioner of your own names a partition that does not exist, such as -3: in JavaScript the remainder of a negative number is negative.',
    ru: 'Посмотрите, что вернул producer.send. Список пуст, если ваш собственный партиционер назвал партицию, которой нет, например -3: в JavaScript остаток от деления отрицательного числа отрицательный.',
  },
} as const satisfies CaseText

/** What can be wrong with the list of records that readAll gives. */
export const listCases = {
  partitionType: {
    en: 'readAll gave the partition as {got}; it must be a number.',
    ru: 'readAll вернула партицию как {got}, а нужно число.',
    try: {
      en: 'Take partition as eachMessage and eachBatch give it: it is a number. What was the key of an object is a string.',
      ru: 'Возьмите partition таким, каким его дают eachMessage и eachBatch: это число. А ключ объекта — всегда строка.',
    },
  },
  nothing: {
    en: 'readAll resolved to an empty list; the topic holds {wanted} {wanted:record|records}.',
    ru: 'readAll вернула пустой список, а в топике записей: {wanted}.',
    why: {
      en: 'A group that has committed nothing begins at the end of a topic, unless subscribe says fromBeginning: true; and consumer.run resolves before the first record has come.',
      ru: 'Группа, которая ничего не зафиксировала, начинает с конца топика, если не подписаться с fromBeginning: true; а consumer.run завершается раньше, чем приходит первая запись.',
    },
    try: {
      en: 'Subscribe with fromBeginning: true, and wait for the last record of each partition before you return.',
      ru: 'Подпишитесь с fromBeginning: true и до возврата дождитесь последней записи каждой партиции.',
    },
  },
  dropped: {
    en: 'All {wanted} records came to the client; readAll returned {got} of them.',
    ru: 'До клиента дошли все записи ({wanted}), а readAll вернула из них {got}.',
    why: {
      en: 'A record is known by its partition and its offset. Two records with an equal key and value are two records.',
      ru: 'Запись определяют партиция и смещение. Две записи с одинаковыми ключом и значением — это две записи.',
    },
    try: {
      en: 'Follow a record that is missing from the client to your list: is it passed over, cut off at the end, or has readAll ended before it was its turn?',
      ru: 'Проследите путь пропавшей записи от клиента до вашего списка: её пропустили, отрезали вместе с концом списка или readAll закончила раньше, чем дошла до неё?',
    },
  },
  missing: {
    en: 'readAll returned {got} of {wanted} records.',
    ru: 'readAll вернула записей: {got} из {wanted}.',
    why: {
      en: 'Records come partition by partition and in portions; the first portion is seldom all.',
      ru: 'Записи приходят порциями, то из одной партиции, то из другой; первая порция — редко всё.',
    },
    try: {
      en: 'Do not stop before the record endOffset - 1 of each partition has come.',
      ru: 'Не останавливайтесь, пока из каждой партиции не пришла запись endOffset - 1.',
    },
  },
  twice: {
    en: 'readAll returned {twice} {twice:record|records} more than once.',
    ru: 'Повторно readAll вернула записей: {twice}.',
    why: {
      en: 'A consumer that starts anew, or whose partitions were assigned again, goes on from the last committed offset and meets records that it has seen.',
      ru: 'Консюмер, который начал заново или снова получил свои партиции, продолжает с последнего зафиксированного смещения и встречает уже прочитанное.',
    },
    try: {
      en: 'Take a record only if its offset is above the last one that you have taken from its partition.',
      ru: 'Берите запись, только если её смещение больше последнего взятого из этой партиции.',
    },
  },
  foreign: {
    en: 'readAll returned {foreign} {foreign:record that is|records that are} not in the topic.',
    ru: 'readAll вернула и то, чего в топике нет: {foreign} {foreign:запись|записи|записей}.',
    try: {
      en: 'Look where the marked records come from: from another topic (subscribe by name, as a string; a regular expression matches other topics too), or with another partition or offset than the broker gave.',
      ru: 'Посмотрите, откуда отмеченные записи: из другого топика (подписывайтесь по имени, строкой; регулярному выражению подходят и другие топики) или у них не та партиция, не то смещение.',
    },
  },
} as const satisfies Record<string, CaseText>
