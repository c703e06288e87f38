/** What the command line says around the verdicts, in both languages. */
import type { Text } from '../engine/lab.ts'

export const ui = {
  passed: { en: 'passed', ru: 'пройдено' },
  failed: { en: 'not yet', ru: 'пока нет' },
  inconclusive: { en: 'inconclusive', ru: 'неясно' },
  environment: { en: 'could not check', ru: 'проверить не удалось' },
  headline: { en: '{held} of {all} checks hold', ru: 'выполнено проверок: {held} из {all}' },
  why: { en: 'why', ru: 'почему' },
  try: { en: 'try', ru: 'что попробовать' },
  where: { en: 'where', ru: 'где' },
  belief: {
    en: 'Code does this when one believes: {belief}',
    ru: 'Так ведёт себя код, если считать: {belief}',
  },
  repeat: { en: 'The same values again: {command}', ru: 'Повторить с теми же значениями: {command}' },
  output: { en: 'Your code printed:', ru: 'Ваш код напечатал:' },
  outputMark: { en: '[you]', ru: '[вы]' },
  moreFailures: {
    en: 'The first failure is explained; the others often go with it.',
    ru: 'Объяснена первая неудача; остальные часто уходят вместе с ней.',
  },
  green: {
    en: 'All green. The solution for comparison: {solution}',
    ru: 'Всё сходится. Решение для сравнения: {solution}',
  },
  greenOnKafka: { en: 'Checked against {bootstrap}.', ru: 'Проверено на {bootstrap}.' },
  allDone: { en: 'All labs are done. Well built!', ru: 'Все лабораторные пройдены. Отличная работа!' },
  checkingRest: { en: 'checking the rest…', ru: 'проверяю остальное…' },
  checking: { en: 'checking…', ru: 'проверяю…' },
  waiting: { en: 'Save {file} to check it again.', ru: 'Сохраните {file}, и я проверю снова.' },
  seconds: { en: '{seconds} s', ru: '{seconds} с' },
  keysGreen: {
    en: 'n next · h hint · l list · c check all · x reset · s solution · g русский · q quit',
    ru: 'n дальше · h подсказка · l список · c проверить всё · x сброс · s решение · g English · q выход',
  },
  keys: {
    en: 'h hint · l list · c check all · x reset · s solution · g русский · q quit',
    ru: 'h подсказка · l список · c проверить всё · x сброс · s решение · g English · q выход',
  },
  notGreen: {
    en: 'Not green yet: `n` opens when all checks hold.',
    ru: 'Ещё не всё сходится: `n` откроется, когда пройдут все проверки.',
  },
  hint: { en: 'Hint {level} of 3', ru: 'Подсказка {level} из 3' },
  resetAsk: {
    en: 'Put the starter back in place of {file}? Yours is kept as a backup. y/n',
    ru: 'Вернуть заготовку вместо {file}? Ваш файл сохранится в копии. y/n',
  },
  resetDone: {
    en: '{file} is the starter again. Yours: {backup}',
    ru: '{file} снова заготовка. Ваш файл: {backup}',
  },
  resetNothing: { en: '{file} is the starter already.', ru: '{file} и так заготовка.' },
  resetNo: { en: 'Nothing was changed.', ru: 'Ничего не изменено.' },
  solutionLocked: {
    en: 'The solution opens when lab {lab} is green, or with --give-up.',
    ru: 'Решение откроется, когда лабораторная {lab} будет пройдена, или с --give-up.',
  },
  solutionAsk: {
    en: 'Not green yet. Give up and see the solution? y/n',
    ru: 'Ещё не пройдено. Сдаться и посмотреть решение? y/n',
  },
  noTerminal: {
    en: 'No terminal: one check instead of watching.',
    ru: 'Терминала нет: одна проверка вместо наблюдения.',
  },
  unknownLab: { en: 'There is no lab {name}. Known: {labs}.', ru: 'Лабораторной {name} нет. Есть: {labs}.' },
  unknownCommand: {
    en: 'Unknown command: {name}. Known: {commands}.',
    ru: 'Неизвестная команда: {name}. Есть: {commands}.',
  },
  unknownOption: {
    en: 'Unknown option: {name}. Known: {options}.',
    ru: 'Неизвестный ключ: {name}. Есть: {options}.',
  },
  badValue: {
    en: 'Bad value for {name}: {value}. Expected: {wanted}.',
    ru: 'Неверное значение {name}: {value}. Нужно: {wanted}.',
  },
  listOpen: { en: 'open', ru: 'не пройдена' },
  listPassed: { en: 'passed', ru: 'пройдена' },
  page: {
    en: 'page: /labs/{page} on the site of `npm start`',
    ru: 'страница: /ru/labs/{page} на сайте из `npm start`',
  },
  languageIs: { en: 'Language: English.', ru: 'Язык: русский.' },
  help: {
    en: `npm run lab                         watch the next open lab (or: npm run lab -- 02)
npm run lab -- check [02 | all]     check once; exit code 0 passed, 1 failed, 2 inconclusive, 3 environment or usage
      --seed S                      the same generated values again
      --bootstrap host:port         check against this Kafka instead of the built-in broker
      --file PATH                   check another file with this lab's suite
      --json                        the verdict as JSON
npm run lab -- list                 labs and progress
npm run lab -- hint 02 [--level 1]  the next hint, or a given one
npm run lab -- reset 02             the starter again; your file is kept as a backup
npm run lab -- solution 02          after green, or with --give-up
      --lang ru|en                  the language; remembered`,
    ru: `npm run lab                         следить за следующей лабораторной (или: npm run lab -- 02)
npm run lab -- check [02 | all]     проверить один раз; код выхода: 0 пройдено, 1 нет, 2 неясно, 3 среда или вызов
      --seed S                      те же сгенерированные значения
      --bootstrap host:port         проверить на этой Kafka, а не на встроенном брокере
      --file PATH                   проверить другой файл по проверкам этой лабораторной
      --json                        вердикт в JSON
npm run lab -- list                 лабораторные и что пройдено
npm run lab -- hint 02 [--level 1]  следующая подсказка или указанная
npm run lab -- reset 02             вернуть заготовку; ваш файл сохранится в копии
npm run lab -- solution 02          после прохождения или с --give-up
      --lang ru|en                  язык; запоминается`,
  },
} as const satisfies Record<string, Text>
