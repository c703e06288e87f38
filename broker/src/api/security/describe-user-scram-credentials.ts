/**
 * DescribeUserScramCredentials (key 50): which users can log in by a password, and how is it kept? (KIP-554)
 *
 * Here nobody can: this broker has no authentication. It is answered all the same, because `kafka-configs --describe
 * --entity-type users` asks it beside the users' quotas, and shows nothing if it fails. (Kafka: ScramImage.describe)
 */
import {
  DescribeUserScramCredentialsRequest,
  DescribeUserScramCredentialsResponse,
} from '../../messages/describe-user-scram-credentials.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api } from '../api.ts'
import { forEachInTurns, mapInTurns } from '../in-turns.ts'

export const DescribeUserScramCredentials = api({
  request: DescribeUserScramCredentialsRequest,
  response: DescribeUserScramCredentialsResponse,
  *steps({ turns }, { users }) {
    const timesNamed = new Map<string, number>()
    yield* forEachInTurns(turns, users ?? [], ({ name }) =>
      timesNamed.set(name, (timesNamed.get(name) ?? 0) + 1),
    )
    const results = yield* mapInTurns(turns, timesNamed, ([user, times]) => ({
      user,
      ...(times > 1 ? refusedAsTwice(user) : unknown(user)),
      credentialInfos: [],
    }))
    return { errorCode: ErrorCode.NONE, errorMessage: '', results }
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
