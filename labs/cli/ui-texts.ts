/**
 * What the command line says around the verdicts, in both languages. What goes wrong with commands, files and the
 * system stands in trouble-texts.ts.
 */
import type { Text } from '../engine/lab.ts'

export const ui = {
  passed: { en: 'passed', ru: 'пройдено' },
  failed: { en: 'not yet', ru: 'пока нет' },
  inconclusive: { en: 'inconclusive', ru: 'неясно' },
  environment: { en: 'could not be checked', ru: 'проверить не удалось' },
  unwritten: { en: 'not written yet', ru: 'ещё не написано' },
  notRun: {
    en: 'not run: earlier ones had to be stopped',
    ru: 'не запускалась: предыдущие пришлось остановить',
  },
  headline: {
    en: '{held} of {all} {all:check|checks} passed',
    ru: 'пройдено {held} из {all} {all:проверки|проверок|проверок}',
  },
  seconds: { en: '{seconds} s', ru: '{seconds} с' },
  call: { en: 'during', ru: 'во время вызова' },
  why: { en: 'why', ru: 'почему' },
  try: { en: 'try', ru: 'что попробовать' },
  where: { en: 'where', ru: 'где' },
  belief: {
    en: 'Code behaves exactly like this when its author thinks: “{belief}”',
    ru: 'В точности так ведёт себя код, автор которого думает: «{belief}»',
  },
  repeat: { en: 'The same values again: {command}', ru: 'Те же значения ещё раз: {command}' },
  output: { en: 'Your code printed:', ru: 'Ваш код напечатал:' },
  outputMark: { en: '[you]', ru: '[вы]' },
  outputCut: {
    en: '{cut} more {cut:character is|characters are} not shown.',
    ru: 'Не показано ещё {cut} {cut:символ|символа|символов}.',
  },
  passedCount: {
    en: '{n} {n:check|checks} passed',
    ru: '{n:пройдена|пройдены|пройдено} {n} {n:проверка|проверки|проверок}',
  },
  unwrittenCount: {
    en: '{n} {n:check waits|checks wait} for code that is not written yet',
    ru: '{n} {n:проверка ждёт|проверки ждут|проверок ждут} кода, который ещё не написан',
  },
  failedCount: {
    en: '{n} other {n:check fails|checks fail} too',
    ru: 'не {n:пройдена|пройдены|пройдено} и ещё {n} {n:проверка|проверки|проверок}',
  },
  green: {
    en: 'All checks passed. A solution to compare with: {solution}',
    ru: 'Все проверки пройдены. Решение для сравнения: {solution}',
  },
  greenOnKafka: { en: 'Checked against {bootstrap}.', ru: 'Проверено на {bootstrap}.' },
  bootstrapUnused: {
    en: 'This lab talks to no Kafka: --bootstrap and --docker change nothing here.',
    ru: 'Эта лабораторная не обращается к Kafka: --bootstrap и --docker здесь ничего не меняют.',
  },
  runIt: {
    en: 'Run it for real, on the broker of `npm start`: {command}',
    ru: 'Запустить по-настоящему, на брокере из `npm start`: {command}',
  },
  stretch: { en: 'One step further', ru: 'На шаг дальше' },
  allDone: { en: 'All labs are passed. Well done!', ru: 'Все лабораторные пройдены. Отличная работа!' },
  starting: { en: 'starting…', ru: 'запускаю…' },
  checking: { en: 'checking…', ru: 'проверяю…' },
  checkingSome: { en: 'checking: {done} of {all}', ru: 'проверяю: {done} из {all}' },
  waiting: { en: 'Save {file}, and it is checked again.', ru: 'Сохраните {file}, и я проверю снова.' },
  siteFrom: { en: 'when npm start runs', ru: 'когда запущен npm start' },
  labsDone: { en: 'labs', ru: 'лабораторные' },
  more: {
    en: '{n} more {n:line|lines}: arrow keys',
    ru: 'ещё {n} {n:строка|строки|строк}: стрелками',
  },
  back: { en: 'back', ru: 'назад' },
  notGreen: {
    en: 'Not passed yet: `n` goes on when all checks pass.',
    ru: 'Ещё не пройдено: `n` откроет следующую, когда пройдут все проверки.',
  },
  hint: { en: 'Hint {level} of 3', ru: 'Подсказка {level} из 3' },
  hintFor: { en: 'Hint {level} of 3 for: {name}', ru: 'Подсказка {level} из 3 к проверке: {name}' },
  hintAsk: { en: 'Stuck? npm run lab -- hint {lab}', ru: 'Не получается? npm run lab -- hint {lab}' },
  hintMore: { en: 'h shows the next one.', ru: 'h покажет следующую.' },
  solutionTitle: { en: 'The solution', ru: 'Решение' },
  listTitle: { en: 'The labs', ru: 'Лабораторные' },
  checkAllTitle: { en: 'All labs', ru: 'Все лабораторные' },
  resetAsk: {
    en: 'Put the starter back in place of {file}? Yours is kept as a backup. y/n',
    ru: 'Вернуть заготовку вместо {file}? Ваш файл останется в копии. y/n',
  },
  resetDone: {
    en: '{file} is the starter again. Your version: {backup}',
    ru: '{file} — снова заготовка. Ваша версия: {backup}',
  },
  resetCreated: { en: '{file} is there again, as the starter.', ru: '{file} снова на месте, это заготовка.' },
  resetNothing: { en: '{file} is the starter already.', ru: '{file} и так заготовка.' },
  resetNo: { en: 'Nothing was changed.', ru: 'Ничего не изменилось.' },
  resetWhich: {
    en: 'Which lab is to be reset? For example: npm run lab -- reset 02',
    ru: 'Какую лабораторную вернуть к заготовке? Например: npm run lab -- reset 02',
  },
  solutionLocked: {
    en: 'The solution opens when lab {lab} is passed, or with --give-up.',
    ru: 'Решение откроется, когда лабораторная {lab} будет пройдена, или с ключом --give-up.',
  },
  solutionAsk: {
    en: 'Not passed yet. See the solution all the same? y/n',
    ru: 'Ещё не пройдено. Всё равно показать решение? y/n',
  },
  noTerminal: {
    en: 'This is no terminal to watch in: checking once.',
    ru: 'Следить здесь негде, это не терминал: проверяю один раз.',
  },
  listOpen: { en: 'open', ru: 'не пройдена' },
  listPassed: { en: 'passed', ru: 'пройдена' },
  runTitle: { en: 'For real, on {bootstrap}', ru: 'По-настоящему, на {bootstrap}' },
  runDone: {
    en: 'It is all still there. Look for yourself:',
    ru: 'Всё это осталось в брокере. Посмотрите сами:',
  },
  runPage: {
    en: 'The same inside a page, step by step: {address}',
    ru: 'То же самое по шагам, прямо на странице: {address}',
  },
  runFailed: {
    en: 'It stopped here: {message}',
    ru: 'Здесь всё остановилось: {message}',
  },
  runNone: {
    en: 'Lab {lab} has nothing to run for real.',
    ru: 'В лабораторной {lab} запускать по-настоящему нечего.',
  },
  dockerStarting: {
    en: 'Starting {image} in Docker. The first time, the image is downloaded.',
    ru: 'Запускаю {image} в Docker. В первый раз образ сначала скачается.',
  },
  dockerStarted: {
    en: 'Kafka answers at {bootstrap}. The container is removed afterwards.',
    ru: 'Kafka отвечает по адресу {bootstrap}. После проверки контейнер будет удалён.',
  },
  languageIs: { en: 'Language: English.', ru: 'Язык: русский.' },
  help: {
    en: `npm run lab                         watch the next open lab (or: npm run lab -- 02)
npm run lab -- check [02 03 | all]  check once; exit code 0 passed, 1 not passed, 2 inconclusive,
                                    3 environment, or a command that makes no sense
      --seed S                      the same generated values again
      --bootstrap host:port         check against this Kafka instead of the built-in broker
      --docker                      check against Apache Kafka in a container, started and removed
      --file PATH                   check another file with the checks of this lab
      --json                        the verdict as JSON
npm run lab -- run 02               run your code for real, on the broker of \`npm start\`
      --bootstrap host:port         or on this Kafka
npm run lab -- list [--json]        the labs, and which are passed
npm run lab -- hint 02 [--level 1]  the next hint for the check that failed last, or a given one
npm run lab -- reset 02             the starter again; your file is kept as a backup
npm run lab -- solution 02          once the lab is passed, or with --give-up
npm run lab -- report 02 --wrong-green FILE
                                    a wrong program that passes all checks becomes a wrong solution
      --misconception kebab-name    what to call it
      --belief TEXT                 what its author believes, in English
      --belief-ru TEXT              the same in Russian
      --lang ru|en                  the language of every command; remembered`,
    ru: `npm run lab                         следить за ближайшей непройденной (или: npm run lab -- 02)
npm run lab -- check [02 03 | all]  проверить один раз; код выхода: 0 пройдено, 1 не пройдено, 2 неясно,
                                    3 не то окружение или бессмысленная команда
      --seed S                      ещё раз те же сгенерированные значения
      --bootstrap host:port         проверить на этой Kafka, а не на встроенном брокере
      --docker                      проверить на Apache Kafka в контейнере: он запустится и будет удалён
      --file PATH                   проверить другой файл проверками этой лабораторной
      --json                        вердикт в JSON
npm run lab -- run 02               запустить ваш код по-настоящему, на брокере из \`npm start\`
      --bootstrap host:port         или на этой Kafka
npm run lab -- list [--json]        лабораторные, и какие из них пройдены
npm run lab -- hint 02 [--level 1]  следующая подсказка к последней непройденной проверке или указанная
npm run lab -- reset 02             вернуть заготовку; ваш файл останется в копии
npm run lab -- solution 02          когда лабораторная пройдена, или с --give-up
npm run lab -- report 02 --wrong-green FILE
                                    неверная программа, которая проходит все проверки, станет неверным решением
      --misconception kebab-name    как её назвать
      --belief TEXT                 что думает тот, кто так пишет, по-английски
      --belief-ru TEXT              то же по-русски
      --lang ru|en                  язык всех команд; запоминается`,
  },
} as const satisfies Record<string, Text>

