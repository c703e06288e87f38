/** Texts of the front page. */
export const words = {
  kicker: { en: 'offset 0', ru: 'смещение 0' },
  title: {
    en: 'Learn Kafka by running it, reading it, and writing it',
    ru: 'Kafka: запустить, прочитать, написать самому',
  },
  description: {
    en: 'A lab kit that teaches Apache Kafka 4.x from offset 0: chapters, labs graded on a live broker, a broker you can read, and real Kafka to compare.',
    ru: 'Практический курс по Apache Kafka 4.x со смещения 0: главы, лабораторные с проверкой на живом брокере, брокер с понятным исходным кодом и настоящая Kafka для сравнения.',
  },
  lead: {
    en: 'Offset Zero is a lab kit. You read a short chapter, fill in a stub, and a grader tells you at once what works and what does not. Underneath runs a broker that is written to be read: it speaks Kafka’s own protocol, so kafkajs and kcat cannot tell the difference.',
    ru: 'Offset Zero — это курс из коротких глав и лабораторных. Прочитали главу, дописали заготовку — и проверка сразу говорит, что работает, а что нет. В основе — брокер, код которого написан для чтения: он работает по протоколу Kafka, и для kafkajs и kcat это обычная Kafka.',
  },
  begin: { en: 'Start at offset 0', ru: 'Начать со смещения 0' },
  play: { en: 'Open the playground', ru: 'Открыть песочницу' },
  commandsTitle: { en: 'Two commands', ru: 'Две команды' },
  commands: [
    {
      run: 'npm start',
      does: {
        en: 'Installs what is missing, starts the broker on 127.0.0.1:9092 and this site on localhost:3000.',
        ru: 'Устанавливает зависимости, запускает брокер на 127.0.0.1:9092 и этот сайт на localhost:3000.',
      },
    },
    {
      run: 'npm run lab',
      does: {
        en: 'Opens the next lab and grades it on every save: what failed, why, what to try.',
        ru: 'Открывает следующую лабораторную и проверяет её при каждом сохранении: говорит, что не так, почему и что попробовать.',
      },
    },
  ],
  partsTitle: { en: 'Four parts', ru: 'Четыре части' },
  parts: [
    {
      to: '/basics/what-kafka-is/',
      name: { en: 'Chapters', ru: 'Главы' },
      what: {
        en: 'One idea a chapter, true for Kafka 4.x; outdated answers are named as outdated. In English and in Russian, both written with equal care.',
        ru: 'Одна глава — одна идея, всё для Kafka 4.x; устаревшие ответы так и названы устаревшими. Русский и английский тексты равноправны.',
      },
    },
    {
      to: '/labs/',
      name: { en: 'Labs', ru: 'Лабораторные' },
      what: {
        en: 'Stubs to fill in, a grader that judges behaviour and not style, hints step by step, and the solution, which you can open after you pass or with `--give-up`.',
        ru: 'Заготовки, которые нужно дописать; проверка, которая смотрит на поведение, а не на стиль; подсказки, одна подробнее другой; решение — когда справились или сдались.',
      },
    },
    {
      to: '/building/append-only-log/',
      name: { en: 'A broker to read', ru: 'Брокер, который можно прочитать' },
      what: {
        en: 'Kafka’s protocol and Kafka’s files in plain TypeScript, one file per concept. You replace parts of it with your own, and clients do not notice.',
        ru: 'Протокол и форматы файлов Kafka на простом TypeScript: один файл — одно понятие. Вы заменяете его части своими, и клиенты этого не замечают.',
      },
    },
    {
      to: '/real-kafka/',
      name: { en: 'Real Kafka beside it', ru: 'Настоящая Kafka рядом' },
      what: {
        en: 'Compose profiles with one broker, three brokers, and an old one with ZooKeeper. The same labs are graded against them.',
        ru: 'Профили Compose: один брокер, три брокера и старая версия с ZooKeeper. Те же лабораторные проверяются и на них.',
      },
    },
  ],
  ideaTitle: { en: 'The idea that carries the rest', ru: 'Идея, на которой держится остальное' },
  idea: {
    en: 'A partition is a list that only grows. Each record gets the next number, its offset. Readers keep a bookmark; reading removes nothing.',
    ru: 'Партиция — это список, который только растёт. Каждая запись получает следующий номер — смещение. У каждого читателя своя закладка; чтение ничего не удаляет.',
  },
  records: [
    { en: 'created', ru: 'создан' },
    { en: 'paid', ru: 'оплачен' },
    { en: 'created', ru: 'создан' },
    { en: 'packed', ru: 'собран' },
    { en: 'sent', ru: 'отправлен' },
    { en: 'paid', ru: 'оплачен' },
  ],
  markA: { en: 'this group reads next', ru: 'отсюда группа читает дальше' },
  markEnd: { en: 'the next record goes here', ru: 'сюда попадёт следующая запись' },
}
