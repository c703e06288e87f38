/**
 * What the engine says about any lab, in both languages: the kinds of failure that are not a case of the lab's
 * own, and what keeps a file from being judged at all.
 *
 * - nothing is said that is not known to be true of this failure: a kind that may have many causes has no `why`, and
 *   its `try` is a way to find out
 */
import { fillIn } from './plural.ts'
import type { Text } from './text.ts'
import type { FailureKind } from './verdict.ts'

export interface Said {
  readonly says: Text
  readonly why?: Text
  readonly try?: Text
}

export const words = {
  notImplemented: {
    en: '{name} is not written yet. Your turn!',
    ru: 'Функция {name} ещё не написана. Ваш ход!',
  },
  notRun: {
    en: 'Not run: before it, {count} {count:check|checks} had to be stopped by force, which takes seconds each: {checks}.',
    ru: 'Не запускалась: до неё пришлось силой остановить {count} {count:проверку|проверки|проверок}, и на каждую ушли секунды: {checks}.',
  },
  outOfMemory: { en: 'its memory ran out (512 MB)', ru: 'кончилась память (512 МБ)' },
  thisCheck: { en: 'this check', ru: 'этой проверки' },
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
  refusedTry: {
    en: 'The broker of this check was running; that of an earlier check may not be. Look for a producer, consumer or admin that is kept outside of the function: it goes on with the client that it was made from, not with the one that this call got.',
    ru: 'Брокер этой проверки работал, а брокер прошлой мог уже остановиться. Поищите продюсер, консюмер или admin, который хранится вне функции: он работает с тем клиентом, от которого создан, а не с тем, который получил этот вызов.',
  },
  loadLoop: {
    en: 'The file does not finish loading: {seconds} s passed. Look for a loop or an `await` outside functions.',
    ru: 'Файл не загружается до конца: прошло {seconds} с. Ищите цикл или `await` вне функций.',
  },
  exitWhileLoading: {
    en: 'The file ends the process while it is being loaded (process.exit).',
    ru: 'Файл завершает процесс уже при загрузке (process.exit).',
  },
  crashWhileLoading: {
    en: 'The process died while the file was being loaded. {message}',
    ru: 'Процесс погиб при загрузке файла. {message}',
  },
  unreadable: {
    en: 'The file changed while it was being read. Save it again.',
    ru: 'Файл изменился во время чтения. Сохраните его ещё раз.',
  },
  promiseGiven: {
    en: '{call} returned a promise; expected at once: {wanted}.',
    ru: '{call} возвращает промис, а сразу нужно: {wanted}.',
  },
  promiseWhy: {
    en: 'A function marked `async` always returns a promise, whatever stands after its `return`.',
    ru: 'Функция с `async` всегда возвращает промис, что бы ни стояло после её `return`.',
  },
  promiseTry: {
    en: 'Take `async` away: nothing in this function has to be waited for.',
    ru: 'Уберите `async`: ждать в этой функции нечего.',
  },
  usedDice: { en: 'Your code used {sources}.', ru: 'Ваш код обращался к {sources}.' },
  callsBack: { en: 'Your code called: {list}.', ru: 'Ваш код вызвал: {list}.' },
  callsThrew: { en: '{count} threw', ru: 'с ошибкой: {count}' },
  callsOpen: { en: '{count} not answered yet', ru: 'ещё без ответа: {count}' },
  instance: { en: 'Instance {number}', ru: 'Экземпляр {number}' },
  notInFlight: {
    en: 'No verdict: when the crash fell, {count} {count:record was|records were} in flight, and it takes {least} to see anything. Run it again.',
    ru: 'Вердикта нет: в момент сбоя в работе {count:была|были|было} {count} {count:запись|записи|записей}, а чтобы что-то увидеть, нужно не меньше {least}. Запустите ещё раз.',
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

/** What is said of a kind of failure: `{call}` is the call with its arguments, the other facts are the kind's. */
export const kinds: Readonly<
  Record<Exclude<FailureKind, 'wrong-value' | 'wrong-order' | 'missing-export'>, Said>
> = {
  'wrong-type': {
    says: {
      en: '{call} returned {got}; expected: {wanted}.',
      ru: '{call} вернул {got}; ожидалось: {wanted}.',
    },
    try: {
      en: 'Compare what the function returns with the type in its signature.',
      ru: 'Сравните то, что возвращает функция, с типом в её сигнатуре.',
    },
  },
  'missing-return': {
    says: {
      en: '{call} returned nothing (undefined); expected: {wanted}.',
      ru: '{call} ничего не вернул (undefined); ожидалось: {wanted}.',
    },
    try: {
      en: 'Look for a branch that ends without `return`; a function with braces, `() => { … }`, needs one too.',
      ru: 'Найдите ветку, которая кончается без `return`; функции с фигурными скобками, `() => { … }`, он тоже нужен.',
    },
  },
  'argument-changed': {
    says: {
      en: '{call} changed what was passed to it: argument no. {argument}{path}.',
      ru: '{call} изменил то, что ему передали: аргумент № {argument}{path}.',
    },
    why: {
      en: 'The caller still owns what it passes, and may use it again. To freeze it (Object.freeze) is a change too.',
      ru: 'Переданное по-прежнему принадлежит вызывающему, и он может им ещё воспользоваться. Заморозить объект (Object.freeze) — тоже изменение.',
    },
    try: {
      en: 'Change a copy: `{ ...object }`, `[...list]`, `Uint8Array.from(bytes)`.',
      ru: 'Меняйте копию: `{ ...object }`, `[...list]`, `Uint8Array.from(bytes)`.',
    },
  },
  'answer-changed': {
    says: {
      en: 'What {call} returned was right at first and changed later, during another call.',
      ru: 'То, что вернул {call}, сначала было верным, а потом, при другом вызове, изменилось.',
    },
    why: {
      en: 'The caller keeps what it was given; it must not be written into again.',
      ru: 'Полученное остаётся у вызывающего, и писать в него больше нельзя.',
    },
    try: {
      en: 'Make each answer anew: its list, its objects, its bytes.',
      ru: 'Собирайте каждый ответ заново: и список, и объекты в нём, и байты.',
    },
  },
  'argument-returned': {
    says: {
      en: '{call} returned the very object that was passed to it: argument no. {argument}.',
      ru: '{call} вернул тот самый объект, который ему передали: аргумент № {argument}.',
    },
    why: {
      en: 'Whoever changes the answer afterwards changes what he passed, and the other way round.',
      ru: 'Кто потом изменит ответ, изменит и то, что передал, и наоборот.',
    },
    try: {
      en: 'Return a list or an object of its own: `[...list]`, `{ ...object }`.',
      ru: 'Возвращайте отдельный список или объект: `[...list]`, `{ ...object }`.',
    },
  },
  'answer-differs': {
    says: {
      en: '{call} was called twice with equal arguments, and gave two different answers.',
      ru: '{call} вызвали дважды с равными аргументами, и ответы получились разные.',
    },
    why: {
      en: 'What the answer depends on beside the arguments is kept between calls, and the caller cannot see it.',
      ru: 'Ответ зависит не только от аргументов: что-то хранится между вызовами, и вызывающему этого не видно.',
    },
  },
  'left-timer': {
    says: {
      en: '{call} has finished, and timers that your code set are still running: {count}.',
      ru: '{call} завершился, а таймеры, которые поставил ваш код, ещё идут: {count}.',
    },
    why: {
      en: 'A timer that nobody needs any more keeps the process alive until it fires.',
      ru: 'Таймер, который уже никому не нужен, не даёт процессу завершиться, пока не сработает.',
    },
    try: {
      en: 'Keep what setTimeout or setInterval returns, and pass it to clearTimeout or clearInterval; in a `finally`, so that it happens after errors too.',
      ru: 'Сохраните то, что вернул setTimeout или setInterval, и передайте в clearTimeout или clearInterval; лучше в `finally`, чтобы и после ошибок.',
    },
  },
  'answer-shared': {
    says: {
      en: '{call} returned {got}. The number in it was put there by the caller: into the list that an earlier call had returned.',
      ru: '{call} вернул {got}. Число туда положил вызывающий: в список, который вернул один из прежних вызовов.',
    },
    why: {
      en: 'A list that is kept and returned again belongs to all who have ever got it.',
      ru: 'У списка, который сохранили и отдали ещё раз, столько хозяев, сколько раз его отдавали.',
    },
    try: {
      en: 'Make a new list in each call, an empty one too.',
      ru: 'Создавайте новый список при каждом вызове, в том числе пустой.',
    },
  },
  'left-open': {
    says: {
      en: '{call} has finished, and its connections are still open: {count}.',
      ru: '{call} завершился, а его соединения ещё открыты: {count}.',
    },
  },
  printed: {
    says: {
      en: '{call} printed where nothing should be printed.',
      ru: '{call} печатает там, где печатать не нужно.',
    },
  },
  'not-repeatable': {
    says: {
      en: 'The check ran twice on the same inputs: it passed once and failed once. {sources}',
      ru: 'Проверка прошла дважды на одних и тех же данных: один раз успешно, один раз нет. {sources}',
    },
    why: {
      en: 'The same inputs must give a right answer every time, not most of the time.',
      ru: 'На одних и тех же данных ответ должен быть верным всегда, а не чаще всего.',
    },
  },
  threw: {
    says: { en: '{call} threw an error: {message}', ru: '{call} бросил ошибку: {message}' },
  },
  timeout: {
    says: {
      en: '{call} did not finish within {seconds} s.',
      ru: '{call} не завершился за {seconds} с.',
    },
    try: {
      en: 'Find the `await` that is not passed: a console.log before and after each one shows it.',
      ru: 'Найдите `await`, на котором код остановился: это покажет console.log до и после каждого из них.',
    },
  },
  'endless-loop': {
    says: {
      en: '{call} kept the processor busy for {seconds} s without a pause, and was stopped.',
      ru: '{call} занимал процессор {seconds} с без передышки и был остановлен.',
    },
    try: {
      en: 'Look for a loop that does not end: one whose condition does not change in its body. Or for work that grows with the square of the input, such as copying the rest in every step.',
      ru: 'Поищите цикл, который не кончается: в его теле не меняется условие. Или работу, которая растёт как квадрат входа: например, копирование остатка на каждом шаге.',
    },
  },
  exit: {
    says: {
      en: 'During {call} your code ended the process (process.exit).',
      ru: 'Во время {call} ваш код завершил процесс (process.exit).',
    },
    try: {
      en: 'Return a value or throw an error instead: the program that calls you decides when to end.',
      ru: 'Верните значение или бросьте ошибку: когда завершаться, решает вызывающая программа.',
    },
  },
  unhandled: {
    says: {
      en: 'An error was thrown where no code could catch it: {message}. Last call: {call}.',
      ru: 'Ошибка брошена там, где её некому поймать: {message}. Последний вызов: {call}.',
    },
    try: {
      en: 'Look for a promise without `await` or `.catch`, and for a callback that throws.',
      ru: 'Поищите промис без `await` и без `.catch` или колбэк, который бросает ошибку.',
    },
  },
  crash: {
    says: {
      en: 'During {call} the thread with your code died: {message}.',
      ru: 'Во время {call} поток с вашим кодом погиб: {message}.',
    },
  },
  'not-implemented': { says: words.notImplemented },
  'not-run': {
    says: words.notRun,
    try: {
      en: 'Look at the first of those: when it ends by itself, this one is run too.',
      ru: 'Начните с первой из них: когда она будет завершаться сама, запустится и эта.',
    },
  },
}

/** Fills `{name}` in both languages, and chooses between plural forms at `{name:form|form}` (see plural.ts). */
export function fill(text: Text, facts: Readonly<Record<string, string | number | Text>>): Text {
  return { en: fillIn(text.en, 'en', facts), ru: fillIn(text.ru, 'ru', facts) }
}