/** The keys of watch mode: what each does, in full and, for a narrow terminal, in a word. */
export const keyTexts = {
  n: { full: { en: 'next lab', ru: 'следующая' }, brief: { en: 'next', ru: 'дальше' } },
  r: { full: { en: 'run for real', ru: 'запустить' }, brief: { en: 'run', ru: 'запуск' } },
  h: { full: { en: 'hint', ru: 'подсказка' }, brief: { en: 'hint', ru: 'подсказка' } },
  l: { full: { en: 'list', ru: 'список' }, brief: { en: 'list', ru: 'список' } },
  c: { full: { en: 'check all', ru: 'проверить все' }, brief: { en: 'all', ru: 'все' } },
  x: { full: { en: 'reset', ru: 'сброс' }, brief: { en: 'reset', ru: 'сброс' } },
  s: { full: { en: 'solution', ru: 'решение' }, brief: { en: 'solution', ru: 'решение' } },
  g: { full: { en: 'русский', ru: 'English' }, brief: { en: 'рус', ru: 'eng' } },
  q: { full: { en: 'quit', ru: 'выход' }, brief: { en: 'quit', ru: 'выход' } },
  esc: { full: { en: 'back', ru: 'назад' }, brief: { en: 'back', ru: 'назад' } },
} as const satisfies Record<string, { full: Text; brief: Text }>
