/**
 * A broker without an authorizer (authorizer.class.name): everybody may do everything, and there are no access rules to
 * be shown, added or removed. The error says why. (Kafka: AclApis)
 */
import { ErrorCode } from '../../wire/errors.ts'

export const NO_AUTHORIZER = {
  errorCode: ErrorCode.SECURITY_DISABLED,
  errorMessage: 'No Authorizer is configured.',
} as const
