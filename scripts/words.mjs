/**
 * All messages of the launchers, in English and Russian.
 * The language is that of --lang, else the terminal's locale.
 */

/**
 * @typedef {object} Words
 * @property {(have: string, need: string) => string} oldNode
 * @property {(count: number) => string} installing
 * @property {(count: number) => string} installingAgain
 * @property {(seconds: number) => string} stillInstalling
 * @property {(seconds: number) => string} installed
 * @property {(pid: number | undefined) => string} waitingForInstall
 * @property {(folder: string, why: string) => string} notWritable
 * @property {string} installFailed
 * @property {(version: string) => string} retryWithoutScripts
 * @property {(platform: string, have: string) => string} noPinnedNode
 * @property {(file: string) => string} missingFile
 * @property {string} starting
 * @property {(log: string) => string} brokerFailed
 * @property {(code: number | string, log: string) => string} brokerEnded
 * @property {string} buildingSite
 * @property {(seconds: number) => string} siteBuilt
 * @property {string} siteFailed
 * @property {(port: number, what: string, option: string, other: string) => string} portTaken
 * @property {(port: number, what: string, why: string, option: string, other: string) => string} portRefused
 * @property {(port: number, option: string, other: string) => string} samePort
 * @property {string} theBroker
 * @property {string} theSite
 * @property {(option: string, meant: string | undefined) => string} unknownOption
 * @property {(option: string, value: string) => string} badValue
 * @property {string} help
 * @property {(what: { bootstrap: string, data: string, log: string, site: string | undefined }) => string} running
 *   site: the address of its front page in the language, undefined without a site
 * @property {string} stopping
 * @property {string} stopped
 */

/** @type {Words} */
const english = {
  oldNode: (have, need) => `Offset Zero needs Node.js ${need} or newer, this is ${have}: https://nodejs.org`,
  installing: (count) => `Installing ${count} packages. It happens once and takes a minute or two.`,
  installingAgain: (count) => `The dependencies have changed: installing ${count} packages again.`,
  stillInstalling: (seconds) => `  installing: ${seconds} s`,
  installed: (seconds) => `Installed in ${seconds} s.`,
  waitingForInstall: (pid) =>
    `Another command${pid ? ` (process ${pid})` : ''} is installing the packages already. Waiting until it has finished.`,
  notWritable: (folder, why) =>
    `Nothing can be written to ${folder} (${why}). Free some space or correct its permissions, then run the same command again.`,
  installFailed: 'npm ci failed. Its error is above: fix it, then run the same command again.',
  retryWithoutScripts: (version) =>
    `npm ci failed. Trying once more without install scripts, so with your own Node.js ${version}.`,
  noPinnedNode: (platform, have) =>
    `Node.js 24 could not be installed beside the project (${platform}), and your own is ${have}. ` +
    'Install Node.js 24 (https://nodejs.org), then run the same command again.',
  missingFile: (file) => `${file} is missing: is the checkout complete? Try: git status`,
  starting: 'Starting the broker.',
  brokerFailed: (log) => `The broker did not start. Its log: ${log}`,
  brokerEnded: (code, log) => `The broker stopped unexpectedly (${code}). Its log: ${log}`,
  buildingSite:
    'Building the site in two languages. This is needed when its sources have changed, and takes about a minute.',
  siteBuilt: (seconds) => `The site was built in ${seconds} s.`,
  siteFailed: "Building the site failed. The builder's error is above.",
  portTaken: (port, what, option, other) =>
    `Port ${port} (${what}) is in use by another program. Stop it, or choose another: npm start -- ${option} ${other}`,
  portRefused: (port, what, why, option, other) =>
    `Port ${port} (${what}) cannot be opened: ${why}. Choose another: npm start -- ${option} ${other}`,
  samePort: (port, option, other) =>
    `The broker and the site cannot share port ${port}: npm start -- ${option} ${other}`,
  theBroker: 'for the broker',
  theSite: 'for the site',
  unknownOption: (option, meant) =>
    `Unknown option ${option}.${meant ? ` Did you mean ${meant}?` : ''} npm start -- --help shows all options.`,
  badValue: (option, value) =>
    `Option ${option} does not take "${value}". npm start -- --help shows its values.`,
  help: `npm start -- [options]

  --port N        the broker's port on 127.0.0.1 (9092)
  --site-port N   the site's port on localhost (3000)
  --data DIR      where the broker keeps its files (.offset-zero/data)
  --lang en|ru    the language of these messages and of the labs; remembered (at first: the terminal's)
  --no-site       the broker alone`,
  running: ({ bootstrap, data, site, log }) =>
    [
      '',
      'Offset Zero is running.',
      `  Broker   ${bootstrap}   data in ${data}, log in ${log}`,
      ...(site ? [`  Site     ${site}`] : []),
      '',
      'What to do next:',
      ...(site ? [`  1. Read the first chapter: ${site}start/`] : []),
      `  ${site ? '2' : '1'}. Open a second terminal here and begin the labs: npm run lab`,
      '',
      'Ctrl-C stops everything. Topics and records are kept.',
      '',
    ].join('\n'),
  stopping: 'Stopping.',
  stopped: 'Stopped.',
}

