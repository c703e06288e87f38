/**
 * What little a broker without authentication has to say about it.
 */
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
