/** Which command lines are accepted, and what the error says about the others. */
import { describe, expect, test } from 'vitest'
import { parseArguments, UsageError } from './cli-options.ts'

describe('the command line', () => {
  test('no options: one broker on 127.0.0.1:9092, in a temporary folder', () => {
    const defaults = {
      host: '127.0.0.1',
      port: 9092,
      brokers: 1,
      data: undefined,
      config: {},
      logLevel: 'info',
      metrics: undefined,
    }
    expect(parseArguments([])).toEqual(defaults)
  })

  test('every option, with its value as the next argument or after an equals sign', () => {
    const apart = [
      '--port',
      '19092',
      '--host',
      '0.0.0.0',
      '--data',
      'd',
      '--brokers',
      '3',
      '--log-level',
      'warn',
    ]
    const joined = ['--port=19092', '--host=0.0.0.0', '--data=d', '--brokers=3', '--log-level=warn']
    expect(parseArguments(apart)).toEqual(parseArguments(joined))
    expect(parseArguments(apart)).toMatchObject({ port: 19_092, brokers: 3, data: 'd', logLevel: 'warn' })
  })

  test('--set may be repeated, and its value may contain an equals sign', () => {
    const typed = ['--set', 'num.partitions=3', '--set=sasl.jaas.config=A=B']
    expect(parseArguments(typed)).toMatchObject({
      config: { 'num.partitions': '3', 'sasl.jaas.config': 'A=B' },
    })
  })

  test('metrics listen on 127.0.0.1, or on the given address', () => {
    const typed = (value: string) => parseArguments([`--metrics=${value}`])
    expect(typed('9404')).toMatchObject({ metrics: { host: '127.0.0.1', port: 9404 } })
    expect(typed('0.0.0.0:9404')).toMatchObject({ metrics: { host: '0.0.0.0', port: 9404 } })
    expect(typed('[::1]:9404')).toMatchObject({ metrics: { host: '::1', port: 9404 } })
  })

  test('--help and --version override everything else', () => {
    expect(parseArguments(['--help'])).toBe('help')
    expect(parseArguments(['--port', '1', '--version'])).toBe('version')
  })

  const refused: [string[], RegExp][] = [
    [['--prot', '1'], /unknown option --prot/],
    [['9092'], /unknown option 9092/],
    [['--port'], /--port needs a value/],
    [['--port', 'x'], /--port x: must be a whole number from 0 to 65535/],
    [['--port', '65536'], /--port 65536/],
    [['--port', '65535', '--brokers', '2'], /leaves no room for 2 brokers/],
    [['--brokers', '0'], /--brokers 0/],
    [['--metrics', 'x'], /--metrics x: must be a whole number from 0 to 65535/],
    [['--metrics', ':9404'], /must be PORT or HOST:PORT/],
    [['--metrics', '65535', '--brokers', '2'], /--metrics 65535 leaves no room for 2 brokers/],
    [['--port', '1', '--port', '2'], /--port was given twice/],
    [['--log-level', 'loud'], /must be one of debug, info, warn, error/],
    [['--set', 'num.partitions'], /must be KEY=VALUE/],
    [['--set', 'no.such.key=1'], /Unknown configuration no\.such\.key/],
    [['--set', 'partitions.num=1'], /did you mean num\.partitions/],
    [['--set', '__proto__=1'], /Unknown configuration __proto__/],
    [['--set', 'constructor=1'], /Unknown configuration constructor/],
    [['--set', 'toString=1'], /Unknown configuration toString/],
    [['--brokers', '2', '--set', 'advertised.listeners=PLAINTEXT://h:65535'], /no room for 2 brokers/],
    [['--set', 'num.partitions=many'], /Invalid value many for configuration num\.partitions/],
    [['--set', 'log.dirs=/x'], /use --data instead/],
    [['--set', 'listeners=PLAINTEXT://:1'], /use --host and --port instead/],
    [['--brokers', '2', '--set', 'node.id=7'], /one broker only/],
    [['--brokers', '2', '--set', 'broker.id=7'], /one broker only/],
    [['--set', 'node.id=7', '--set', 'broker.id=8'], /`node\.id` to the same value as `broker\.id`/],
  ]
  test.each(refused)('CLI-OPTIONS-1, CLI-OPTIONS-2: %j is refused in one line', (args, line) => {
    const error = thrown(() => parseArguments(args))
    expect(error).toBeInstanceOf(UsageError)
    expect((error as Error).message).toMatch(line)
    expect((error as Error).message).not.toContain('\n')
  })
})

describe("an invalid value is refused with Kafka's own message, whatever its type", () => {
  test.each([
    [
      'log.cleaner.enable=yes',
      'Invalid value yes for configuration log.cleaner.enable: Expected value to be either true or false',
    ],
    ['num.partitions=1.5', 'Invalid value 1.5 for configuration num.partitions: Not a number of type INT'],
    ['num.partitions=0', 'Invalid value 0 for configuration num.partitions: Value must be at least 1'],
    [
      'offsets.topic.replication.factor=40000',
      'Invalid value 40000 for configuration offsets.topic.replication.factor: Not a number of type SHORT',
    ],
    [
      'log.retention.bytes=9223372036854775808',
      'Invalid value 9223372036854775808 for configuration log.retention.bytes: Not a number of type LONG',
    ],
    [
      'log.cleaner.min.cleanable.ratio=half',
      'Invalid value half for configuration log.cleaner.min.cleanable.ratio: Not a number of type DOUBLE',
    ],
    [
      'log.cleaner.min.cleanable.ratio=1.5',
      'Invalid value 1.5 for configuration log.cleaner.min.cleanable.ratio: Value must be no more than 1',
    ],
    [
      'log.cleanup.policy=shred',
      'Invalid value shred for configuration log.cleanup.policy: String must be one of: compact, delete',
    ],
    [
      'group.consumer.assignors=',
      "Configuration 'group.consumer.assignors' must not be empty. Valid values include: any non-empty value",
    ],
    [
      'compression.type=rar',
      'Invalid value rar for configuration compression.type: String must be one of: uncompressed, zstd, lz4, snappy, gzip, producer',
    ],
    [
      'group.consumer.migration.policy=x',
      'Invalid value x for configuration group.consumer.migration.policy: String must be one of (case insensitive): DISABLED, DOWNGRADE, UPGRADE, BIDIRECTIONAL',
    ],
    ['log.roll.ms=0', 'requirement failed: log.roll.ms must be greater than or equal to 1'],
    [
      'group.consumer.session.timeout.ms=1',
      'group.consumer.session.timeout.ms must be greater than or equal to group.consumer.min.session.timeout.ms',
    ],
    [
      'advertised.listeners=here',
      "Error creating broker listeners from '[here]': Unable to parse here to a broker endpoint",
    ],
    [
      'max.connections.per.ip.overrides=here',
      "Error parsing configuration property 'max.connections.per.ip.overrides': begin 0, end -1, length 4",
    ],
  ])('--set %s', (setting, wanted) => {
    expect((thrown(() => parseArguments(['--set', setting])) as Error).message).toBe(wanted)
  })
})

function thrown(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}
