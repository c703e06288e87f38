/**
 * Kafka's tools for topics, configs and partitions, used on the command line.
 */

import { brokerId } from '../until.ts'
import { toolScenario } from './tool-runs.ts'

toolScenario('kafka-topics: made, described, changed, removed', 'kafka-topics.sh', async ({ run, name }) => {
  const topic = name('t')
  await run('TopicCommand', `--create --topic ${topic} --partitions 2 --config retention.ms=1000`)
  await run('TopicCommand', `--create --topic ${topic}`)
  await run('TopicCommand', `--create --topic ${topic} --if-not-exists`)
  await run('TopicCommand', `--describe --topic ${topic}`)
  await run('TopicCommand', `--describe --topic ${topic} --topics-with-overrides`)
  await run('TopicCommand', `--describe --topic ${topic} --under-replicated-partitions`)
  await run('TopicCommand', `--describe --topic ${topic} --under-min-isr-partitions`)
  await run('TopicCommand', `--list --topic ${topic}`)
  await run('TopicCommand', `--alter --topic ${topic} --partitions 3`)
  await run('TopicCommand', `--alter --topic ${topic} --partitions 1`)
  await run('TopicCommand', `--delete --topic ${topic}`)
})

toolScenario('kafka-topics: what is refused', 'kafka-topics.sh', async ({ run, name }) => {
  const topic = name('t')
  await run('TopicCommand', `--create --topic ${topic} --config no.such.key=1`)
  await run('TopicCommand', `--create --topic ${topic} --config retention.ms=soon`)
  await run('TopicCommand', `--create --topic ${topic} --replication-factor 2`)
  await run('TopicCommand', `--create --topic ${topic} --partitions 0`)
  await run('TopicCommand', `--create --topic ${topic} --replica-assignment 99`)
  await run('TopicCommand', `--create --topic not,a,name`)
  await run('TopicCommand', `--describe --topic ${topic}`)
  await run('TopicCommand', `--describe --topic ${topic} --if-exists`)
  await run('TopicCommand', `--delete --topic ${topic}`)
  await run('TopicCommand', `--alter --topic ${topic} --partitions 5`)
})

toolScenario('kafka-configs: of a topic', 'kafka-configs.sh', async ({ run, topic, name }) => {
  const { name: there } = await topic()
  const it = `--entity-type topics --entity-name ${there}`
  await run('ConfigCommand', `${it} --describe`)
  await run('ConfigCommand', `${it} --alter --add-config retention.ms=5000,cleanup.policy=[compact,delete]`)
  await run('ConfigCommand', `${it} --describe`)
  await run('ConfigCommand', `${it} --describe --all`)
  await run('ConfigCommand', `${it} --alter --delete-config retention.ms`)
  await run('ConfigCommand', `${it} --alter --delete-config retention.ms`)
  await run('ConfigCommand', `${it} --alter --add-config no.such.key=1`)
  await run('ConfigCommand', `${it} --alter --add-config retention.ms=soon`)
  await run('ConfigCommand', `--entity-type topics --entity-name ${name('missing')} --describe`)
  await run(
    'ConfigCommand',
    `--entity-type topics --entity-name ${name('missing')} --alter --add-config retention.ms=1`,
  )
})

toolScenario('kafka-configs: of a group', 'kafka-configs.sh, KIP-848', async ({ run, name }) => {
  const it = `--entity-type groups --entity-name ${name('group')}`
  await run('ConfigCommand', `${it} --describe`)
  await run('ConfigCommand', `${it} --alter --add-config consumer.session.timeout.ms=50000`)
  await run('ConfigCommand', `${it} --describe`)
  await run('ConfigCommand', `${it} --alter --add-config consumer.session.timeout.ms=1`)
  await run('ConfigCommand', `${it} --alter --delete-config consumer.session.timeout.ms`)
})

toolScenario(
  'kafka-configs: of brokers',
  'kafka-configs.sh, KIP-226',
  async (tools) => {
    const { run } = tools
    const id = await brokerId(tools)
    for (const it of [
      `--entity-type brokers --entity-name ${id}`,
      '--entity-type brokers --entity-default',
    ]) {
      await run('ConfigCommand', `${it} --alter --add-config log.cleaner.threads=2`)
      await run('ConfigCommand', `${it} --describe`)
      await run('ConfigCommand', `${it} --alter --add-config broker.rack=r`)
      await run('ConfigCommand', `${it} --alter --add-config log.cleaner.threads=many`)
      await run('ConfigCommand', `${it} --alter --delete-config log.cleaner.threads`)
      await run('ConfigCommand', `${it} --describe`)
    }
    await run('ConfigCommand', '--entity-type brokers --entity-name 99 --describe')
  },
  { alone: true },
)

