/**
 * A broker without an authorizer (authorizer.class.name): all clients may do everything, and there are no ACLs to list,
 * add or remove. The error says why. (Kafka: AclApis)
 */
import { ErrorCode } from '../../wire/errors.ts'

export const NO_AUTHORIZER = {
  errorCode: ErrorCode.SECURITY_DISABLED,
  errorMessage: 'No Authorizer is configured.',
} as const
