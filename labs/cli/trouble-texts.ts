/** What `npm run lab` says when a command, a file or the system is not as it should be. */
import type { Text } from '../engine/lab.ts'

export const troubleTexts = {
  unknownLab: {
    en: 'There is no lab {name}.{guess} There are: {labs}.',
    ru: 'Лабораторной {name} нет.{guess} Есть: {labs}.',
  },
  unknownCommand: {
    en: 'Unknown command: {name}.{guess} There are: {commands}.',
    ru: 'Неизвестная команда: {name}.{guess} Есть: {commands}.',
  },
  unknownOption: {
    en: 'Unknown option: {name}.{guess} All options: npm run lab -- --help',
    ru: 'Неизвестный ключ: {name}.{guess} Все ключи: npm run lab -- --help',
  },
  misplacedOption: {
    en: 'The option {name} goes with: {commands}. {command} takes: {options}.',
    ru: 'Ключ {name} есть у команд: {commands}. У команды {command} есть: {options}.',
  },
  didYouMean: { en: 'Did you mean {meant}?', ru: 'Может быть, {meant}?' },
  badValue: {
    en: '{name} cannot be {value}. It takes: {wanted}.',
    ru: 'Ключу {name} не подходит значение {value}. Подходит: {wanted}.',
  },
  noValue: { en: '{name} needs a value: {wanted}.', ru: 'Ключу {name} нужно значение: {wanted}.' },
  extraWords: {
    en: '{command} takes one lab, and you gave {words}.',
    ru: 'Команде {command} нужна одна лабораторная, а указано: {words}.',
  },
  together: {
    en: '{one} and {other} exclude each other: leave one of them out.',
    ru: 'Ключи {one} и {other} вместе не работают: уберите один.',
  },
  fileOneLab: {
    en: '--file is checked with one lab’s checks: name that lab, as in check 02 --file {file}.',
    ru: 'Файл из --file проверяется проверками одной лабораторной: назовите её, например check 02 --file {file}.',
  },
  noFile: { en: 'There is no file {file}.', ru: 'Файла {file} нет.' },
  notAFile: { en: '{file} is a folder, not a file.', ru: '{file} — это папка, а не файл.' },
  unreadable: {
    en: '{file} cannot be read: {reason}.',
    ru: 'Не получается прочитать {file}: {reason}.',
  },
  systemError: {
    en: '{file} cannot be written: {reason}. Nothing of yours was lost.',
    ru: 'Не получается записать {file}: {reason}. Ваш код не пострадал.',
  },
  progressNotSaved: {
    en: 'Your progress could not be saved in {file}: {reason}. The verdict holds all the same.',
    ru: 'Не получилось сохранить отметку о прохождении в {file}: {reason}. На вердикт это не влияет.',
  },
  progressWasBroken: {
    en: 'The file with your progress could not be read. It is kept as {keptAs}, and a new one was begun.',
    ru: 'Файл с отметками о прохождении не читается. Он сохранён как {keptAs}, вместо него начат новый.',
  },
  internal: {
    en: 'npm run lab itself failed. This is a mistake of ours, not of yours; please report it with these lines:',
    ru: 'Сломалась сама команда npm run lab. Это наша ошибка, а не ваша; пришлите нам, пожалуйста, эти строки:',
  },
  startKnown: {
    en: 'To start one at {bootstrap}: {command}',
    ru: 'Запустить Kafka на {bootstrap}: {command}',
  },
  startOther: {
    en: 'Is it running, and is the address right? Without --bootstrap the lab brings a broker of its own.',
    ru: 'Запущена ли она и верен ли адрес? Без --bootstrap у лабораторной есть собственный брокер.',
  },
  nothingListens: {
    en: 'Nothing answers at {bootstrap}.',
    ru: 'По адресу {bootstrap} никто не отвечает.',
  },
  noDocker: {
    en: '--docker needs Docker, and there is no `docker` on this machine. Install it, or leave --docker out: the built-in broker needs nothing.',
    ru: 'Для --docker нужен Docker, а команды `docker` на этой машине нет. Установите его или уберите --docker: встроенному брокеру ничего не нужно.',
  },
  dockerSilent: {
    en: 'Docker is installed but does not answer: {message}. Start it (Docker Desktop, or `sudo systemctl start docker`), then repeat the command.',
    ru: 'Docker установлен, но не отвечает: {message}. Запустите его (Docker Desktop или `sudo systemctl start docker`) и повторите команду.',
  },
  dockerFailed: {
    en: 'The container did not start: {message}',
    ru: 'Контейнер не запустился: {message}',
  },
  dockerFirst: {
    en: 'Without --docker, the lab is checked on the built-in broker.',
    ru: 'Без --docker лабораторная проверяется на встроенном брокере.',
  },
  reasonNoSpace: { en: 'the disk is full', ru: 'на диске нет места' },
  reasonNoRight: { en: 'permission is denied', ru: 'нет прав' },
  reasonReadOnly: { en: 'the folder is read-only', ru: 'папка доступна только для чтения' },
  reasonMissing: { en: 'it is not there', ru: 'его там нет' },
} as const satisfies Record<string, Text>

type Known = keyof typeof troubleTexts

const reasonByCode: Readonly<Record<string, Known>> = {
  ENOSPC: 'reasonNoSpace',
  EDQUOT: 'reasonNoSpace',
  EACCES: 'reasonNoRight',
  EPERM: 'reasonNoRight',
  EROFS: 'reasonReadOnly',
  ENOENT: 'reasonMissing',
}

/** Why the system refused, in words; its own code where there are none. */
export function reasonOf(error: unknown): Text {
  const { code, message } = error as { code?: string; message?: string }
  const known = reasonByCode[code ?? '']
  const own = code ?? message ?? String(error)
  return known === undefined ? { en: own, ru: own } : troubleTexts[known]
}
