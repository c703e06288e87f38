/** All that `npm run measure` says. */

/** One text in both languages. */
export interface Text {
  en: string
  ru: string
}

const count = (number: number, one: string, few: string, many: string): string => {
  const rule = new Intl.PluralRules('ru').select(number)
  return `${number.toLocaleString('ru')} ${rule === 'one' ? one : rule === 'few' ? few : many}`
}

export const groupWords = {
  batch: {
    en: 'How many records in a request? 100 bytes each, one request after the other',
    ru: 'Сколько записей в запросе? По 100 байт, запросы по одному',
  },
  inFlight: {
    en: 'How many requests at a time, when the way there takes 5 ms and back as long? One record in each',
    ru: 'Сколько запросов одновременно, если путь занимает 5 мс туда и столько же обратно? В каждом одна запись',
  },
  acks: {
    en: 'Whose confirmation? One record a request, one request after the other',
    ru: 'Чьё подтверждение? Одна запись в запросе, запросы по одному',
  },
  compression: {
    en: 'Compressed? 1,000 records of 200 bytes in a request',
    ru: 'Сжимать? 1\u00a0000 записей по 200 байт в запросе',
  },
  size: { en: 'How large are the records? 100 in a request', ru: 'Какого размера записи? По 100 в запросе' },
  partitions: {
    en: 'How many partitions? 1,000 records of 100 bytes in a call, dealt out in turn',
    ru: 'Сколько партиций? 1\u00a0000 записей по 100 байт за вызов, по очереди во все',
  },
  commits: { en: 'Reading: when to commit?', ru: 'Чтение: когда фиксировать?' },
  kcat: {
    en: 'The same by kcat, which gathers batches itself: 100,000 records of 100 bytes',
    ru: 'То же через kcat, который собирает пакеты сам: 100 000 записей по 100 байт',
  },
} satisfies Record<string, Text>

export const settingWords = {
  perSend: (number: number): Text => ({
    en: number === 1 ? '1 record' : `${number.toLocaleString('en')} records`,
    ru: count(number, 'запись', 'записи', 'записей'),
  }),
  inFlight: (number: number): Text => ({
    en: number === 1 ? '1 request' : `${number} requests`,
    ru: count(number, 'запрос', 'запроса', 'запросов'),
  }),
  acks: (acks: -1 | 0 | 1): Text => {
    const name = `acks=${acks === -1 ? 'all' : acks}`
    return { en: name, ru: name }
  },
  none: { en: 'none', ru: 'без сжатия' },
  gzip: { en: 'gzip', ru: 'gzip' },
  valueBytes: (bytes: number): Text => ({
    en: `${bytes.toLocaleString('en')} bytes`,
    ru: count(bytes, 'байт', 'байта', 'байт'),
  }),
  partitions: (number: number): Text => ({
    en: number === 1 ? '1 partition' : `${number} partitions`,
    ru: count(number, 'партиция', 'партиции', 'партиций'),
  }),
  commits: {
    batch: { en: 'after each batch', ru: 'после каждого пакета' },
    record: { en: 'after each record', ru: 'после каждой записи' },
  },
  kcatAlone: { en: 'batch.num.messages=1', ru: 'batch.num.messages=1' },
  kcatNoLinger: { en: 'linger.ms=0', ru: 'linger.ms=0' },
  kcatLinger: { en: 'linger.ms=5', ru: 'linger.ms=5' },
  kcatLz4: { en: 'linger.ms=5, lz4', ru: 'linger.ms=5, lz4' },
}

export const columnWords = {
  recordsPerS: { en: 'records/s', ru: 'записей/с' },
  ratio: { en: 'ratio', ru: 'отношение' },
  range: { en: 'rounds', ru: 'в кругах' },
  p50Ms: { en: 'p50 ms', ru: 'p50, мс' },
  p99Ms: { en: 'p99 ms', ru: 'p99, мс' },
  bytesPerRecord: { en: 'bytes/record', ru: 'байт/запись' },
  megabytesPerS: { en: 'MB/s', ru: 'МБ/с' },
} satisfies Record<string, Text>

export const words = {
  help: {
    en: `npm run measure [-- OPTIONS]

What settings make of throughput and latency, on this machine: kafkajs (and kcat, if it is there) against a broker of ours
that is started for it, on an empty folder. It takes about a minute.

  --bootstrap HOST:PORT   measure this cluster instead; topics are made there, and removed at the end
  --only WORD             one group: batch, in-flight, acks, compression, size, partitions, commits, kcat
  --rounds N              how often each setting is run (3)
  --run-ms N              how long a run sends (400)
  --lang en|ru`,
    ru: `npm run measure [-- КЛЮЧИ]

Что настройки делают с пропускной способностью и задержкой на этой машине: kafkajs (и kcat, если он есть) работает с нашим
брокером, который запускается для этого на пустой папке. Занимает около минуты.

  --bootstrap HOST:PORT   измерить этот кластер; топики там создаются, а в конце удаляются
  --only СЛОВО            одна группа: batch, in-flight, acks, compression, size, partitions, commits, kcat
  --rounds N              сколько раз прогнать каждую настройку (3)
  --run-ms N              сколько длится отправка в одном прогоне (400)
  --lang en|ru`,
  },
  begins: {
    en: 'The settings of a group take turns, {rounds} times. Look at the ratios: they hold elsewhere, the numbers are this machine’s.',
    ru: 'Настройки группы прогоняются по очереди, кругов: {rounds}. Смотрите на отношения: они верны и на другой машине, числа — только на этой.',
  },
  busy: {
    en: 'The machine is busy (load {load} on {cores} cores): what follows is rough.',
    ru: 'Машина занята (нагрузка {load}, ядер {cores}): цифры будут грубыми.',
  },
  noKcat: {
    en: 'kcat is not installed: its group is left out.',
    ru: 'kcat не установлен: его группа пропущена.',
  },
  noBroker: { en: 'The broker did not start: {why}', ru: 'Брокер не запустился: {why}' },
  failed: { en: 'A load failed: {why}', ru: 'Нагрузка прервалась: {why}' },
  unreachable: {
    en: 'No broker answers at {address}: {why}',
    ru: 'По адресу {address} брокер не отвечает: {why}',
  },
  badOption: { en: '{what}; see npm run measure -- --help', ru: '{what}; см. npm run measure -- --help' },
} satisfies Record<string, Text>
