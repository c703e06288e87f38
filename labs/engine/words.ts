/** What the engine says about any lab, in both languages: code that throws, hangs, exits, does not load. */
import type { Text } from './lab.ts'
import { fillIn } from './plural.ts'

export const words = {
  notImplemented: {
    en: '{name} is not written yet. Your turn!',
    ru: 'Функция {name} ещё не написана. Ваш ход!',
  },
  missingExport: {
    en: 'The file does not export {name}. Exported now: {found}. Put `export` before the function.',
    ru: 'Файл не экспортирует {name}. Сейчас экспортируется: {found}. Поставьте `export` перед функцией.',
  },
  nothing: { en: 'nothing', ru: 'ничего' },
  wrongExport: {
    en: '{name} is exported, but it is not a function: {found}.',
    ru: '{name} экспортируется, но это не функция: {found}.',
  },
  threw: { en: 'Your code threw an error: {message}', ru: 'Ваш код бросил ошибку: {message}' },
  unhandled: {
    en: 'An error escaped and nobody caught it: {message}. Usually an `await` is missing, or a callback throws.',
    ru: 'Ошибку никто не поймал: {message}. Обычно забыт `await` или ошибку бросает колбэк.',
  },
  timeout: {
    en: 'No result after {seconds} s. A promise of yours never resolves, or something is awaited that never comes.',
    ru: 'Результата нет уже {seconds} с. Какой-то промис не завершается, или код ждёт того, чего не будет.',
  },
  endlessLoop: {
    en: 'Your code kept the processor busy for {seconds} s without a pause: most likely an endless loop. It was stopped.',
    ru: 'Ваш код {seconds} с занимал процессор без передышки: скорее всего, это бесконечный цикл. Он остановлен.',
  },
  exit: {
    en: 'Your code ended the process (process.exit). Return a value or throw an error instead.',
    ru: 'Ваш код завершил процесс (process.exit). Вместо этого верните значение или бросьте ошибку.',
  },
  crash: {
    en: 'The process that ran your code died ({message}). Most likely it ran out of memory.',
    ru: 'Процесс с вашим кодом погиб ({message}). Скорее всего, кончилась память.',
  },
  notRun: {
    en: 'Not run: an earlier test was stopped by force.',
    ru: 'Не запускалась: одну из проверок выше пришлось остановить силой.',
  },
  noAssertion: {
    en: 'The test ended without checking anything.',
    ru: 'Проверка закончилась, ничего не проверив.',
  },
  missingFile: {
    en: 'There is no file {file}. `npm run lab -- reset {lab}` brings the starter back.',
    ru: 'Нет файла {file}. Заготовку вернёт `npm run lab -- reset {lab}`.',
  },
  syntax: {
    en: 'The file cannot be read as TypeScript: {message}',
    ru: 'Файл не читается как TypeScript: {message}',
  },
  load: {
    en: 'The file fails while it is being loaded: {message}',
    ru: 'Файл падает ещё при загрузке: {message}',
  },
  loadLoop: {
    en: 'The file does not finish loading: {seconds} s passed. Look for a loop or an `await` outside functions.',
    ru: 'Файл не загружается до конца: прошло {seconds} с. Ищите цикл или `await` вне функций.',
  },
  machinery: { en: 'The checker itself failed: {message}', ru: 'Сломалась сама проверка: {message}' },
  unreachable: {
    en: 'No Kafka answers at {bootstrap}: {message}',
    ru: 'По адресу {bootstrap} Kafka не отвечает: {message}',
  },
  brokerDidNotStart: {
    en: 'The broker of the lab did not start: {message}',
    ru: 'Брокер для проверки не запустился: {message}',
  },
} as const satisfies Record<string, Text>

/** Fills `{name}` in both languages, and chooses between plural forms at `{name:form|form}` (see plural.ts). */
export function fill(text: Text, facts: Readonly<Record<string, string | number | Text>>): Text {
  return { en: fillIn(text.en, 'en', facts), ru: fillIn(text.ru, 'ru', facts) }
}
