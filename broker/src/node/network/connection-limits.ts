/**
 * How many connections there may be, by the broker's settings.
 *
 *   max.connections                    in all; who comes above it waits
 *   max.connections.per.ip             from one address; who comes above it is turned away
 *   max.connections.per.ip.overrides   127.0.0.1:200,10.0.0.7:5   other numbers for some addresses
 *   connections.max.idle.ms            without traffic
 *
 * All but the last may be changed while the broker runs (kafka-configs --entity-default); who is connected stays.
 */

import type { BrokerConfig } from '../../config/broker-config.ts'
import { parseOverrides } from '../../config/checks/broker-checks.ts'
import type { ConnectionLimits } from './tcp.ts'

/** The limits in force. */
export function connectionLimits(config: BrokerConfig): ConnectionLimits {
  const overrides = parseOverrides(config.get('max.connections.per.ip.overrides'))
  return {
    connectionsMax: config.get('max.connections'),
    // Names are not looked up.
    connectionsPerIpMax: (ip) => overrides.get(ip) ?? config.get('max.connections.per.ip'),
    idleMsMax: config.get('connections.max.idle.ms'),
  }
}
