/** Lab 01: what the tests of `readAll` check, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { readHints } from './hints.ts'
import { listCases, textCases } from './messages-shared.ts'

const ownGroup = {
  en: "Give each call a group id of its own: `'read-' + randomUUID()`. A time will not do: two calls may begin in the same millisecond.",
  ru: "Дайте каждому вызову свой id группы: `'read-' + randomUUID()`. Время не подойдёт: два вызова могут начаться в одну миллисекунду.",
} as const

const empty = {
  en: 'The topic holds no records; readAll returned {got}.',
  ru: 'Записей в топике нет, а readAll вернула {got}.',
  try: { en: 'Return an empty list.', ru: 'Верните пустой список.' },
} as const

const silent = {
  en: 'readAll did not finish within {seconds} s.',
  ru: 'readAll не завершилась за {seconds} с.',
} as const

export const readTests = {
  'read-all': {
    name: {
      en: 'readAll returns every record of every partition once, and none of another topic',
      ru: 'readAll возвращает все записи всех партиций по одному разу и ни одной чужой',
    },
    promises: ['read-all'],
    says: {
      ...listCases,
      silentNothing: {
        en: 'readAll did not finish within {seconds} s. Not one of the {wanted} records came to its consumer.',
        ru: 'readAll не завершилась за {seconds} с. До её консюмера не дошло ни одной записи из {wanted}.',
        why: {
          en: 'A group that has committed nothing begins at the end of a topic, unless subscribe says fromBeginning: true.',
          ru: 'Группа, которая ничего не зафиксировала, начинает с конца топика, если не подписаться с fromBeginning: true.',
        },
        try: {
          en: 'Look at the arguments of subscribe and at the group id: is it new for each call?',
          ru: 'Посмотрите на аргументы subscribe и на id группы: он новый для каждого вызова?',
        },
      },
      inTurn: {
        en: 'readAll did not finish within {seconds} s. By then it had read with {groups} consumers, one after the other.',
        ru: 'readAll не завершилась за {seconds} с. К этому времени она читала по очереди, консюмеров было: {groups}.',
        why: {
          en: 'To join a group takes seconds: its coordinator waits for further members first, by default for 3 s. A topic may have 60 partitions with records.',
          ru: 'На вход в группу уходят секунды: сначала её координатор ждёт других участников, по умолчанию 3 с. А партиций с записями в топике может быть 60.',
        },
        try: {
          en: 'Read all partitions with one consumer: alone in its group, it gets all of them.',
          ru: 'Читайте все партиции одним консюмером: если в группе он один, он получает их все.',
        },
      },
      byTime: {
        en: '{missing} {missing:record is|records are} missing: only such as have timestamps of weeks or years ago, or of the future.',
        ru: 'Не хватает записей: {missing}. У всех этих записей метки времени далеки от текущего: недели и годы назад или в будущем.',
        why: {
          en: 'A timestamp is what the sender wrote: records that were copied from elsewhere bring old ones. What retention has not deleted is in the topic.',
          ru: 'Метку времени ставит отправитель: у записей, скопированных из другого места, она старая. Пока записи не удалены по сроку хранения, они есть в топике.',
        },
        try: {
          en: 'Do not look at timestamps: between startOffset and endOffset, each record counts.',
          ru: 'Не смотрите на метки времени: от startOffset до endOffset считается каждая запись.',
        },
      },
      silentAll: {
        en: 'All {wanted} records came to the consumer, and readAll did not finish within {seconds} s.',
        ru: 'До консюмера дошли все записи ({wanted}), а readAll не завершилась за {seconds} с.',
        why: {
          en: 'The last record of a partition has the offset endOffset - 1; nothing comes after it. And disconnect() waits until eachMessage has returned.',
          ru: 'У последней записи партиции смещение endOffset - 1, после неё ничего не придёт. А disconnect() ждёт, пока вернётся eachMessage.',
        },
        try: {
          en: 'Find what readAll still waits for: a further record, or a disconnect() inside eachMessage.',
          ru: 'Найдите, чего ещё ждёт readAll: следующей записи или disconnect() внутри eachMessage.',
        },
      },
      silent,
      onePartition: {
        en: 'readAll returned records of partition {partition} only; the topic has {partitions} partitions.',
        ru: 'readAll вернула только записи партиции {partition}; всего партиций в топике: {partitions}.',
        why: {
          en: 'A topic is as many logs as it has partitions. A consumer that is alone in its group gets all of them.',
          ru: 'Топик — это столько журналов, сколько в нём партиций. Консюмер, который в группе один, получает их все.',
        },
        try: {
          en: 'Take the records of all partitions, and wait for the last one of each.',
          ru: 'Берите записи всех партиций и дождитесь последней в каждой.',
        },
      },
    },
    hints: readHints,
  },
  'read-order': {
    name: {
      en: 'Within a partition the records come in the order of their offsets',
      ru: 'Внутри партиции записи идут в порядке смещений',
    },
    promises: ['read-order'],
    needs: ['read-all'],
    says: {
      ...listCases,
      order: {
        en: 'Partition {partition} came in the order {got}.',
        ru: 'Партиция {partition} пришла в порядке {got}.',
        why: {
          en: 'The offset is the only order that Kafka keeps in a partition. Values and keys say nothing about it, and a timestamp is what the sender’s clock said.',
          ru: 'В партиции Kafka хранит один порядок — порядок смещений. Ключи и значения о нём не говорят, а метка времени — это показание часов отправителя.',
        },
        try: {
          en: 'Keep the order in which the records come, or sort by offset as BigInt.',
          ru: 'Оставьте порядок, в котором записи приходят, или сортируйте по смещению как BigInt.',
        },
      },
    },
    hints: readHints,
  },
  'read-text': {
    name: {
      en: 'Key and value of each record are exactly what was sent',
      ru: 'Ключ и значение каждой записи в точности такие, как отправили',
    },
    promises: ['read-text'],
    needs: ['read-all'],
    says: { ...listCases, ...textCases },
    hints: readHints,
  },
  'read-again': {
    name: {
      en: 'readAll reads everything again at each call',
      ru: 'readAll при каждом вызове читает всё заново',
    },
    promises: ['read-again'],
    needs: ['read-all'],
    says: {
      ...listCases,
      silent: {
        en: 'The first call returned everything; the second did not finish within {seconds} s.',
        ru: 'Первый вызов вернул всё; второй не завершился за {seconds} с.',
      },
      sameGroup: {
        en: 'The first call returned everything. The second joined the same group, {group}, and did not return the {wanted} records within {seconds} s.',
        ru: 'Первый вызов вернул всё. Второй вошёл в ту же группу {group} и за {seconds} с не вернул {wanted} {wanted:запись|записи|записей}, которые есть в топике.',
        why: {
          en: 'A group commits how far it has read, and goes on from there. fromBeginning counts only where it has committed nothing.',
          ru: 'Группа фиксирует, докуда дочитала, и продолжает оттуда. fromBeginning действует, только если она ничего не зафиксировала.',
        },
        try: ownGroup,
      },
      sameGroupAnew: {
        en: 'Your program had read the topic and was started anew. Its first call joined {group}, a group that the program had used before, and did not return the {wanted} records within {seconds} s.',
        ru: 'Ваша программа уже читала топик, и её запустили снова. Первый вызов вошёл в группу {group}, которой она уже пользовалась, и за {seconds} с не вернул {wanted} {wanted:запись|записи|записей}, которые есть в топике.',
        why: {
          en: 'A counter begins anew with each start, and another machine counts the same. The group has committed how far it has read, and goes on from there.',
          ru: 'Счётчик при каждом запуске начинается сначала, и на другой машине он такой же. Группа зафиксировала, докуда дочитала, и продолжает оттуда.',
        },
        try: ownGroup,
      },
      silentAnew: {
        en: 'Your program had read the topic and was started anew. Its first call did not finish within {seconds} s.',
        ru: 'Ваша программа уже читала топик, и её запустили снова. Первый вызов не завершился за {seconds} с.',
      },
      stale: {
        en: 'Between the two calls {added} {added:record was|records were} sent; the second call returned what the first had, without them.',
        ru: 'Между двумя вызовами отправлено записей: {added}; второй вызов вернул то же, что первый, без них.',
        why: {
          en: 'What an earlier call has read says nothing about what is in the topic now.',
          ru: 'По тому, что прочитал прошлый вызов, не узнать, что лежит в топике сейчас.',
        },
        try: {
          en: 'Ask the broker at each call; keep nothing between calls.',
          ru: 'Спрашивайте брокер при каждом вызове; ничего не храните между вызовами.',
        },
      },
      deleted: {
        en: 'After the second call {deleted} {deleted:record was|records were} deleted; the third call returned what the second had, those included.',
        ru: 'После второго вызова удалено записей: {deleted}; третий вызов вернул то же, что второй, вместе с ними.',
        why: {
          en: 'Deleting moves the start offset; the end offset stays. Equal end offsets do not mean equal content.',
          ru: 'Удаление сдвигает начальное смещение, конечное не меняется. Одинаковые конечные смещения не значат, что содержимое прежнее.',
        },
        try: {
          en: 'Ask the broker at each call; keep nothing between calls.',
          ru: 'Спрашивайте брокер при каждом вызове; ничего не храните между вызовами.',
        },
      },
    },
    hints: readHints,
  },
  'read-together': {
    name: {
      en: 'Several calls of readAll at the same time get everything each',
      ru: 'Если вызовов readAll одновременно несколько, каждый получает всё',
    },
    promises: ['read-together', 'together'],
    needs: ['read-all', 'read-again'],
    says: {
      ...listCases,
      silent: {
        en: '{calls} calls read at the same time; one of them did not finish within {seconds} s.',
        ru: 'Одновременно читали {calls} {calls:вызов|вызова|вызовов}; один из них не завершился за {seconds} с.',
        try: {
          en: 'Calls at the same time share nothing if each has a consumer and a group of its own.',
          ru: 'Одновременные вызовы ничего не делят, если у каждого свой консюмер и своя группа.',
        },
      },
      threw: {
        en: '{calls} calls read at the same time, and one of them was rejected: {message}',
        ru: 'Одновременно читали {calls} {calls:вызов|вызова|вызовов}, и промис одного из них отклонён: {message}',
        try: {
          en: 'Calls at the same time share nothing if each has a consumer and a group of its own.',
          ru: 'Одновременные вызовы ничего не делят, если у каждого свой консюмер и своя группа.',
        },
      },
      sameGroup: {
        en: '{calls} calls read at the same time, and together they joined {groups} {groups:group|groups}. Not every one of them returned the {wanted} records, each once, within {seconds} s.',
        ru: 'Одновременно читали {calls} {calls:вызов|вызова|вызовов}, а {groups:группа|группы|групп} на всех {groups}. Не каждый за {seconds} с вернул все записи ({wanted}) по одному разу.',
        why: {
          en: 'The partitions are shared out among the members of a group: each record goes to one of them. When a member comes or goes, they are shared out anew.',
          ru: 'Партиции делятся между членами группы: каждая запись достаётся одному из них. Когда кто-то приходит или уходит, партиции делят заново.',
        },
        try: ownGroup,
      },
    },
    hints: readHints,
  },
  'read-empty': {
    name: {
      en: 'readAll of a topic without records returns an empty list',
      ru: 'readAll топика без записей возвращает пустой список',
    },
    promises: ['read-empty'],
    says: {
      empty,
      never: {
        en: 'The topic holds no records; readAll did not finish within {seconds} s.',
        ru: 'Записей в топике нет, а readAll не завершилась за {seconds} с.',
        why: {
          en: 'No record will come that could end the waiting.',
          ru: 'Не придёт ни одной записи, на которой ожидание могло бы закончиться.',
        },
        try: {
          en: 'Compare start and end offsets before you consume.',
          ru: 'Сравните начальные и конечные смещения до чтения.',
        },
      },
      neverDeleted: {
        en: 'All records of the topic have been deleted; readAll did not finish within {seconds} s.',
        ru: 'Все записи топика удалены, а readAll не завершилась за {seconds} с.',
        why: {
          en: 'When all records are deleted, the start offset is equal to the end offset, and neither is 0. No record will come.',
          ru: 'Когда удалены все записи, начальное смещение равно конечному и оба не равны 0. Ни одной записи не придёт.',
        },
        try: {
          en: 'A partition is empty if its start and end offsets are equal, not if its end offset is 0.',
          ru: 'Партиция пуста, если её начальное и конечное смещения равны, а не если конечное равно 0.',
        },
      },
    },
    hints: readHints,
  },
  'read-late': {
    name: {
      en: 'readAll waits for records that come late',
      ru: 'readAll дожидается записей, которые приходят с задержкой',
    },
    promises: ['read-late'],
    needs: ['read-all'],
    says: {
      ...listCases,
      early: {
        en: 'Some of the records came late; readAll returned {got} of {wanted}, without them.',
        ru: 'Часть записей пришла с задержкой; readAll вернула {got} из {wanted}, не дождавшись.',
        why: {
          en: 'A broker may be slow, and a leader may have just changed. How long it takes is not known beforehand; which record is the last one is.',
          ru: 'Брокер бывает медленным, лидер мог только что смениться. Сколько ждать, заранее не узнать, а какая запись последняя — можно.',
        },
        try: {
          en: 'Finish when the record endOffset - 1 of each partition has come, not when some time has passed.',
          ru: 'Завершайтесь, когда из каждой партиции пришла запись endOffset - 1, а не когда прошло сколько-то времени.',
        },
      },
      gaveUp: {
        en: 'Some of the records came late, and readAll was rejected: {message}',
        ru: 'Часть записей пришла с задержкой, и промис readAll отклонён: {message}',
        try: {
          en: 'Wait for longer: the records may come up to 10 s after the call began.',
          ru: 'Ждите дольше: записи могут прийти через 10 с после начала вызова.',
        },
      },
    },
    hints: readHints,
  },
  'read-trimmed': {
    name: {
      en: 'readAll works when the oldest records have been deleted',
      ru: 'readAll работает, когда самые старые записи уже удалены',
    },
    promises: ['read-trimmed'],
    needs: ['read-all'],
    says: {
      ...listCases,
      silent: {
        ...silent,
        why: {
          en: 'The oldest records of a partition have been deleted: fewer will come than its end offset says, and none with the offset 0.',
          ru: 'Самые старые записи одной партиции удалены: придёт их меньше, чем её конечное смещение, и записи со смещением 0 среди них не будет.',
        },
        try: {
          en: 'Wait for the record endOffset - 1, or for endOffset - startOffset records.',
          ru: 'Ждите запись endOffset - 1 или endOffset - startOffset записей.',
        },
      },
    },
    hints: readHints,
  },
  'read-large': {
    name: {
      en: 'readAll returns thousands of records, and megabytes',
      ru: 'readAll возвращает тысячи записей и мегабайты',
    },
    promises: ['read-large', 'time'],
    needs: ['read-all'],
    says: listCases,
    hints: readHints,
  },
} as const satisfies Record<string, TestText>
