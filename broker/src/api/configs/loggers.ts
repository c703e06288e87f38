/**
 * The level of the broker's log, which DescribeConfigs returns and IncrementalAlterConfigs changes (KIP-412).
 *
 * Kafka has a logger for each of its classes; here there is only the root logger. A level lasts until the process ends: it
 * is not stored in the metadata.
 *
 *   operation   0 set, to DEBUG, ERROR, FATAL, INFO, TRACE or WARN    1 delete, not of the root
 *
 * (kafka.server.logger.RuntimeLoggerManager)
 */
import type { ConfigChange } from '../../controller/decisions/config-decisions.ts'
import type { Logger } from '../../core.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'

export const ROOT_LOGGER = 'root'

/** Kafka's levels, each with our equivalent. */
const LEVELS = {
  DEBUG: 'debug',
  ERROR: 'error',
  FATAL: 'error',
  INFO: 'info',
  TRACE: 'debug',
  WARN: 'warn',
} as const
type Level = keyof typeof LEVELS

export class Loggers {
  private readonly log: Logger
  /** The level that was set last; undefined: the initial level of the log. */
  private chosen: Level | undefined

  constructor(log: Logger) {
    this.log = log
  }

  /** The root logger's level, with Kafka's name. */
  get level(): string {
    return this.chosen ?? (this.log.threshold ?? 'info').toUpperCase()
  }

  /** Applies the changes, or only validates them. Throws KafkaError if one of them is invalid. */
  change(changes: readonly ConfigChange[], validateOnly: boolean): void {
    for (const change of changes) check(change)
    if (validateOnly) return
    for (const { value } of changes) {
      this.chosen = value as Level
      this.log.threshold = LEVELS[this.chosen]
    }
  }
}

const OPERATIONS = ['SET', 'DELETE', 'APPEND', 'SUBTRACT']

function check({ name, operation, value }: ConfigChange): void {
  const word = OPERATIONS[operation]
  if (word === undefined)
    throw new KafkaError(ErrorCode.UNKNOWN_SERVER_ERROR, `Unknown operation type ${operation}`)
  if (word === 'APPEND' || word === 'SUBTRACT')
    throw new KafkaError(
      ErrorCode.INVALID_REQUEST,
      `${word} operation is not allowed for the BROKER_LOGGER resource`,
    )
  if (name !== ROOT_LOGGER) throw new KafkaError(ErrorCode.INVALID_CONFIG, `Logger ${name} does not exist!`)
  if (word === 'DELETE')
    throw new KafkaError(
      ErrorCode.INVALID_REQUEST,
      `Removing the log level of the ${ROOT_LOGGER} logger is not allowed`,
    )
  if (value === null || !Object.hasOwn(LEVELS, value)) {
    const valid = Object.keys(LEVELS).join(', ')
    const why = `Cannot set the log level of ${name} to ${value} as it is not a supported log level.`
    throw new KafkaError(ErrorCode.INVALID_CONFIG, `${why} Valid log levels are ${valid}`)
  }
}