toolScenario(
  'kafka-configs: quotas of users and clients',
  'kafka-configs.sh, KIP-546',
  async ({ run, name }) => {
    const [user, client] = [name('user'), name('client')]
    for (const it of [
      `--entity-type users --entity-name ${user}`,
      `--entity-type clients --entity-name ${client}`,
      `--entity-type users --entity-name ${user} --entity-type clients --entity-name ${client}`,
      '--entity-type clients --entity-default',
    ]) {
      await run(
        'ConfigCommand',
        `${it} --alter --add-config producer_byte_rate=1024000,request_percentage=80`,
      )
      await run('ConfigCommand', `${it} --describe`)
      await run('ConfigCommand', `${it} --alter --add-config no_such_rate=1`)
      await run('ConfigCommand', `${it} --alter --delete-config producer_byte_rate,request_percentage`)
      await run('ConfigCommand', `${it} --describe`)
    }
    await run(
      'ConfigCommand',
      '--entity-type ips --entity-name 10.1.2.3 --alter --add-config connection_creation_rate=5',
    )
    await run('ConfigCommand', '--entity-type ips --entity-name 10.1.2.3 --describe')
    await run(
      'ConfigCommand',
      '--entity-type ips --entity-name 10.1.2.3 --alter --delete-config connection_creation_rate',
    )
  },
  { alone: true },
)

toolScenario(
  'kafka-client-metrics: made, described, removed',
  'kafka-client-metrics.sh, KIP-714',
  async ({ run, name }) => {
    const metrics = name('metrics')
    await run(
      'ClientMetricsCommand',
      `--alter --name ${metrics} --metrics org.apache.kafka.consumer. --interval 60000`,
    )
    await run('ClientMetricsCommand', `--describe --name ${metrics}`)
    await run('ClientMetricsCommand', `--alter --name ${metrics} --interval 5`)
    await run('ClientMetricsCommand', `--delete --name ${metrics}`)
    await run('ClientMetricsCommand', `--describe --name ${metrics}`)
  },
  { alone: true },
)

toolScenario('kafka-leader-election: there is one replica', 'kafka-leader-election.sh', async (tools) => {
  const { run, topic, name } = tools
  const { name: there } = await topic(2)
  for (const type of ['preferred', 'unclean']) {
    await run('LeaderElectionCommand', `--election-type ${type} --topic ${there} --partition 0`)
    await run('LeaderElectionCommand', `--election-type ${type} --topic ${there} --partition 9`)
    await run('LeaderElectionCommand', `--election-type ${type} --topic ${name('missing')} --partition 0`)
  }
})

toolScenario('kafka-reassign-partitions: to where it is', 'kafka-reassign-partitions.sh', async (tools) => {
  const { run, topic, file } = tools
  const { name: there } = await topic(2)
  const id = await brokerId(tools)
  const topics = file(JSON.stringify({ topics: [{ topic: there }], version: 1 }))
  await run(
    'ReassignPartitionsCommand',
    `--generate --broker-list ${id} --topics-to-move-json-file ${topics}`,
  )
  const partitions = [0, 1].map((partition) => ({ topic: there, partition, replicas: [id] }))
  const same = file(JSON.stringify({ version: 1, partitions }))
  for (const what of ['--execute', '--verify', '--cancel'])
    await run('ReassignPartitionsCommand', `${what} --reassignment-json-file ${same}`, { sorted: true })
  const elsewhere = file(
    JSON.stringify({ version: 1, partitions: [{ topic: there, partition: 0, replicas: [99] }] }),
  )
  await run('ReassignPartitionsCommand', `--execute --reassignment-json-file ${elsewhere}`)
  await run('ReassignPartitionsCommand', '--list')
})

toolScenario('kafka-delete-records: some, all, too many', 'kafka-delete-records.sh', async (tools) => {
  const { run, runQuietly, topic, file } = tools
  const { name: there } = await topic()
  await runQuietly('ConsoleProducer', `--topic ${there}`, { input: 'a\nb\nc\n' })
  for (const offset of [1, -1, 9, 0]) {
    const partitions = [{ topic: there, partition: 0, offset }]
    await run(
      'DeleteRecordsCommand',
      `--offset-json-file ${file(JSON.stringify({ partitions, version: 1 }))}`,
    )
  }
})
