/**
 * Delegation tokens stand for a user who has authenticated himself. On a listener without authentication nobody has, so
 * nobody gets a token, or may do anything with one. (Kafka: DelegationTokenManager, KafkaApis.allowTokenRequests)
 */
import { ErrorCode } from '../../wire/errors.ts'

export const NOT_ALLOWED = ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED
/** A time that is none, ms. */
export const NO_TIME = -1
/** Everybody on a listener without authentication. */
export const ANONYMOUS = { type: 'User', name: 'ANONYMOUS' } as const
