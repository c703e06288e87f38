/**
 * The documentation of config keys (KIP-569): its presence is compared; the texts are our own.
 */
import { scenario } from '../../scenario.ts'
import { brokerId } from '../until.ts'

const [TOPIC, BROKER, GROUP] = [2, 4, 32]

scenario('DescribeConfigs: what keys mean', 'Admin.describeConfigs, KIP-569', async (recorder) => {
  const { name } = await recorder.topic()
  const resources = [
    { resourceType: TOPIC, resourceName: name, configurationKeys: null },
    { resourceType: BROKER, resourceName: `${await brokerId(recorder)}`, configurationKeys: null },
    { resourceType: GROUP, resourceName: recorder.name('group'), configurationKeys: null },
  ]
  for (const resource of resources) {
    const asked = { resources: [resource], includeDocumentation: true }
    const { results } = await recorder.quietly('DescribeConfigs', 4, asked)
    const explained = results[0]!.configs.filter(({ documentation }) => documentation)
    recorder.note(`explained, of kind ${resource.resourceType}`, explained.map((each) => each.name).sort())
  }
  await recorder.call('DescribeConfigs', 4, {
    resources: [{ resourceType: TOPIC, resourceName: name, configurationKeys: ['retention.ms'] }],
    includeDocumentation: true,
  })
})
