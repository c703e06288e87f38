/** Lab 11: what is checked of a copy, and what is said when it does not hold. */
import type { TestText } from '../engine/lab.ts'
import { copyHints } from './hints.ts'

const asTheyAre = {
  why: {
    en: 'For Kafka key and value are bytes: they may be Avro, a picture, or no text at all. What becomes text and bytes again is not always the same.',
    ru: 'Для Kafka ключ и значение — байты: там может быть Avro, картинка, вовсе не текст. Байты, из которых сделали текст, а из него снова байты, не всегда те же.',
  },
  try: {
    en: 'Pass message.key and message.value on as they are: Buffers, or null.',
    ru: 'Передавайте message.key и message.value как есть: Buffer или null.',
  },
} as const

const markTry = {
  en: 'Spread the headers of the record first and write yours after them, in one object: the last value of a name counts.',
  ru: 'Сначала разверните заголовки записи, потом напишите свои, в одном объекте: для каждого имени останется последнее значение.',
} as const

export const copyTests = {
  copies: {
    name: {
      en: 'A copy is the record byte for byte, and says where it comes from, how often it has failed and why',
      ru: 'Копия — это запись байт в байт; по ней видно, откуда она, сколько раз не удалась и почему',
    },
    promises: ['bytes', 'marks', 'record'],
    needs: ['goes-on', 'stages'],
    says: {
      missing: {
        en: 'There is no copy of {place} in {topic}, which holds {got} of the {wanted} copies that belong there.',
        ru: 'Копии {place} в {topic} нет; из {wanted} копий, которым там место, там {got}.',
        try: {
          en: 'Each of these records fails twice, with one retry topic: look at what happens to records with null, with bytes that are no text, and to large ones.',
          ru: 'Каждая из этих записей не удаётся дважды, топик повторов один. Посмотрите, что происходит с null, с байтами, которые не текст, и с большими записями.',
        },
      },
      handed: {
        en: 'handle got another key or value than {place} has.',
        ru: 'handle получила не тот ключ или не то значение, что у {place}.',
        ...asTheyAre,
      },
      key: {
        en: 'The copy of {place} in {topic} has another key than the record.',
        ru: 'У копии {place} в {topic} не тот ключ, что у записи.',
        ...asTheyAre,
      },
      value: {
        en: 'The copy of {place} in {topic} has another value than the record.',
        ru: 'У копии {place} в {topic} не то значение, что у записи.',
        ...asTheyAre,
      },
      headers: {
        en: 'The copy of {place} in {topic} does not have the headers of the record.',
        ru: 'У копии {place} в {topic} не те заголовки, что у записи.',
        why: {
          en: 'Headers carry what others rely on: trace ids, types, tenants. kafkajs gives a list for a name that stands there more than once.',
          ru: 'В заголовках лежит то, на что рассчитывают другие: идентификаторы трассировки, типы, арендаторы. Если имя встречается не раз, kafkajs отдаёт список.',
        },
        try: {
          en: 'headers: { ...message.headers, … }: all of them, as kafkajs gave them.',
          ru: 'headers: { ...message.headers, … }: все, как их отдала kafkajs.',
        },
      },
      noMark: {
        en: 'The copy of {place} in {topic} has no header {name}.',
        ru: 'У копии {place} в {topic} нет заголовка {name}.',
        why: {
          en: 'A dead letter is read by a person, weeks later: without the reason and the place it says nothing.',
          ru: 'Dead letter читает человек, через недели: без причины и места она ничего ему не скажет.',
        },
        try: {
          en: 'The table on the page names them. A header is text or bytes: write numbers with String(…).',
          ru: 'Все названы в таблице на странице. Заголовок — это текст или байты: числа пишите через String(…).',
        },
      },
      markTwice: {
        en: 'The copy of {place} in {topic} has the header {name} {got} times.',
        ru: 'У копии {place} в {topic} заголовок {name} стоит {got} {got:раз|раза|раз}.',
        why: {
          en: 'Kafka keeps headers as a list: two of a name are two, and each reader takes another one.',
          ru: 'Kafka хранит заголовки списком: два с одним именем — это два, и каждый читатель возьмёт свой.',
        },
        try: markTry,
      },
      origin: {
        en: 'The copy of {place} in {topic} does not say where the record lies in the original topic.',
        ru: 'По копии {place} в {topic} не видно, где запись лежит в исходном топике.',
        why: {
          en: 'From a retry topic into the next one the copy is a copy of a copy: its own topic, partition and offset are not those of the record.',
          ru: 'Из топика повторов в следующий идёт копия копии: её топик, партиция и смещение — не те, что у записи.',
        },
        try: {
          en: 'Write the three headers at the first copy, and leave them as they are in all others.',
          ru: 'Запишите три заголовка при первом копировании и дальше их не меняйте.',
        },
      },
      attempts: {
        en: 'handle had failed {wanted} {wanted:time|times} with {place}, and its copy in {topic} says retry-attempts: {got}.',
        ru: 'На {place} handle завершилась ошибкой {wanted} {wanted:раз|раза|раз}, а в её копии в {topic} стоит retry-attempts: {got}.',
        try: {
          en: 'How often handle has failed, this time included, as a decimal number.',
          ru: 'Сколько раз handle завершилась ошибкой, считая этот, десятичным числом.',
        },
      },
      reason: {
        en: 'The copy of {place} in {topic} says retry-error: {got}. The last error said: {wanted}.',
        ru: 'В копии {place} в {topic} стоит retry-error: {got}. А последняя ошибка сообщала: {wanted}.',
        try: {
          en: 'The message of the error that handle has thrown this time.',
          ru: 'Сообщение той ошибки, которую handle бросила в этот раз.',
        },
      },
      due: {
        en: 'The copy of {place} in {topic} says retry-due: {got}; it should be about {wanted}, in ms since 1970.',
        ru: 'В копии {place} в {topic} стоит retry-due: {got}, а должно быть около {wanted}, в мс с 1970 года.',
        try: {
          en: 'String(Date.now() + delayMs), with the delay of the topic that the copy goes to.',
          ru: 'String(Date.now() + delayMs), с задержкой топика, в который идёт копия.',
        },
      },
    },
    hints: copyHints,
  },
} as const satisfies Record<string, TestText>
