/**
 * Responses to security requests of a broker without authentication.
 */
import { versionsOf } from '../apis.ts'
import { scenario } from '../scenario.ts'

scenario(
  'DescribeUserScramCredentials: nobody has any',
  'kafka-configs --entity-type users, KIP-554',
  async ({ call, name }) => {
    const user = name('user')
    await call('DescribeUserScramCredentials', 0, { users: [{ name: user }] })
    await call('DescribeUserScramCredentials', 0, { users: [{ name: user }, { name: user }] })
    await call('DescribeUserScramCredentials', 0, { users: [{ name: '' }] })
  },
)

scenario(
  'DescribeUserScramCredentials: all of nobody',
  'kafka-configs --entity-type users, KIP-554',
  async ({ call }) => {
    await call('DescribeUserScramCredentials', 0, { users: [] })
    await call('DescribeUserScramCredentials', 0, { users: null })
  },
  { alone: true },
)

for (const version of versionsOf('SaslHandshake'))
  scenario(
    `SaslHandshake v${version}: on a listener without SASL`,
    'a client with SASL by mistake',
    async ({ call }) => {
      for (const mechanism of ['PLAIN', 'SCRAM-SHA-256', ''])
        await call('SaslHandshake', version, { mechanism })
      const authBytes = new TextEncoder().encode('\0user\0password')
      for (const second of versionsOf('SaslAuthenticate'))
        await call('SaslAuthenticate', second, { authBytes })
      await call('Metadata', 12, { topics: [] })
    },
  )

const RULE = {
  resourceType: 2,
  resourceName: 't',
  resourcePatternType: 3,
  host: '*',
  operation: 3,
  permissionType: 3,
}
const FILTER = { resourceTypeFilter: 1, patternTypeFilter: 1, operation: 1, permissionType: 1 }
const FILTERS = [
  { ...FILTER, resourceNameFilter: null, principalFilter: null, hostFilter: null },
  { ...FILTER, resourceNameFilter: 't', principalFilter: 'User:x', hostFilter: '*', resourceTypeFilter: 2 },
  { ...FILTER, resourceNameFilter: 't', principalFilter: 'x', hostFilter: '', operation: 99 },
]

scenario('ACLs: without an authorizer', 'Admin.describeAcls, kafka-acls, KIP-140', async ({ call }) => {
  for (const version of versionsOf('DescribeAcls')) {
    for (const filter of FILTERS) await call('DescribeAcls', version, filter)
    for (const principal of ['User:x', 'x'])
      await call('CreateAcls', version, {
        creations: [
          { ...RULE, principal },
          { ...RULE, principal },
        ],
      })
    await call('CreateAcls', version, { creations: [] })
    await call('DeleteAcls', version, { filters: FILTERS })
    await call('DeleteAcls', version, { filters: [] })
  }
})

const SOMEBODY = { principalType: 'User', principalName: 'x' }

scenario('Delegation tokens: without authentication', 'kafka-delegation-tokens, KIP-48', async ({ call }) => {
  const hmac = new Uint8Array(32)
  for (const version of versionsOf('CreateDelegationToken')) {
    const token = { renewers: [], maxLifetimeMs: -1 }
    await call('CreateDelegationToken', version, token)
    await call('CreateDelegationToken', version, { renewers: [SOMEBODY], maxLifetimeMs: 0 })
    if (version >= 3)
      await call('CreateDelegationToken', version, {
        ...token,
        ownerPrincipalType: 'User',
        ownerPrincipalName: 'x',
      })
    for (const owners of [null, [], [SOMEBODY]]) await call('DescribeDelegationToken', version, { owners })
  }
  for (const version of versionsOf('RenewDelegationToken')) {
    await call('RenewDelegationToken', version, { hmac, renewPeriodMs: -1 })
    await call('ExpireDelegationToken', version, { hmac, expiryTimePeriodMs: -1 })
  }
})
