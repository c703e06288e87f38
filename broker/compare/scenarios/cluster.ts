/**
 * What a client asks first: what the broker can do, and who is there.
 */
import { versionsOf } from '../apis.ts'
import { scenario } from '../scenario.ts'

scenario('ApiVersions: what is advertised', 'every client, KIP-511', async ({ call }) => {
  const client = { clientSoftwareName: 'compare', clientSoftwareVersion: '1' }
  for (const version of versionsOf('ApiVersions')) await call('ApiVersions', version, client)
})

scenario('ApiVersions: a name that is none', 'KIP-511', async ({ call }) => {
  await call('ApiVersions', 3, { clientSoftwareName: '-', clientSoftwareVersion: '1' })
  await call('ApiVersions', 3, { clientSoftwareName: 'a', clientSoftwareVersion: '' })
})

scenario('DescribeCluster: every version', 'Admin.describeCluster, KIP-700', async ({ call }) => {
  for (const version of versionsOf('DescribeCluster'))
    await call('DescribeCluster', version, { includeClusterAuthorizedOperations: true })
})

scenario('Metadata: a topic, and one that is not there', 'every client', async ({ call, topic, name }) => {
  const { name: there } = await topic(2)
  const missing = name('missing')
  for (const version of versionsOf('Metadata').filter((each) => each >= 4)) {
    const topics = [{ name: there }, { name: missing }, { name: 'not a name' }]
    await call('Metadata', version, { topics, allowAutoTopicCreation: false })
  }
})
