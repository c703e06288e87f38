/**
 * Checks of broker settings that must fit each other; the declarations of single keys cannot express them.
 *
 *   log.cleaner.dedupe.buffer.size   at least one megabyte per thread of log.cleaner.threads
 *   advertised.listeners             only names with a protocol in listener.security.protocol.map
 *
 * They apply to the settings at the start, and to changes while the broker runs.
 *
 * (KafkaConfig.validateValues in Apache Kafka 4.3)
 */

import { ConfigError } from '../config-key.ts'
import { parseInt32 } from '../config-value.ts'
import { BROKER_KEYS, type BrokerValues } from '../keys/broker-keys.ts'
import { retentionMsOf, rollJitterMsOf, rollMsOf } from '../log-times.ts'
import { checkCoordinators } from './coordinator-checks.ts'

const MEGABYTE = 1 << 20

/** Throws ConfigError if valid settings do not fit each other. */
export function checkBrokerSettings(config: BrokerValues): void {
  checkRequirement(rollMsOf(config) >= 1, 'log.roll.ms must be greater than or equal to 1')
  checkRequirement(rollJitterMsOf(config) >= 0, 'log.roll.jitter.ms must be greater than or equal to 0')
  const retentionMs = retentionMsOf(config)
  checkRequirement(
    retentionMs === -1 || retentionMs >= 1,
    'log.retention.ms must be unlimited (-1) or, greater than or equal to 1',
  )
  checkDedupeBuffer(config)
  const noneByIp = config.get('max.connections.per.ip') === 0
  const overrides = 'max.connections.per.ip.overrides'
  parseOverrides(config.get(overrides))
  checkRequirement(
    !noneByIp || config.get(overrides).trim() !== '',
    `max.connections.per.ip can be set to zero only if ${overrides} property is set.`,
  )
  const queuedMax = config.get('queued.max.request.bytes')
  checkRequirement(
    // Our default differs from Kafka's (no limit), so it must not fail if only the other key was raised.
    String(queuedMax) === BROKER_KEYS['queued.max.request.bytes'].text ||
      queuedMax <= 0 ||
      queuedMax >= config.get('socket.request.max.bytes'),
    'queued.max.request.bytes must be larger or equal to socket.request.max.bytes',
  )
  const protocols = protocolsOf(config.get('listener.security.protocol.map'))
  checkListeners(config.get('listeners'), protocols)
  checkEndpoints(config.get('advertised.listeners'), protocols)
  checkRequirement(
    !config.get('advertised.listeners').some((each) => each.includes('://0.0.0.0:')),
    'advertised.listeners cannot use the nonroutable meta-address 0.0.0.0. Use a routable IP address.',
  )
  checkCordoned(config)
  checkReplication(config)
  checkCoordinators(config)
}

function checkRequirement(isTrue: boolean, what: string): void {
  if (!isTrue) throw new ConfigError(`requirement failed: ${what}`)
}

function checkDedupeBuffer(config: BrokerValues): void {
  const threads = config.get('log.cleaner.threads')
  if (threads === 0) throw new ConfigError('/ by zero')
  const bytes = Math.floor(config.get('log.cleaner.dedupe.buffer.size') / threads)
  checkRequirement(
    bytes > MEGABYTE,
    'log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.',
  )
}

/** Parses `10.0.0.1:5,host:7`: connections per host. Throws ConfigError. */
export function parseOverrides(text: string): Map<string, number> {
  const pairs = pairsOf('max.connections.per.ip.overrides', text)
  for (const [, count] of pairs)
    if (parseInt32(count) === undefined) throw new ConfigError(`For input string: "${count}"`)
  const wrong = pairs.map(([host]) => host).filter((host) => !/^[\w%.:-]*$/.test(host))
  if (wrong.length > 0)
    throw new ConfigError(`max.connections.per.ip.overrides contains invalid addresses : ${wrong.join(',')}`)
  return new Map(pairs.map(([host, count]) => [host, Number(count)]))
}

