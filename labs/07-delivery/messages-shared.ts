/** Lab 07: words that the tests of both consumers share: while nothing fails, and when a crash fell. */
import type { CaseText } from '../engine/lab.ts'

/** While nothing fails: what `handle` was called with. */
export const allCases = {
  shape: {
    en: 'handle was called with {got}; it should get { partition, offset, key, value }.',
    ru: 'handle вызвали с {got}, а она должна получать { partition, offset, key, value }.',
    try: {
      en: 'partition is a number in the payload of eachMessage; offset, key and value are in its message.',
      ru: 'partition — число из аргумента eachMessage; offset, key и value лежат в его message.',
    },
  },
  foreign: {
    en: 'handle was called {count} {count:time|times} with a record that does not belong to this topic, first with {place}.',
    ru: 'handle вызвали с записями, которых в этом топике нет: {count} {count:раз|раза|раз}, первая — {place}.',
    try: {
      en: 'Subscribe to the topic by its name, as a string, and take partition and offset from the same payload.',
      ru: 'Подпишитесь на топик по имени, строкой, и берите партицию и смещение из одного и того же аргумента.',
    },
  },
  together: {
    en: 'handle was called with {later} while its call with {earlier} was still at work.',
    ru: 'handle вызвали с {later}, когда вызов с {earlier} ещё работал.',
    why: {
      en: 'In a partition a record may depend on the one before. And a commit covers all records below it, whether their work has ended or not.',
      ru: 'Внутри партиции запись может зависеть от предыдущей. К тому же фиксация смещения относится ко всем записям ниже него, закончена работа над ними или нет.',
    },
    try: {
      en: 'await handle(…) inside eachMessage; no Promise.all over the records of a batch.',
      ru: 'await handle(…) внутри eachMessage; никаких Promise.all по записям пакета.',
    },
  },
  twice: {
    en: 'Nothing failed, and {count} {count:record was|records were} given to handle more than once, first {place}.',
    ru: 'Ничего не ломалось, а записей, с которыми handle вызвали больше одного раза, — {count}, первая — {place}.',
    try: {
      en: 'Look for what makes the consumer go back: an error of your own after handle, a seek, a second consumer in the same group.',
      ru: 'Ищите, что отбрасывает консюмер назад: ваша собственная ошибка после handle, seek, второй консюмер в той же группе.',
    },
  },
  fromNowOn: {
    en: 'The topic held {wanted} records when the consumer started; none of them came to it.',
    ru: 'Когда консюмер запустился, в топике было {wanted} {wanted:запись|записи|записей}; до него не дошла ни одна.',
    why: {
      en: 'A group that has committed nothing begins at the end of a topic, unless subscribe says fromBeginning: true.',
      ru: 'Группа, которая ничего не зафиксировала, начинает с конца топика, если не подписаться с fromBeginning: true.',
    },
    try: {
      en: 'consumer.subscribe({ topics: [topic], fromBeginning: true }), before run.',
      ru: 'consumer.subscribe({ topics: [topic], fromBeginning: true }), до run.',
    },
  },
  order: {
    en: 'handle was called with {place} after a later record of the same partition.',
    ru: 'handle вызвали с {place} после более поздней записи той же партиции.',
    try: {
      en: 'Take the records of a partition in the order in which kafkajs gives them.',
      ru: 'Берите записи партиции в том порядке, в котором их отдаёт kafkajs.',
    },
  },
  missing: {
    en: 'handle was called with {got} of the {wanted} records that the topic held when the consumer started; the first missing one is {place}.',
    ru: 'Когда консюмер запустился, в топике было записей: {wanted}; в handle попало {got}, первая пропавшая — {place}.',
    try: {
      en: 'Follow that record from eachMessage to handle: what lets it fall?',
      ru: 'Проследите путь этой записи от eachMessage до handle: где она выпадает?',
    },
  },
  laterMissing: {
    en: 'While the consumer ran, {wanted} more records were sent; {got} of them came to handle.',
    ru: 'Пока консюмер работал, отправили ещё записей: {wanted}; в handle попало {got}.',
    try: {
      en: 'Keep the consumer running until stop() is called.',
      ru: 'Консюмер должен работать, пока не вызовут stop().',
    },
  },
  differs: {
    en: 'Keys or values that came to handle are not what was sent: {count}.',
    ru: 'Ключи или значения попали в handle не такими, какими их отправили: {count}.',
    try: {
      en: 'kafkajs gives Buffers, and null where there is no key: message.key?.toString() ?? null.',
      ru: 'kafkajs отдаёт Buffer, а где ключа нет — null: message.key?.toString() ?? null.',
    },
  },
} as const satisfies Record<string, CaseText>

/** How the crash could not be judged. */
export const crashCases = {
  never: {
    en: 'The moment of the crash did not come within 5 s: handle was called {got} {got:time|times}, and the topic holds {wanted} records.',
    ru: 'За 5 с до момента падения дело не дошло: handle вызвали {got} {got:раз|раза|раз}, а записей в топике {wanted}.',
    try: {
      en: 'Let the consumer read the whole topic first; what the checks above it say helps.',
      ru: 'Добейтесь сначала, чтобы консюмер читал весь топик: смотрите, что говорят проверки выше.',
    },
  },
  stuck: {
    en: 'After the restart handle was not called for 5 s. The committed offset of the group is {committed}, the partition ends at {wanted}.',
    ru: 'После перезапуска handle не вызывали 5 с. Зафиксированное смещение группы — {committed}, а партиция кончается на {wanted}.',
    try: {
      en: 'A new run must need nothing but what the group has committed.',
      ru: 'Новому запуску должно хватать того, что зафиксировала группа.',
    },
  },
} as const satisfies Record<string, CaseText>
