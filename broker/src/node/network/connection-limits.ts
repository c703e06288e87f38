/**
 * The limits on connections, from the broker's settings.
 *
 *   max.connections                    in total; further connections wait until one is closed
 *   max.connections.per.ip             from one address; further connections are closed
 *   max.connections.per.ip.overrides   127.0.0.1:200,10.0.0.7:5   other limits for some addresses
 *   connections.max.idle.ms            a connection without traffic for this long is closed
 *
 * All but the last may be changed while the broker runs (kafka-configs --entity-default). Open connections stay open.
 */

import type { BrokerConfig } from '../../config/broker-config.ts'
import { parseOverrides } from '../../config/checks/broker-checks.ts'
import type { ConnectionLimits } from './tcp.ts'

/** The current limits. */
export function connectionLimits(config: BrokerConfig): ConnectionLimits {
  const overrides = parseOverrides(config.get('max.connections.per.ip.overrides'))
  return {
    connectionsMax: config.get('max.connections'),
    // Host names are not resolved.
    connectionsPerIpMax: (ip) => overrides.get(ip) ?? config.get('max.connections.per.ip'),
    idleMsMax: config.get('connections.max.idle.ms'),
  }
}
