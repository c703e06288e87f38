/**
 * DescribeUserScramCredentials (key 50): which users have SCRAM passwords, and with how many iterations. Salt and keys are
 * not returned. `kafka-configs --describe --entity-type users` sends it besides the request for quotas. (KIP-554)
 */
import {
  DescribeUserScramCredentialsRequest,
  DescribeUserScramCredentialsResponse,
} from '../../messages/describe-user-scram-credentials.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { inHashOrder, stringHash } from '../../wire/hash-order.ts'
import { api } from '../api.ts'
import { forEachInTurns, mapInTurns } from '../in-turns.ts'

export const DescribeUserScramCredentials = api({
  request: DescribeUserScramCredentialsRequest,
  response: DescribeUserScramCredentialsResponse,
  *steps({ metadata, turns }, { users }) {
    const { scram } = metadata()
    const times = new Map<string, number>()
    yield* forEachInTurns(turns, users ?? [], ({ name }) => times.set(name, (times.get(name) ?? 0) + 1))
    // Without names, all users are returned.
    const asked = inHashOrder(times.size > 0 ? times.keys() : scram.keys(), stringHash)
    const results = yield* mapInTurns(turns, asked, (user) => {
      const credentials = [...(scram.get(user) ?? [])].sort(([a], [b]) => a - b)
      if ((times.get(user) ?? 0) > 1) return refused(user, ErrorCode.DUPLICATE_RESOURCE, TWICE)
      if (credentials.length === 0) return refused(user, ErrorCode.RESOURCE_NOT_FOUND, UNKNOWN)
      return {
        user,
        errorCode: ErrorCode.NONE,
        errorMessage: '',
        credentialInfos: credentials.map(([mechanism, { iterations }]) => ({ mechanism, iterations })),
      }
    })
    return { errorCode: ErrorCode.NONE, errorMessage: '', results }
  },
})

const TWICE = 'Cannot describe SCRAM credentials for the same user twice in a single request: '
const UNKNOWN = 'Attempt to describe a user credential that does not exist: '

function refused(user: string, errorCode: ErrorCode, why: string) {
  return { user, errorCode, errorMessage: `${why}${user}`, credentialInfos: [] }
}
