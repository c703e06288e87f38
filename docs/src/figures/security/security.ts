/**
 * What a listener that reads along, and a stranger who connects, can do: Kafka's rules for protocols of listeners and for an
 * authorizer, as a table. No broker runs. The mechanism of SASL is PLAIN, which sends the password as it is.
 */

export const PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const
export type SecurityProtocol = (typeof PROTOCOLS)[number]

export interface Eve {
  /** Whether she reads records on the wire. */
  readonly readsRecords: boolean
  /** Whether she reads the password of a client on the wire. */
  readonly readsPassword: boolean
  /** As whom she connects: without a name, with a stolen one, or not at all. */
  readonly connectsAs: 'anonymous' | 'stolen' | 'nobody'
  /** Whether she can write to the topic of another. */
  readonly writes: boolean
}

/** What Eve can do; with an authorizer only the service itself may write to its topic. */
export function eveAt(protocol: SecurityProtocol, hasAuthorizer: boolean): Eve {
  const isEncrypted = protocol.endsWith('SSL')
  const asksName = protocol.startsWith('SASL')
  const readsPassword = asksName && !isEncrypted
  const connectsAs = asksName ? (readsPassword ? 'stolen' : 'nobody') : 'anonymous'
  return {
    readsRecords: !isEncrypted,
    readsPassword,
    connectsAs,
    // With the stolen name she is the service, and an authorizer cannot tell.
    writes: connectsAs === 'stolen' || (connectsAs === 'anonymous' && !hasAuthorizer),
  }
}
