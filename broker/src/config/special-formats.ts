/**
 * Validators for values with special formats: throttled replicas, voters, addresses, the offset reset of share groups.
 */
import { ConfigError } from './config-key.ts'

const elements = (text: string): string[] =>
  text.trim() === ''
    ? []
    : text
        .trim()
        .split(',')
        .map((each) => each.trim())

/** `*`, or pairs of partition and broker: `0:1,1:2`. (ThrottledReplicaListValidator) */
export function checkThrottledReplicas(name: string, text: string): void {
  const all = elements(text)
  if (text.trim() === '*' || all.every((each) => /^(\d+:\d+)?$/.test(each))) return
  const format = '[partitionId]:[brokerId],[partitionId]:[brokerId],...'
  const wanted = `the literal '*' or a list of replicas in the following format: ${format}`
  throw new ConfigError(
    `Invalid value [${all.join(', ')}] for configuration ${name}: ${name} must be ${wanted}`,
  )
}

/** `1@host:9093,2@host:9094`. (QuorumConfig.parseVoterConnections) */
export function checkVoters(name: string, text: string): void {
  if (elements(text).every((each) => /^\d+@[^:]+:\d+$/.test(each))) return
  const form = 'Each entry should be in the form `{id}@{host}:{port}`.'
  throw new ConfigError(`Invalid configuration value for ${name}. ${form}`)
}

/** `host:9093,host:9094`. (QuorumConfig.parseBootstrapServers) */
export function checkServers(name: string, text: string): void {
  const bad = elements(text).find((each) => !/^[^@]+:\d+$/.test(each))
  if (bad === undefined) return
  const why = `Failed to parse host name from ${bad} for the configuration ${name}.`
  throw new ConfigError(`${why} Each entry should be in the form "{host}:{port}"`)
}

/** `earliest`, `latest`, or `by_duration:` with an ISO 8601 duration that is not negative (KIP-932). */
export function checkShareOffsetReset(name: string, text: string): void {
  const value = text.trim()
  if (value === 'earliest' || value === 'latest') return
  const [, sign, days, time] =
    /^by_duration:([+-]?)P(\d+D)?(T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/i.exec(value) ?? []
  if (sign !== '-' && (days ?? time) !== undefined) return
  const wanted =
    "The value must be either 'earliest', 'latest' or of the format 'by_duration:<PnDTnHnMn.nS>'."
  throw new ConfigError(
    `Invalid value ${value} for configuration ${name}: Invalid value \`${value}\` for configuration ${name}. ${wanted}`,
  )
}
