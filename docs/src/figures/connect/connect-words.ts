import type { Text } from '../../i18n/locale'
import type { Advertised, Connection, Place } from './connect'

/** Texts of the figure about advertised.listeners. */
export const connectWords = {
  place: { en: 'Where does the client run?', ru: 'Где работает клиент?' },
  advertised: { en: 'What is advertised?', ru: 'Что объявлено?' },
  bootstrap: {
    en: 'The client connects to its bootstrap server {address}. It works.',
    ru: 'Клиент подключается к начальному адресу {address}. Получилось.',
  },
  told: {
    en: 'It asks for metadata. The answer: “broker 1 is at {address}”.',
    ru: 'Он запрашивает метаданные. Ответ: «брокер 1 — по адресу {address}».',
  },
} satisfies Record<string, Text>

export const placeWords: Readonly<Record<Place, Text>> = {
  machine: { en: 'on the machine that runs the container', ru: 'на машине, где запущен контейнер' },
  container: { en: 'in another container of the network', ru: 'в другом контейнере той же сети' },
  elsewhere: { en: 'on another machine', ru: 'на другой машине' },
}

/** Listeners are written as in the configuration; they are the same in both languages. */
export const advertisedWords: Readonly<Record<Advertised, string>> = {
  localhost: 'localhost:9092',
  container: 'kafka:9092',
  address: '192.168.0.10:9092',
  two: 'INSIDE://kafka:29092, OUTSIDE://localhost:9092',
}

export const connectResults: Readonly<Record<Connection['result'], Text>> = {
  works: {
    en: 'It connects to {address}, and sends and reads there. All is well.',
    ru: 'Он подключается к {address}, туда пишет и оттуда читает. Всё хорошо.',
  },
  itself: {
    en: 'It connects to {address}, and that is itself: connection refused, retries, a timeout.',
    ru: 'Он подключается к {address}, а это он сам: connection refused, повторы, тайм-аут.',
  },
  unknown: {
    en: 'It looks for {address}, and nobody knows that name here: getaddrinfo ENOTFOUND, retries, a timeout.',
    ru: 'Он ищет {address}, а такого имени здесь никто не знает: getaddrinfo ENOTFOUND, повторы, тайм-аут.',
  },
}
