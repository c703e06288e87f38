/**
 * Lab 13: hints, three for each function. The code of each stands in the solution, line for line (labs/tests/hints.test.ts),
 * so it is run whenever the solution is.
 */
import type { Hints } from '../engine/lab.ts'

export const topicHints: Hints = [
  {
    en: 'Three cases: the topic is not there; it is there with too few partitions; it is there with enough of them. Which tool creates, which one changes settings, which one adds partitions?',
    ru: 'Случая три: топика нет; он есть, но партиций мало; он есть, и партиций хватает. Какая утилита создаёт, какая меняет настройки, какая добавляет партиции?',
  },
  {
    en: 'kafka-topics --create takes the settings as --config, one each, and with --if-not-exists it leaves alone a topic that is there. What is there gets its settings by kafka-configs --alter --add-config, several of them with commas between; a list stands in brackets then. kafka-topics --alter --partitions wants more partitions than there are, so say it only then.',
    ru: 'kafka-topics --create берёт настройки через --config, по одной, а с --if-not-exists не трогает существующий топик. Тому, что уже есть, настройки задаёт kafka-configs --alter --add-config, несколько — через запятую; список тогда ставят в квадратные скобки. kafka-topics --alter --partitions требует больше партиций, чем есть, поэтому пишите её только в этом случае.',
  },
  {
    en: 'For a topic that is there:',
    ru: 'Если топик уже есть:',
    code: `const settings = \`retention.ms=\${retentionMs},cleanup.policy=[\${policy}]\`
const lines = [\`kafka-configs --entity-type topics --entity-name \${topic} --alter --add-config \${settings}\`]
if (existing.partitions < partitions)
  lines.push(\`kafka-topics --alter --topic \${topic} --partitions \${partitions}\`)`,
  },
]

export const lookHints: Hints = [
  {
    en: 'It is kafka-console-consumer. Ask yourself three things: where does it begin, when does it end, what does it print?',
    ru: 'Это kafka-console-consumer. Задайте себе три вопроса: откуда он начинает, когда заканчивает и что печатает?',
  },
  {
    en: 'It begins at --partition with --offset; without --group it belongs to no group. It ends at --max-messages, or when nothing has come for --timeout-ms: you need both. It prints only values, unless --formatter-property print.partition=true, print.offset=true and print.key=true say otherwise.',
    ru: 'Откуда начать, говорят --partition и --offset; без --group он ни в какой группе не состоит. Заканчивает он после --max-messages записей или когда за --timeout-ms ничего не пришло: нужны оба ключа. Печатает только значения, если не добавить --formatter-property print.partition=true, print.offset=true и print.key=true.',
  },
  {
    en: 'The parts of the line:',
    ru: 'Части строки:',
    code: `const where = \`--topic \${topic} --partition \${partition} --offset \${offset}\`
const limits = \`--max-messages \${count} --timeout-ms 1500\`
const shown = ['partition', 'offset', 'key'].map((what) => \`--formatter-property print.\${what}=true\`)`,
  },
]

export const rewindHints: Hints = [
  {
    en: 'kafka-consumer-groups --reset-offsets. First think which partitions it takes if you name only the topic, and whether anything happens without a word more.',
    ru: 'kafka-consumer-groups --reset-offsets. Сначала подумайте, какие партиции она возьмёт, если назвать только топик, и случится ли что-нибудь, если больше ничего не добавить.',
  },
  {
    en: 'Partitions stand behind the name of the topic: orders:0,2. --to-datetime takes a time in UTC with milliseconds, as toISOString() writes it. And without --execute the plan is only printed.',
    ru: 'Номера партиций пишутся после имени топика: orders:0,2. --to-datetime берёт время UTC с миллисекундами, как его пишет toISOString(). А без --execute план только печатается.',
  },
  {
    en: 'The line:',
    ru: 'Строка:',
    code: `const from = \`--group \${group} --topic \${topic}:\${partitions.join(',')}\`
const to = \`--to-datetime \${new Date(time).toISOString()}\`
return [\`kafka-consumer-groups \${from} --reset-offsets \${to} --execute\`]`,
  },
]

export const stuckHints: Hints = [
  {
    en: 'First a function that makes rows of an output. Then go through the rows of `after` and look up each of them in `before`.',
    ru: 'Сначала функция, которая делает из вывода строки таблицы. Потом пройдите по строкам `after` и каждую найдите в `before`.',
  },
  {
    en: 'Cut a line at its spaces: .split(/ +/). The names of the columns are a line as well; a row is what has a number as its partition. Keep offsets as text: you only ask whether two are equal and whether LAG is 0. The key of a row needs something between topic and partition.',
    ru: 'Режьте строку по пробелам: .split(/ +/). Имена столбцов — тоже строка; строка таблицы — та, где на месте партиции число. Смещения храните как текст: надо лишь узнать, равны ли два и равно ли LAG нулю. В ключе строки поставьте что-нибудь между топиком и партицией.',
  },
  {
    en: 'For each row of `after`:',
    ru: 'Для каждой строки `after`:',
    code: `const was = earlier.get(place)
if (!row.hasLag) continue
if (!row.isOwned) found.push({ topic, partition, why: 'nobody' })
else if (was?.hasLag && was.committed === row.committed)
  found.push({ topic, partition, why: 'stands still' })`,
  },
]

/** About the lab as a whole. */
export const labHints: Hints = [
  {
    en: 'Open the chapter “The command line” beside your editor: each line that you need is there in some form. Type it once by hand before you put it together in code.',
    ru: 'Откройте рядом главу «Командная строка»: все нужные строки там в том или ином виде есть. Прежде чем собирать строку в коде, наберите её один раз руками.',
  },
  {
    en: 'Start `npm start`, make a topic with npm run tool -- kafka-topics, and try your line on it. What does it print the second time? With which exit code does it end (echo $?)?',
    ru: 'Запустите `npm start`, создайте топик через npm run tool -- kafka-topics и попробуйте строку на нём. Что она печатает во второй раз? С каким кодом выхода завершается (echo $?)?',
  },
  {
    en: 'The shortest of the four:',
    ru: 'Самая короткая из четырёх:',
    code: `const from = \`--group \${group} --topic \${topic}:\${partitions.join(',')}\`
const to = \`--to-datetime \${new Date(time).toISOString()}\`
return [\`kafka-consumer-groups \${from} --reset-offsets \${to} --execute\`]`,
  },
]
