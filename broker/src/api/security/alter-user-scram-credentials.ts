/**
 * AlterUserScramCredentials (key 51): sets and removes SCRAM passwords (controller/decisions/scram-decisions.ts). (KIP-554)
 */
import {
  AlterUserScramCredentialsRequest,
  AlterUserScramCredentialsResponse,
} from '../../messages/alter-user-scram-credentials.ts'
import { api } from '../api.ts'

export const AlterUserScramCredentials = api({
  request: AlterUserScramCredentialsRequest,
  response: AlterUserScramCredentialsResponse,
  decides: true,
  forwards: true,
  handle: ({ controller }, request, context, reply) => {
    context.staysInWork()
    controller.alterScram(request, (results) =>
      reply({
        results: results.map(({ user, errorCode, message }) => ({ user, errorCode, errorMessage: message })),
      }),
    )
  },
})
