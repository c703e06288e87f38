/**
 * What no single broker key says: settings that must fit each other.
 *
 *   log.cleaner.dedupe.buffer.size   at least a megabyte for each of log.cleaner.threads
 *   group.consumer.session.timeout.ms   between its min and its max
 *
 * They hold for what a broker is started with and for what it shall be changed to while it runs.
 *
 * (KafkaConfig.validateValues, GroupCoordinatorConfig, in Apache Kafka 4.3)
 */
import type { BrokerKey, BrokerValues } from './broker-keys.ts'
import { ConfigError } from './config-key.ts'
import { isSet, retentionMsOf, rollJitterMsOf, rollMsOf } from './log-times.ts'

const MEGABYTE = 1 << 20

/** Throws ConfigError when a broker could not be run with these settings; each of them is fine by itself. */
export function checkBrokerSettings(config: BrokerValues): void {
  insist(rollMsOf(config) >= 1, 'log.roll.ms must be greater than or equal to 1')
  insist(rollJitterMsOf(config) >= 0, 'log.roll.jitter.ms must be greater than or equal to 0')
  const retentionMs = retentionMsOf(config)
  insist(
    retentionMs === -1 || retentionMs >= 1,
    'log.retention.ms must be unlimited (-1) or, greater than or equal to 1',
  )
  checkDedupeBuffer(config)
  const noneByIp = config.get('max.connections.per.ip') === 0
  const overrides = 'max.connections.per.ip.overrides'
  parseOverrides(config.get(overrides))
  insist(
    !noneByIp || isSet(config.get(overrides)),
    `max.connections.per.ip can be set to zero only if ${overrides} property is set.`,
  )
  insist(
    config.get('queued.max.request.bytes') <= 0 ||
      config.get('queued.max.request.bytes') >= config.get('socket.request.max.bytes'),
    'queued.max.request.bytes must be larger or equal to socket.request.max.bytes',
  )
  const protocols = protocolsOf(config.get('listener.security.protocol.map'))
  checkListeners(config.get('listeners'), protocols)
  checkListeners(config.get('advertised.listeners'), protocols)
  insist(
    !config.get('advertised.listeners').some((each) => each.includes('://0.0.0.0:')),
    'advertised.listeners cannot use the nonroutable meta-address 0.0.0.0. Use a routable IP address.',
  )
  checkCordoned(config)
  for (const kind of ['consumer', 'share', 'streams'])
    for (const what of TIMES) checkGroupTime(config, kind, what)
}

const TIMES = ['heartbeat.interval.ms', 'session.timeout.ms', 'assignment.interval.ms']

function insist(isSo: boolean, what: string): void {
  if (!isSo) throw new ConfigError(`requirement failed: ${what}`)
}

function checkDedupeBuffer(config: BrokerValues): void {
  const threads = config.get('log.cleaner.threads')
  if (threads === 0) throw new ConfigError('/ by zero')
  const bytes = Math.floor(config.get('log.cleaner.dedupe.buffer.size') / threads)
  insist(bytes > MEGABYTE, 'log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.')
}

/** `10.0.0.1:5,host:7`: how many connections each may have. Throws ConfigError. */
export function parseOverrides(text: string): Map<string, number> {
  const pairs = pairsOf('max.connections.per.ip.overrides', text)
  return new Map(pairs.map(([host, count]) => [host, Number(count)]))
}

/** `EXTERNAL:SSL,PLAINTEXT:PLAINTEXT`: the protocol of each listener. */
function protocolsOf(text: string): ReadonlyMap<string, string> {
  const name = 'listener.security.protocol.map'
  const known = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']
  const pairs = pairsOf(name, text)
  for (const [, protocol] of pairs)
    if (!known.includes(protocol.toUpperCase()))
      throw new ConfigError(`Invalid security protocol \`${protocol}\` defined in ${name}`)
  return new Map(pairs.map(([listener, protocol]) => [listener.toUpperCase(), protocol]))
}

/** `INTERNAL://0.0.0.0:9092`: a name, whose protocol is known, a host and a port. */
function checkListeners(listeners: readonly string[], protocols: ReadonlyMap<string, string>): void {
  const nameless = listeners.find((each) => !each.includes(':'))
  if (nameless !== undefined) throw new ConfigError(`Unable to parse a listener name from ${nameless}`)
  for (const each of listeners) {
    const name = /^(\w+):\/\/\[?[-\w%.:]*\]?:-?\d+$/.exec(each)?.[1]?.toUpperCase()
    if (name !== undefined && protocols.has(name)) continue
    const why =
      name === undefined
        ? `Unable to parse ${each} to a broker endpoint`
        : `No security protocol defined for listener ${name}`
    throw new ConfigError(`Error creating broker listeners from '[${listeners.join(', ')}]': ${why}`)
  }
}

/** Folders that get no new partitions are among those that there are (KIP-1066); `*` is all of them. */
function checkCordoned(config: BrokerValues): void {
  const cordoned = config.get('cordoned.log.dirs')
  if (cordoned.includes('*'))
    return insist(
      cordoned.length === 1,
      'When cordoned.log.dirs is set to *, it must not contain other values',
    )
  const dirs = config.get('log.dirs').length > 0 ? config.get('log.dirs') : config.get('log.dir')
  const missing = cordoned.filter((each) => !dirs.includes(each))
  const why = 'All entries in cordoned.log.dirs must be present in log.dirs or log.dir. Missing entries :'
  insist(missing.length === 0, `${why} ${missing.join(', ')}`)
}

/** Pairs with a colon between, separated by commas; the words of the refusal are those of Java's substring. */
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

/** One of a group's times lies between the broker's bounds. */
function checkGroupTime(config: BrokerValues, kind: string, what: string): void {
  const [own, min, max] = [
    `group.${kind}.${what}`,
    `group.${kind}.min.${what}`,
    `group.${kind}.max.${what}`,
  ] as [BrokerKey, BrokerKey, BrokerKey]
  const value = (key: BrokerKey) => Number(config.get(key))
  if (value(max) < value(min)) throw new ConfigError(`${max} must be greater than or equal to ${min}`)
  if (value(own) < value(min)) throw new ConfigError(`${own} must be greater than or equal to ${min}`)
  if (value(own) > value(max)) throw new ConfigError(`${own} must be less than or equal to ${max}`)
}
