/**
 * Keys that are kept and shown, but change nothing here, and why.
 *
 * A file of settings of a real cluster is understood as it is: nobody should have to find out by trial which of 300 keys
 * are refused. What a key would do is done elsewhere, or there is nothing here for it to act on; each says
 * which. All other keys work.
 *
 * WITHOUT-EFFECT-1  a key that is not named here is read somewhere in the broker, and a key that is named is not
 * WITHOUT-EFFECT-2  the first reason that names a key counts
 */
export interface Reason {
  /** What stands behind "kept, without effect here, because". */
  readonly en: string
  readonly ru: string
  /** Names of keys, `*` stands for anything. */
  readonly keys: readonly string[]
}

export const WITHOUT_EFFECT: readonly Reason[] = [
  {
    en: 'only PLAINTEXT is spoken here',
    ru: 'здесь говорят только по PLAINTEXT',
    keys: [
      ...['sasl.*', 'ssl.*', 'delegation.*', 'security.*', 'listener.security.protocol.map'],
      ...['connection.failed.authentication.delay.ms', 'connections.max.reauth.ms'],
    ],
  },
  {
    en: 'nothing is moved to tiered storage here',
    ru: 'многоуровневого хранилища здесь нет',
    keys: ['remote.*', 'local.*', 'log.local.*', 'follower.fetch.last.tiered.offset.enable'],
  },
  {
    en: 'share groups are not served here',
    ru: 'share-группы здесь не поддерживаются',
    keys: ['share.*', 'group.share.*'],
  },
  {
    en: 'groups of the Streams protocol are not served here (Streams itself runs with the classic one)',
    ru: 'группы протокола Streams здесь не поддерживаются (сами Streams работают по классическому протоколу)',
    keys: ['streams.*', 'group.streams.*'],
  },
  {
    en: 'each partition has one replica here',
    ru: 'у каждой партиции здесь одна реплика',
    keys: [
      ...['replica.*', '*.replication.throttled.*', 'replication.quota.*', 'alter.log.dirs.replication.*'],
      ...['num.replica.*', 'auto.leader.rebalance.enable', 'leader.imbalance.*', 'unclean.leader.election.*'],
      ...['offsets.topic.replication.factor', 'transaction.state.log.replication.factor'],
      ...['transaction.state.log.min.isr', 'controlled.shutdown.enable'],
    ],
  },
  {
    en: 'the controller is in the same process: nobody is elected, nobody is asked over the network',
    ru: 'контроллер живёт в том же процессе: никого не выбирают и никого не спрашивают по сети',
    keys: [
      ...['controller.quorum.*', 'controller.listener.names', 'controller.socket.timeout.ms'],
      ...['controller.performance.*', 'broker.heartbeat.interval.ms', 'broker.session.timeout.ms'],
      ...['initial.broker.registration.timeout.ms', 'early.start.listeners', 'inter.broker.listener.name'],
      ...['add.partitions.to.txn.*', 'request.timeout.ms', 'socket.connection.setup.*'],
    ],
  },
  {
    en: 'the metadata log lies beside the logs of the topics, and is written by one controller at once',
    ru: 'журнал метаданных лежит рядом с журналами топиков, и один контроллер пишет его сразу',
    keys: ['metadata.log.dir', 'internal.metadata.delete.*', 'internal.metadata.max.*'],
  },
  {
    en: 'whoever follows the metadata log is in the same process: no record without content (NoOpRecord) need show that it is alive',
    ru: 'все, кто следит за журналом метаданных, живут в том же процессе: пустая запись (NoOpRecord) как знак жизни не нужна',
    keys: ['metadata.max.idle.interval.ms'],
  },
  {
    en: 'one thread does all the work here',
    ru: 'всю работу здесь делает один поток',
    keys: [
      ...['*.threads', 'num.recovery.threads.per.data.dir', '*.purgatory.purge.interval.requests'],
      'queued.max.requests',
    ],
  },
  {
    en: 'there is no JMX here, and nobody takes the metrics of clients',
    ru: 'JMX здесь нет, и метрики клиентов никто не принимает',
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
    en: 'a coordinator writes each record at once and uncompressed, and loads what it wrote in one go',
    ru: 'координатор пишет каждую запись сразу и без сжатия, а загружает написанное за один проход',
    keys: [
      ...[
        '*.append.linger.ms',
        '*.cached.buffer.max.bytes',
        '*.load.buffer.size',
        'offsets.commit.timeout.ms',
      ],
      'offsets.topic.compression.codec',
    ],
  },
  {
    en: 'files and sockets are left to the operating system',
    ru: 'файлы и сокеты оставлены операционной системе',
    keys: ['socket.send.buffer.bytes', 'socket.receive.buffer.bytes', 'preallocate', 'log.preallocate'],
  },
  {
    en: 'there is one folder for all logs, and its checkpoints are written when something changes',
    ru: 'папка для всех журналов одна, и её контрольные точки пишутся, когда что-то меняется',
    keys: [
      ...['cordoned.log.dirs', 'log.dir.failure.timeout.ms', 'log.flush.start.offset.checkpoint.interval.ms'],
    ],
  },
  {
    en: 'transactions in two phases, led by another system (KIP-939), are not served here',
    ru: 'двухфазные транзакции под управлением другой системы (KIP-939) здесь не поддерживаются',
    keys: ['transaction.two.phase.commit.enable'],
  },
  {
    en: 'it is there for the tests of Apache Kafka',
    ru: 'он нужен тестам самой Apache Kafka',
    keys: ['unstable.*', 'server.max.startup.time.ms'],
  },
]

const PATTERNS = WITHOUT_EFFECT.map((reason) => ({ reason, patterns: reason.keys.map(pattern) }))

function pattern(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replaceAll('.', '\\.'))
  return new RegExp(`^${parts.join('.*')}$`)
}

/** Why a key has no effect; undefined: it works. */
export function reasonFor(name: string): Reason | undefined {
  return PATTERNS.find(({ patterns }) => patterns.some((each) => each.test(name)))?.reason
}
