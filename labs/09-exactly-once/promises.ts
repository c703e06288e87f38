/** Lab 09: what the page promises, word for word as it stands there. Each sentence is judged by a test; nothing else is. */
import type { Text } from '../engine/lab.ts'

export const promises = {
  sent: {
    en: 'Sends the records of the list, 0 to 1,000 `{ key, value }`, as UTF-8: the key is a string of up to 1,000 bytes, the value one of up to 100,000 bytes.',
    ru: 'Отправляет записи из списка, от 0 до 1000 штук `{ key, value }`, в UTF-8: ключ — строка до 1000 байт, значение — строка до 100 000 байт.',
  },
  'sent-once': {
    en: 'Each record is in the topic exactly once, and records with equal keys are in one partition, in the order of the list.',
    ru: 'Каждая запись лежит в топике ровно один раз, а записи с одинаковым ключом — в одной партиции и в порядке списка.',
  },
  'sent-breaks': {
    en: 'That holds also when the connection breaks up to twice in a row, before the broker has taken the records or after it; the call resolves all the same.',
    ru: 'Это верно и тогда, когда соединение рвётся до двух раз подряд, раньше или позже того, как брокер принял записи; вызов всё равно завершается успешно.',
  },
  'sent-confirmed': {
    en: 'It resolves only when the broker has confirmed all records.',
    ru: 'Вызов завершается, только когда брокер подтвердил все записи.',
  },
  together: {
    en: 'Sends the records of the list, 0 to 100 `{ topic, key, value }`, to one or several topics, in one transaction: all of them count, or none.',
    ru: 'Отправляет записи из списка, от 0 до 100 штук `{ topic, key, value }`, в один или несколько топиков одной транзакцией: видны либо все, либо ни одна.',
  },
  'together-all': {
    en: 'When it has resolved, all of them count, each once, those with equal keys in the order of the list; before its commit none does.',
    ru: 'Когда вызов завершился, видны все, каждая один раз, записи с одинаковым ключом — в порядке списка; до подтверждения транзакции не видна ни одна.',
  },
  'together-none': {
    en: 'If Kafka refuses one of them, for a topic name with a space in it or a record larger than its topic takes, the call throws, none of them counts, and no transaction stays open.',
    ru: 'Если Kafka одну из них не принимает, например из-за пробела в имени топика или из-за того, что запись для него слишком велика, вызов бросает ошибку, ни одна из записей не видна, и открытой транзакции не остаётся.',
  },
  'together-crash': {
    en: 'If the program crashes in the middle, the next call with the same id ends what was left open: readers do not have to wait for the timeout.',
    ru: 'Если программа упала посередине, следующий вызов с тем же идентификатором завершает то, что осталось открытым: читателям не приходится ждать тайм-аута.',
  },
  'together-apart': {
    en: 'Calls with different ids may run at the same time, and do not disturb each other.',
    ru: 'Вызовы с разными идентификаторами могут идти одновременно и друг другу не мешают.',
  },
  runs: {
    en: 'It resolves to `{ stop }`, and until it ends, calls `transform` for the records that count in `source`, those that are there and those that come later, in each partition in the order of offsets.',
    ru: 'Функция возвращает `{ stop }` и, пока не закончит работу, вызывает `transform` для записей, видимых в `source`, — тех, что уже есть, и тех, что придут позже, в каждой партиции в порядке смещений.',
  },
  record: {
    en: '`transform` gets `{ partition, offset, key, value }`, the key a string or `null`, the value a string, exactly as they were sent, and gives a promise of a list of 0 to 10 results `{ key, value }`.',
    ru: '`transform` получает `{ partition, offset, key, value }`, ключ — строка или `null`, значение — строка, в точности такие, как отправили, и возвращает промис списка, в котором от 0 до 10 результатов `{ key, value }`.',
  },
  results: {
    en: 'Results are written to `target` as they are; those of one source partition with equal keys are in the order in which `transform` gave them.',
    ru: 'Результаты пишутся в `target` как есть; если они из одной исходной партиции и с одинаковым ключом, то в том порядке, в котором их дала `transform`.',
  },
  once: {
    en: 'The results of each source record count exactly once, whenever the program crashes.',
    ru: 'Результаты каждой исходной записи видны ровно один раз, когда бы ни упала программа.',
  },
  offsets: {
    en: 'The offset after a record counts in `group` as soon as its results do, also where there are none, and not before.',
    ru: 'Смещение, следующее за записью, вступает в силу в `group` вместе с её результатами, даже если их нет, и не раньше.',
  },
  batches: {
    en: 'Records that wait in a partition share transactions: for 300 of them it makes 10 at most.',
    ru: 'Записи, которые уже ждут в партиции, делят транзакции между собой: на 300 записей их не больше 10.',
  },
  fails: {
    en: 'If `transform` fails, with whatever error and up to three times in a row, it is called with the same record again within 5 seconds; no result is lost, and none counts twice.',
    ru: 'Если `transform` завершилась ошибкой, какой угодно и до трёх раз подряд, её снова вызывают с той же записью не позже чем через 5 секунд; ни один результат не теряется и не виден дважды.',
  },
  breaks: {
    en: 'If a connection breaks, it goes on within 5 seconds, or ends by itself; then it is started again, and in the end the results of each record count once.',
    ru: 'Если рвётся соединение, обработчик не позже чем через 5 секунд продолжает работу или завершается сам; тогда его запускают снова, и в итоге результаты каждой записи видны один раз.',
  },
  fences: {
    en: 'As soon as `startProcessor` has resolved, nothing that an earlier instance with the same transactional id has not committed by then will ever count.',
    ru: 'Как только `startProcessor` завершилась, ничто из того, чего прежний экземпляр с тем же transactional id к этому времени не подтвердил, уже не станет видно.',
  },
  'gives-way': {
    en: 'The earlier instance ends by itself as soon as it hears of this: it calls `transform` no more, and does not take over again.',
    ru: 'Прежний экземпляр, едва узнав об этом, завершается сам: больше не вызывает `transform` и не отбирает работу обратно.',
  },
  ended: {
    en: "An instance that ends by itself closes its connections and calls `onEnded` once, with `'fenced'` when another one has taken over, and with `'failed'` for any other reason.",
    ru: "Экземпляр, который завершился сам, закрывает свои соединения и один раз вызывает `onEnded`: с `'fenced'`, если его сменил другой, и с `'failed'` по любой другой причине.",
  },
  stops: {
    en: '`stop()` waits for the transaction that has begun; when it has resolved, `transform` is not called any more, no transaction is open, and `onEnded` was not called.',
    ru: '`stop()` дожидается начатой транзакции; после того как он завершился, `transform` не вызывается, открытых транзакций нет, а `onEnded` не вызывали.',
  },
  apart: {
    en: 'Several processors with different groups and transactional ids may run at the same time, with the same `kafka` or with different ones.',
    ru: 'Несколько обработчиков с разными группами и transactional id могут работать одновременно, с одним `kafka` или с разными.',
  },
  refused: {
    en: 'If Kafka refuses what is asked, `await` of the call throws: a topic name or a source with a space in it for instance.',
    ru: 'Если Kafka отказывает, `await` вызова бросает ошибку: например, из-за пробела в имени топика или `source`.',
  },
  closed: {
    en: 'A second after a call of the first two has ended, after `stop()`, or after a call was rejected, all its connections are closed.',
    ru: 'Через секунду после того, как завершился вызов одной из первых двух или `stop()` либо вызов закончился ошибкой, все его соединения закрыты.',
  },
} as const satisfies Record<string, Text>