/** Parses `EXTERNAL:SSL,PLAINTEXT:PLAINTEXT`: the protocol of each listener. */
function protocolsOf(text: string): ReadonlyMap<string, string> {
  const name = 'listener.security.protocol.map'
  const known = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']
  const pairs = pairsOf(name, text)
  for (const [, protocol] of pairs)
    if (!known.includes(protocol.toUpperCase()))
      throw new ConfigError(`Invalid security protocol \`${protocol}\` defined in ${name}`)
  return new Map(pairs.map(([listener, protocol]) => [listener.toUpperCase(), protocol]))
}

/** Checks that the names of listeners are different. */
function checkListeners(listeners: readonly string[], protocols: ReadonlyMap<string, string>): void {
  const nameless = listeners.find((each) => !each.includes(':'))
  if (nameless !== undefined) throw new ConfigError(`Unable to parse a listener name from ${nameless}`)
  checkEndpoints(listeners, protocols)
  const names = listeners.map((each) => each.split('://')[0]!.toUpperCase())
  if (new Set(names).size === names.length) return
  const all = `[${listeners.join(', ')}]`
  const why = `Each listener must have a different name, listeners: ${all}`
  throw new ConfigError(`Error creating broker listeners from '${all}': ${why}`)
}

/** Checks endpoints such as `INTERNAL://0.0.0.0:9092`: a name with a known protocol, a host and a port. */
function checkEndpoints(endpoints: readonly string[], protocols: ReadonlyMap<string, string>): void {
  for (const each of endpoints) {
    const name = /^(\w+):\/\/\[?[-\w%.:]*\]?:-?\d+$/.exec(each)?.[1]?.toUpperCase()
    if (name !== undefined && protocols.has(name)) continue
    const why =
      name === undefined
        ? `Unable to parse ${each} to a broker endpoint`
        : `No security protocol defined for listener ${name}`
    throw new ConfigError(`Error creating broker listeners from '[${endpoints.join(', ')}]': ${why}`)
  }
}

/** A follower's fetch must not wait longer than its maximum lag or than its socket timeout. */
function checkReplication(config: BrokerValues): void {
  const waitMs = config.get('replica.fetch.wait.max.ms')
  checkRequirement(
    config.get('replica.socket.timeout.ms') >= waitMs,
    'replica.socket.timeout.ms should always be at least replica.fetch.wait.max.ms to prevent unnecessary socket timeouts',
  )
  checkRequirement(
    waitMs <= config.get('replica.lag.time.max.ms'),
    'replica.fetch.wait.max.ms should always be less than or equal to replica.lag.time.max.ms to prevent frequent changes in ISR',
  )
}

/** cordoned.log.dirs (no new partitions there, KIP-1066) must be a subset of log.dirs; `*` means all of them. */
function checkCordoned(config: BrokerValues): void {
  const cordoned = config.get('cordoned.log.dirs')
  if (cordoned.includes('*'))
    return checkRequirement(
      cordoned.length === 1,
      'When cordoned.log.dirs is set to *, it must not contain other values',
    )
  const dirs = config.get('log.dirs').length > 0 ? config.get('log.dirs') : config.get('log.dir')
  const missing = cordoned.filter((each) => !dirs.includes(each))
  const why = 'All entries in cordoned.log.dirs must be present in log.dirs or log.dir. Missing entries :'
  checkRequirement(missing.length === 0, `${why} ${missing.join(', ')}`)
}

/** Parses `a:b,c:d`. The error text is that of Java's substring, as in Kafka. */
function pairsOf(name: string, text: string): [string, string][] {
  const all = text.trim() === '' ? [] : text.split(',').map((each) => each.trim())
  return all.map((each) => {
    const at = each.lastIndexOf(':')
    if (at < 0)
      throw new ConfigError(
        `Error parsing configuration property '${name}': begin 0, end -1, length ${each.length}`,
      )
    return [each.slice(0, at).trim(), each.slice(at + 1).trim()]
  })
}
