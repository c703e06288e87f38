/**
 * Kafka's tools for the cluster, used on the command line.
 */

import { brokerId } from '../until.ts'
import { toolScenario } from './tool-runs.ts'

toolScenario('kafka-broker-api-versions', 'kafka-broker-api-versions.sh', async ({ runQuietly, note }) => {
  const { code, out } = await runQuietly('BrokerApiVersionsCommand', '')
  // By the API's key, so that each of them is a difference of its own.
  const lines = [...out.matchAll(/(\w+)\((\d+)\): (.*?),?$/gm)].map(([, name, key, versions]) => [
    key,
    `${name} ${versions}`,
  ])
  note('BrokerApiVersionsCommand', { code, apis: Object.fromEntries(lines) })
})

toolScenario('kafka-cluster: id and endpoints', 'kafka-cluster.sh, KIP-919', async (tools) => {
  const { run } = tools
  await run('ClusterTool', 'cluster-id')
  await run('ClusterTool', 'list-endpoints', { keep: /^ID|HOST/ })
  await run('ClusterTool', 'list-endpoints --include-fenced-brokers', { keep: /^ID|HOST/ })
  await run('ClusterTool', 'unregister --id 99')
})

toolScenario(
  'kafka-features: described, and what is refused',
  'kafka-features.sh, KIP-584',
  async ({ run }) => {
    await run('FeatureCommand', 'describe', { keep: /^(?!.*(kraft|share|streams)).*\bFeature/, sorted: true })
    await run('FeatureCommand', 'upgrade --feature transaction.version=9 --dry-run')
    await run('FeatureCommand', 'upgrade --feature no.such.version=1 --dry-run')
    await run('FeatureCommand', 'downgrade --feature transaction.version=1 --dry-run')
    await run('FeatureCommand', 'disable --feature group.version --dry-run')
    await run('FeatureCommand', 'upgrade --release-version 4.0 --dry-run')
    await run('FeatureCommand', 'version-mapping --release-version 4.2')
    await run('FeatureCommand', 'feature-dependencies --feature transaction.version=2')
  },
  { alone: true },
)

toolScenario('kafka-metadata-quorum: who leads', 'kafka-metadata-quorum.sh, KIP-595', async ({ run }) => {
  await run('MetadataQuorumCommand', 'describe --status', { keep: /^(ClusterId|MaxFollowerLag|CurrentO)/ })
  await run('MetadataQuorumCommand', 'describe --replication', { keep: /^Node/ })
})

toolScenario('kafka-acls: where there is no authorizer', 'kafka-acls.sh', async ({ run }) => {
  await run('AclCommand', '--list', { keep: /^Error/ })
})

toolScenario(
  'ClientCompatibilityTest: what a client may count on',
  'ClientCompatibilityTest',
  async (tools) => {
    const { run, topic } = tools
    const { name: there } = await topic()
    await brokerId(tools)
    const supported = [
      'offsets-for-times',
      'cluster-id',
      'expect-record-too-large-exception',
      'create-topics',
    ] as const
    const flags = supported.map((what) => (what.startsWith('expect') ? `--${what}` : `--${what}-supported`))
    await run('ClientCompatibilityTest', `--topic ${there} --num-cluster-nodes 1 ${flags.join(' ')}`, {
      keep: /^$/,
    })
  },
)
