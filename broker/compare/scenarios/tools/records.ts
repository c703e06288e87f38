/**
 * Kafka's tools for records, groups and transactions, used on the command line.
 */
import { toolScenario } from './tool-runs.ts'

const INPUT = 'k1:one\nk2:two\nk3:three\nk1:four\n'
const KEYED = '--reader-property parse.key=true --reader-property key.separator=:'
const SHOWN = ['key', 'offset', 'partition', 'headers', 'epoch'].map(
  (what) => `--formatter-property print.${what}=true`,
)
const ALL = `--from-beginning --max-messages 4 --timeout-ms 8000 ${SHOWN.join(' ')}`

toolScenario('kafka-console-producer and -consumer', 'kafka-console-*.sh', async ({ run, topic }) => {
  const { name: there } = await topic()
  await run('ConsoleProducer', `--topic ${there} ${KEYED}`, { input: INPUT })
  await run('ConsoleConsumer', `--topic ${there} ${ALL}`)
  await run('ConsoleConsumer', `--topic ${there} --partition 0 --offset 2 --max-messages 1 --timeout-ms 8000`)
  await run('ConsoleConsumer', `--topic ${there} --partition 0 --offset latest --timeout-ms 1000`)
})

toolScenario('kafka-console-producer: settings', 'kafka-console-producer.sh', async ({ run, topic }) => {
  const { name: there } = await topic()
  for (const codec of ['gzip', 'snappy', 'lz4', 'zstd', 'none'])
    await run('ConsoleProducer', `--topic ${there} --compression-codec ${codec}`, {
      input: `${codec}\n`,
    })
  await run('ConsoleProducer', `--topic ${there} --command-property acks=0`, { input: 'acks-0\n' })
  await run('ConsoleProducer', `--topic ${there} --command-property acks=-1 --sync --timeout 1`, {
    input: 'sync\n',
  })
  await run('ConsoleConsumer', `--topic ${there} --from-beginning --max-messages 7 --timeout-ms 8000`)
})

toolScenario(
  'kafka-get-offsets: every kind of place',
  'kafka-get-offsets.sh',
  async ({ run, runQuietly, topic, name }) => {
    const { name: there } = await topic(2)
    await runQuietly('ConsoleProducer', `--topic ${there} ${KEYED}`, { input: INPUT })
    for (const time of ['latest', 'earliest', 'earliest-local', 'latest-tiered', '-1', '-2', '0'])
      await run('GetOffsetShell', `--topic ${there} --time ${time}`)
    await run('GetOffsetShell', `--topic-partitions ${there}:1`)
    await run('GetOffsetShell', `--topic ${there} --partitions 0,7`)
    await run('GetOffsetShell', `--topic ${name('missing')}`)
    await run('GetOffsetShell', `--topic ${there} --time soon`)
    const { name: single } = await topic()
    await runQuietly('ConsoleProducer', `--topic ${single}`, { input: 'one\n' })
    await run('GetOffsetShell', `--topic ${single} --time max-timestamp`)
  },
)

toolScenario('kafka-log-dirs: of a topic', 'kafka-log-dirs.sh', async ({ run, runQuietly, topic, name }) => {
  const { name: there } = await topic()
  await runQuietly('ConsoleProducer', `--topic ${there}`, { input: 'a\n' })
  await run('LogDirsCommand', `--describe --topic-list ${there}`)
  await run('LogDirsCommand', `--describe --topic-list ${name('missing')}`)
  await run('LogDirsCommand', '--describe --broker-list 99')
})

