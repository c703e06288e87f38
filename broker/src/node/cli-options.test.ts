/** What may stand on the command line, and what is said of what may not. */
import { describe, expect, test } from 'vitest'
import { parseArguments, UsageError } from './cli-options.ts'

describe('the command line', () => {
  test('nothing at all: one broker on 127.0.0.1:9092, in a temporary folder', () => {
    const defaults = {
      host: '127.0.0.1',
      port: 9092,
      brokers: 1,
      data: undefined,
      config: {},
      logLevel: 'info',
    }
    expect(parseArguments([])).toEqual(defaults)
  })

  test('every option, apart from its value or joined to it', () => {
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

  test('--set may be repeated, and its value may hold an equals sign', () => {
    const typed = ['--set', 'num.partitions=3', '--set=sasl.jaas.config=A=B']
    expect(parseArguments(typed)).toMatchObject({
      config: { 'num.partitions': '3', 'sasl.jaas.config': 'A=B' },
    })
  })

  test('--help and --version win over everything', () => {
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
    [['--port', '1', '--port', '2'], /--port was given twice/],
    [['--log-level', 'loud'], /must be one of debug, info, warn, error/],
    [['--set', 'num.partitions'], /must be KEY=VALUE/],
    [['--set', 'no.such.key=1'], /Unknown configuration no\.such\.key/],
    [['--set', 'partitions.num=1'], /did you mean num\.partitions/],
    [['--set', 'num.partitions=many'], /Invalid value many for configuration num\.partitions/],
    [['--set', 'log.dirs=/x'], /use --data instead/],
    [['--set', 'listeners=PLAINTEXT://:1'], /use --host and --port instead/],
    [['--brokers', '2', '--set', 'node.id=7'], /one broker only/],
  ]
  test.each(refused)('%j is refused in one line', (args, line) => {
    const error = thrown(() => parseArguments(args))
    expect(error).toBeInstanceOf(UsageError)
    expect((error as Error).message).toMatch(line)
    expect((error as Error).message).not.toContain('\n')
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