/** @type {Words} */
const russian = {
  oldNode: (have, need) =>
    `Offset Zero требует Node.js ${need} или новее, а здесь ${have}: https://nodejs.org`,
  installing: (count) => `Ставлю пакеты (${count}). Это нужно один раз и займёт минуту-две.`,
  installingAgain: (count) => `Зависимости изменились: ставлю пакеты заново (${count}).`,
  stillInstalling: (seconds) => `  идёт установка: ${seconds} с`,
  installed: (seconds) => `Пакеты установлены за ${seconds} с.`,
  waitingForInstall: (pid) =>
    `Пакеты уже ставит другая команда${pid ? ` (процесс ${pid})` : ''}. Жду, пока она закончит.`,
  notWritable: (folder, why) =>
    `Не получается писать в папку ${folder} (${why}). Освободите место или исправьте права и повторите ту же команду.`,
  installFailed: 'Команда npm ci не удалась. Причина выше: устраните её и повторите ту же команду.',
  retryWithoutScripts: (version) =>
    `Команда npm ci не удалась. Пробую ещё раз без установочных скриптов, то есть с вашим Node.js ${version}.`,
  noPinnedNode: (platform, have) =>
    `Не получилось поставить Node.js 24 рядом с проектом (${platform}), а ваш собственный — ${have}. ` +
    'Установите Node.js 24 (https://nodejs.org) и повторите ту же команду.',
  missingFile: (file) => `Нет файла ${file}: всё ли скачалось? Проверьте: git status`,
  starting: 'Запускаю брокер.',
  brokerFailed: (log) => `Брокер не запустился. Его журнал: ${log}`,
  brokerEnded: (code, log) => `Брокер завершился сам (${code}). Его журнал: ${log}`,
  buildingSite:
    'Собираю сайт на двух языках. Это нужно, когда изменились его исходники, и занимает около минуты.',
  siteBuilt: (seconds) => `Сайт собран за ${seconds} с.`,
  siteFailed: 'Сайт не собрался. Что сказал сборщик, видно выше.',
  portTaken: (port, what, option, other) =>
    `Порт ${port} (${what}) занят другой программой. Остановите её или выберите другой порт: npm start -- ${option} ${other}`,
  portRefused: (port, what, why, option, other) =>
    `Порт ${port} (${what}) не открывается: ${why}. Выберите другой: npm start -- ${option} ${other}`,
  samePort: (port, option, other) =>
    `Брокеру и сайту нужны разные порты, а не один ${port}: npm start -- ${option} ${other}`,
  theBroker: 'для брокера',
  theSite: 'для сайта',
  unknownOption: (option, meant) =>
    `Неизвестный параметр ${option}.${meant ? ` Может быть, ${meant}?` : ''} Все параметры: npm start -- --help`,
  badValue: (option, value) =>
    `Параметр ${option} не принимает «${value}». Что он принимает: npm start -- --help`,
  help: `npm start -- [параметры]

  --port N        порт брокера на 127.0.0.1 (9092)
  --site-port N   порт сайта на localhost (3000)
  --data DIR      папка, где брокер хранит свои файлы (.offset-zero/data)
  --lang en|ru    язык этих сообщений и лабораторных; запоминается (сначала это язык терминала)
  --no-site       только брокер, без сайта`,
  running: ({ bootstrap, data, site, log }) =>
    [
      '',
      'Offset Zero работает.',
      `  Брокер   ${bootstrap}   данные: ${data}, журнал: ${log}`,
      ...(site ? [`  Сайт     ${site}`] : []),
      '',
      'Что делать дальше:',
      ...(site ? [`  1. Прочитайте первую главу: ${site}start/`] : []),
      `  ${site ? '2' : '1'}. Откройте здесь же второй терминал и начните лабораторные: npm run lab`,
      '',
      'Ctrl-C останавливает всё. Топики и записи сохранятся.',
      '',
    ].join('\n'),
  stopping: 'Останавливаю.',
  stopped: 'Всё остановлено.',
}

/**
 * The language of this terminal, by the rules of POSIX: the first of LC_ALL, LC_MESSAGES, LANG that is set.
 * If none is set (Windows), the system's.
 * @param {NodeJS.ProcessEnv} env
 * @returns {'en' | 'ru'}
 */
export function languageOf(env) {
  const named = env.LC_ALL || env.LC_MESSAGES || env.LANG || Intl.DateTimeFormat().resolvedOptions().locale
  return /^ru\b|^ru_/i.test(named) ? 'ru' : 'en'
}

/**
 * The language of --lang, read before the other options are parsed.
 * @param {readonly string[]} argv
 * @returns {'en' | 'ru' | undefined}
 */
export function languageAsked(argv) {
  const at = argv.lastIndexOf('--lang')
  const value = at === -1 ? argv.find((word) => word.startsWith('--lang='))?.slice(7) : argv[at + 1]
  return value === 'en' || value === 'ru' ? value : undefined
}

/**
 * @param {'en' | 'ru'} language
 * @returns {Words}
 */
export const wordsIn = (language) => (language === 'ru' ? russian : english)