for (const protocol of ['classic', 'consumer'])
  toolScenario(
    `kafka-consumer-groups: a group of the ${protocol} protocol`,
    'kafka-consumer-groups.sh',
    async ({ run, runQuietly, topic, name }) => {
      const { name: there } = await topic()
      const group = name('group')
      await runQuietly('ConsoleProducer', `--topic ${there}`, { input: 'a\nb\nc\nd\n' })
      const member = `--command-property group.protocol=${protocol} --command-property client.id=c`
      const rest = `--group ${group} --from-beginning --max-messages 3 --timeout-ms 10000`
      await run('ConsoleConsumer', `--topic ${there} ${rest} ${member}`)
      const it = `--group ${group}`
      for (const what of ['', '--members --verbose', '--state', '--offsets --verbose'])
        await run('ConsumerGroupCommand', `--describe ${it} ${what}`)
      for (const to of [
        'to-earliest',
        'to-latest',
        'shift-by -2',
        'to-offset 99',
        'by-duration PT1H',
        'to-current',
      ])
        await run('ConsumerGroupCommand', `--reset-offsets ${it} --topic ${there} --${to} --dry-run`)
      await run('ConsumerGroupCommand', `--reset-offsets ${it} --topic ${there} --to-offset 1 --execute`)
      await run(
        'ConsumerGroupCommand',
        `--reset-offsets ${it} --all-topics --to-datetime 2020-01-01T00:00:00.000 --execute`,
      )
      await run('ConsumerGroupCommand', `--describe ${it}`)
      await run('ConsumerGroupCommand', `--delete-offsets ${it} --topic ${there}`)
      await run('ConsumerGroupCommand', `--delete ${it}`)
      await run('ConsumerGroupCommand', `--delete ${it}`)
      await run('ConsumerGroupCommand', `--describe ${it}`)
      await run('ConsumerGroupCommand', `--describe ${it} --state`)
    },
  )

toolScenario(
  'kafka-consumer-groups, kafka-groups: lists',
  'kafka-groups.sh, KIP-1043',
  async ({ run, runQuietly, topic, name }) => {
    const { name: there } = await topic()
    await runQuietly('ConsoleProducer', `--topic ${there}`, { input: 'a\n' })
    const [classic, modern] = [name('group'), name('group')]
    const read = `--topic ${there} --from-beginning --max-messages 1 --timeout-ms 10000 --group`
    await runQuietly('ConsoleConsumer', `${read} ${classic}`)
    await runQuietly('ConsoleConsumer', `${read} ${modern} --command-property group.protocol=consumer`)
    const ours = { keep: new RegExp(`${classic}|${modern}|^GROUP`), sorted: true }
    for (const what of ['', '--state', '--type', '--state Empty', '--type consumer'])
      await run('ConsumerGroupCommand', `--list ${what}`, ours)
    for (const what of ['', '--consumer', '--share', '--group-type classic', '--protocol consumer'])
      await run('GroupsCommand', `--list ${what}`, ours)
  },
  { alone: true },
)

toolScenario('kafka-transactions: nothing to see', 'kafka-transactions.sh, KIP-664', async (tools) => {
  const { run, runQuietly, topic, name } = tools
  const { name: there } = await topic()
  const id = name('id')
  await runQuietly('ConsoleProducer', `--topic ${there}`, { input: 'a\n' })
  await run('TransactionsCommand', `describe-producers --topic ${there} --partition 0`, { keep: /^Producer/ })
  await run('TransactionsCommand', `describe --transactional-id ${id}`)
  await run('TransactionsCommand', `list --transactional-id-pattern ${id}`)
  await run('TransactionsCommand', `find-hanging --topic ${there}`)
  await run('TransactionsCommand', `abort --topic ${there} --partition 0 --start-offset 0`)
  await run('TransactionsCommand', `forceTerminateTransaction --transactionalId ${id}`)
})

toolScenario(
  'kafka-streams-application-reset: from the beginning',
  'kafka-streams-application-reset.sh',
  async (tools) => {
    const { run, runQuietly, topic, name } = tools
    const { name: there } = await topic()
    const application = name('app')
    await runQuietly('ConsoleProducer', `--topic ${there}`, { input: 'a\nb\n' })
    const read = `--topic ${there} --from-beginning --max-messages 1 --timeout-ms 10000`
    await runQuietly('ConsoleConsumer', `${read} --group ${application}`)
    const it = `--application-id ${application} --input-topics ${there}`
    await run('StreamsResetter', `${it} --to-earliest --dry-run`)
    await run('StreamsResetter', `${it} --shift-by 1`)
    await run('StreamsResetter', `${it} --to-offset 1 --force`)
    await run('StreamsResetter', `--application-id ${application} --input-topics ${name('missing')}`)
  },
)

toolScenario('kafka-*-perf-test: they run', 'kafka-producer-perf-test.sh', async ({ run, topic }) => {
  const { name: there } = await topic(3)
  const nothing = { keep: /^$/ }
  await run(
    'ProducerPerformance',
    `--topic ${there} --num-records 5 --record-size 10 --throughput -1`,
    nothing,
  )
  await run('ConsumerPerformance', `--topic ${there} --num-records 5 --timeout 10000`, nothing)
  await run(
    'EndToEndLatency',
    `--topic ${there} --num-records 3 --record-size 10 --producer-acks all`,
    nothing,
  )
})
