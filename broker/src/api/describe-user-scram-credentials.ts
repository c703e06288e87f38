/**
 * DescribeUserScramCredentials (key 50): which users can log in by a password, and how is it kept? (KIP-554)
 *
 * Here nobody can: this broker has no authentication. It is answered all the same, because `kafka-configs --describe
 * --entity-type users` asks it beside the users' quotas, and shows nothing if it fails. (Kafka: ScramImage.describe)
 */
import {
  DescribeUserScramCredentialsRequest,
  DescribeUserScramCredentialsResponse,
} from '../messages/describe-user-scram-credentials.ts'
import { ErrorCode } from '../wire/errors.ts'
import { api } from './api.ts'

export const DescribeUserScramCredentials = api({
  request: DescribeUserScramCredentialsRequest,
  response: DescribeUserScramCredentialsResponse,
  handle: (_services, { users }, _context, reply) => {
    const names = (users ?? []).map(({ name }) => name)
    const results = [...new Set(names)].map((user) => {
      const twice = names.indexOf(user) !== names.lastIndexOf(user)
      return { user, ...(twice ? refusedAsTwice(user) : unknown(user)), credentialInfos: [] }
    })
    reply({ errorCode: ErrorCode.NONE, errorMessage: '', results })
  },
})

function refusedAsTwice(user: string) {
  const errorMessage = `Cannot describe SCRAM credentials for the same user twice in a single request: ${user}`
  return { errorCode: ErrorCode.DUPLICATE_RESOURCE, errorMessage }
}

function unknown(user: string) {
  const errorMessage = `Attempt to describe a user credential that does not exist: ${user}`
  return { errorCode: ErrorCode.RESOURCE_NOT_FOUND, errorMessage }
}
