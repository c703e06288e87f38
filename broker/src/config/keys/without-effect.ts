/**
 * Keys that are stored and shown but have no effect here, and why.
 *
 * The config file of a real cluster is accepted as it is: users should not have to find out by trial which of 300 keys are
 * refused. What such a key controls is done elsewhere or does not exist here; its reason says which. All other keys
 * have an effect.
 *
 * WITHOUT-EFFECT-1  a key that is not listed here is read somewhere in the broker, and a key that is listed is not
 * WITHOUT-EFFECT-2  the first reason that lists a key applies
 */
export interface Reason {
  /** The text after "kept, without effect here, because". */
  readonly en: string
  readonly ru: string
  /** Names of keys; `*` matches any text. */
  readonly keys: readonly string[]
}

export const WITHOUT_EFFECT: readonly Reason[] = [
  {
    en: 'only PLAINTEXT is supported here',
    ru: 'поддерживается только PLAINTEXT',
    keys: [
      ...['sasl.*', 'ssl.*', 'delegation.*', 'security.*', 'listener.security.protocol.map'],
      ...['connection.failed.authentication.delay.ms', 'connections.max.reauth.ms'],
    ],
  },
  {
    en: 'there is no tiered storage here',
    ru: 'многоуровневого хранилища здесь нет',
    keys: ['remote.*', 'local.*', 'log.local.*', 'follower.fetch.last.tiered.offset.enable'],
  },
  {
    en: 'share groups are not supported here',
    ru: 'share-группы здесь не поддерживаются',
    keys: ['share.*', 'group.share.*'],
  },
  {
    en: 'groups of the Streams protocol are not supported here (Kafka Streams itself works with the classic protocol)',
    ru: 'группы протокола Streams здесь не поддерживаются (сама Kafka Streams работает по классическому протоколу)',
    keys: ['streams.*', 'group.streams.*'],
  },
  {
    en: 'replicas are copied without limits, one connection for each leader, and all brokers stop together',
    ru: 'реплики копируются без ограничений, по одному соединению на лидера, а брокеры останавливаются все вместе',
    keys: [
      ...['*.replication.throttled.*', 'replication.quota.*', 'alter.log.dirs.replication.*'],
      ...['num.replica.*', 'replica.selector.class', 'replica.socket.receive.buffer.bytes'],
      ...['replica.high.watermark.checkpoint.interval.ms', 'controlled.shutdown.enable'],
      ...['replica.alter.log.dirs.io.max.bytes.per.second'],
    ],
  },
  {
    en: 'the controller is in the same process: there are no elections and no heartbeats, and the other brokers find it without settings',
    ru: 'контроллер работает в том же процессе: нет ни выборов, ни heartbeat, а остальные брокеры находят его без настроек',
    keys: [
      ...['controller.quorum.*', 'controller.listener.names', 'controller.performance.*'],
      ...['broker.heartbeat.interval.ms', 'broker.session.timeout.ms'],
      ...['initial.broker.registration.timeout.ms', 'early.start.listeners', 'inter.broker.listener.name'],
    ],
  },
  {
    en: 'the metadata log is beside the logs of the topics, and the only controller writes to it immediately',
    ru: 'журнал метаданных лежит рядом с журналами топиков, и единственный контроллер пишет в него сразу',
    keys: ['metadata.log.dir', 'internal.metadata.delete.*', 'internal.metadata.max.*'],
  },
  {
    en: 'all readers of the metadata log are in the same process: they need no empty record (NoOpRecord) as a sign of life',
    ru: 'все, кто читает журнал метаданных, работают в том же процессе: пустая запись (NoOpRecord) как признак жизни им не нужна',
    keys: ['metadata.max.idle.interval.ms'],
  },
  {
    en: 'one thread does all the work here',
    ru: 'вся работа идёт в одном потоке',
    keys: [
      ...['*.threads', 'num.recovery.threads.per.data.dir', '*.purgatory.purge.interval.requests'],
      'queued.max.requests',
    ],
  },
  {
    en: 'there is no JMX here, and metrics of clients are not collected',
    ru: 'JMX здесь нет, и метрики клиентов не собираются',
    keys: [
      'metric.reporters',
      'kafka.metrics.*',
      'metrics.*',
      'telemetry.*',
      'interval.ms',
      'match',
      'metrics',
    ],
  },
  {
    en: "classes of Java can't be loaded here",
    ru: 'классы Java здесь загрузить нельзя',
    keys: [
      ...['*.policy.class.name', 'authorizer.class.name', 'client.quota.callback.class', 'config.providers'],
      ...['principal.builder.class', 'replica.selector.class'],
    ],
  },
  {
    en: 'a coordinator writes each record at once and uncompressed, and loads all of them in one pass',
    ru: 'координатор сохраняет каждую запись сразу и без сжатия, а загружает их все за один проход',
    keys: [
      ...['*.append.linger.ms', '*.cached.buffer.max.bytes', '*.load.buffer.size'],
      'offsets.topic.compression.codec',
    ],
  },
  {
    en: 'files and sockets are managed by the operating system',
    ru: 'файлами и сокетами управляет операционная система',
    keys: ['socket.send.buffer.bytes', 'socket.receive.buffer.bytes', 'preallocate', 'log.preallocate'],
  },
  {
    en: 'there is one folder for all logs, and its checkpoints are written when something changes',
    ru: 'папка для всех журналов одна, и её контрольные точки сохраняются при каждом изменении',
    keys: [
      ...['cordoned.log.dirs', 'log.dir.failure.timeout.ms', 'log.flush.start.offset.checkpoint.interval.ms'],
    ],
  },
  {
    en: 'two-phase transactions coordinated by another system (KIP-939) are not supported here',
    ru: 'двухфазные транзакции, которыми управляет другая система (KIP-939), здесь не поддерживаются',
    keys: ['transaction.two.phase.commit.enable'],
  },
  {
    en: 'it exists for the tests of Apache Kafka itself',
    ru: 'они нужны тестам самой Apache Kafka',
    keys: ['unstable.*', 'server.max.startup.time.ms'],
  },
]

const PATTERNS = WITHOUT_EFFECT.map((reason) => ({ reason, patterns: reason.keys.map(pattern) }))

function pattern(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replaceAll('.', '\\.'))
  return new RegExp(`^${parts.join('.*')}$`)
}

/** The reason why a key has no effect; undefined if it has one. */
export function reasonFor(name: string): Reason | undefined {
  return PATTERNS.find(({ patterns }) => patterns.some((each) => each.test(name)))?.reason
}
