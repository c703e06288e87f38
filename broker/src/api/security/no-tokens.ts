/**
 * Delegation tokens represent an authenticated user. On a listener without authentication there are no such users, so
 * tokens can't be created or used. (Kafka: DelegationTokenManager, KafkaApis.allowTokenRequests)
 */
import { ErrorCode } from '../../wire/errors.ts'

export const NOT_ALLOWED = ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED
/** No timestamp, in ms. */
export const NO_TIME = -1
/** Every user of a listener without authentication. */
export const ANONYMOUS = { type: 'User', name: 'ANONYMOUS' } as const
