/** Kafka's command-line tools without Java: their options, their effect on a broker, and the lines that Kafka's own print. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inRepository } from '../catalog.ts'
import { startLabBroker } from '../wire/bench.ts'
import { RawCluster } from '../wire/raw.ts'
import { durationOf, timeOf } from './groups.ts'
import { optionsOf, pairsOf, wordsOf } from './options.ts'
import { parsed, runTool } from './run.ts'
import { shownRecord } from './shown-record.ts'

describe('a command line', () => {
  it.each([
    ['kafka-topics --list', ['kafka-topics', '--list']],
    [`a 'b c' "d e"f g\\ h`, ['a', 'b c', 'd ef', 'g h']],
    ['', []],
    [`--x "a\\"b" ''`, ['--x', 'a"b', '']],
  ])('%s becomes words as in a shell', (line, words) => {
    expect(wordsOf(line)).toEqual(words)
  })

  it('with a quote that is not closed is refused', () => {
    expect(() => wordsOf('a "b')).toThrow('not closed')
  })

  const declared = { flags: ['list'], values: ['topic'], lists: ['config'] }

  it('has options once, several times, and with an equals sign', () => {
    const options = optionsOf(['--list', '--topic=a=b', '--config', 'x=1', '--config=y=2'], declared)
    expect([options.has('list'), options.value('topic'), options.list('config')]).toEqual([
      true,
      'a=b',
      ['x=1', 'y=2'],
    ])
  })

  it.each([
    [['--lists'], 'lists is not a recognized option'],
    [['--topic'], 'Option topic requires an argument'],
    [['--topic', '--list'], 'Option topic requires an argument'],
    [['--topic', 'a', '--topic', 'b'], 'Found multiple arguments for option topic'],
    [['--list=yes'], 'takes no value'],
    [['orders'], 'unexpected: orders'],
  ])('TOOL-OPTIONS-1: %j is refused', (words, why) => {
    expect(() => optionsOf(words, declared)).toThrow(why)
  })

  it('may name a tool by its script, and must name a broker', () => {
    const to = ['--bootstrap-server', 'h:1']
    expect(parsed(['bin/kafka-topics.sh', '--list', ...to]).bootstrap).toBe('h:1')
    expect(() => parsed(['kafka-topics', '--list'])).toThrow('bootstrap-server')
    expect(() => parsed(['kafka-acls', '--list', ...to])).toThrow('no such tool')
  })

  it('has pairs with lists in brackets, times and durations', () => {
    expect(pairsOf('a=1,b=[x,y],c=')).toEqual([
      ['a', '1'],
      ['b', 'x,y'],
      ['c', ''],
    ])
    expect(timeOf('2026-11-29T00:00:00.000')).toBe(Date.UTC(2026, 10, 29))
    expect(timeOf('2026-11-29T03:00:00.000+03:00')).toBe(Date.UTC(2026, 10, 29))
    expect(timeOf('2026-11-29T05:30:00.250+0530')).toBe(Date.UTC(2026, 10, 29) + 250)
    expect(timeOf('2026-11-28T16:00:00.250-08')).toBe(Date.UTC(2026, 10, 29) + 250)
    expect([durationOf('PT1H30M'), durationOf('P1DT5S')]).toEqual([5_400_000, 86_405_000])
    for (const wrong of ['P', 'PT', '1H', 'PT1D']) expect(() => durationOf(wrong)).toThrow('no duration')
    // Kafka's tool refuses a time without milliseconds, too.
    for (const wrong of [
      'yesterday',
      '2026-11-29',
      '2026-11-29T00:00:00',
      '2026-11-29T00:00:00Z',
      '2026-13-29T00:00:00.000',
    ])
      expect(() => timeOf(wrong)).toThrow('no time')
  })
})

describe('a record', () => {
  const record = { partition: 1, offset: 7, timestamp: 5, key: null, value: 'tea', headers: [] }

  it('is its value, unless more is asked for', () => {
    expect(shownRecord(record, new Map())).toBe('tea')
    const all = ['timestamp', 'partition', 'offset', 'headers', 'key'].map(
      (what) => [`print.${what}`, 'true'] as const,
    )
    expect(shownRecord(record, new Map(all))).toBe(
      'CreateTime:5\tPartition:1\tOffset:7\tNO_HEADERS\tnull\ttea',
    )
    expect(shownRecord(record, new Map([...all, ['key.separator', '|'], ['null.literal', '-']]))).toContain(
      '|-|tea',
    )
  })
})

describe('on a broker', { timeout: 60_000 }, () => {
  let broker: Awaited<ReturnType<typeof startLabBroker>>
  let cluster: RawCluster

  beforeAll(async () => {
    broker = await startLabBroker()
    cluster = new RawCluster(broker.bootstrap)
  })
  afterAll(async () => {
    cluster.close()
    await broker.stop()
  })

  /** Runs a line; `input` is what is typed into the tool. */
  async function run(line: string, input: readonly string[] = [], on = cluster) {
    const [out, err]: [string[], string[]] = [[], []]
    const { tool, options } = parsed([...wordsOf(line), '--bootstrap-server', broker.bootstrap])
    const code = await runTool(tool, options, {
      cluster: on,
      bootstrap: broker.bootstrap,
      input,
      print: (text) => out.push(text),
      remark: (text) => err.push(text),
      stopped: new AbortController().signal,
    })
    return { code, out, err }
  }

  /** A topic with three keyed records: anna's in partition 1, Boris's in partition 0. */
  async function orders(topic: string): Promise<void> {
    await run(`kafka-topics --create --topic ${topic} --partitions 2 --config retention.ms=3600000`)
    const keyed = '--reader-property parse.key=true --reader-property key.separator=:'
    await run(`kafka-console-producer --topic ${topic} ${keyed}`, ['anna:tea', 'boris:milk', 'anna:bread'])
  }

  it('a topic is created, described, grown, and never shrunk', async () => {
    expect(await run('kafka-topics --create --topic a --partitions 2')).toMatchObject({
      code: 0,
      out: ['Created topic a.'],
    })
    expect((await run('kafka-topics --create --topic a')).out).toEqual([
      "Error while executing topic command : Topic 'a' already exists.",
    ])
    expect((await run('kafka-topics --create --topic a --if-not-exists')).code).toBe(0)
    expect(await run('kafka-topics --alter --topic a --partitions 1')).toMatchObject({
      code: 1,
      out: [
        'Error while executing topic command : The topic a currently has 2 partition(s); 1 would not be an increase.',
      ],
    })
    expect(await run('kafka-topics --alter --topic a --partitions 3')).toMatchObject({ code: 0, out: [] })
    const { out } = await run('kafka-topics --describe --topic a')
    expect(out[0]).toMatch(/^Topic: a\tTopicId: \S{22}\tPartitionCount: 3\tReplicationFactor: 1\tConfigs: /)
    expect(out[3]).toBe('\tTopic: a\tPartition: 2\tLeader: 47\tReplicas: 47\tIsr: 47\tElr: \tLastKnownElr: ')
    expect((await run('kafka-topics --list')).out).toContain('a')
    expect((await run('kafka-topics --describe --under-replicated-partitions')).out).toEqual([])
    await run('kafka-topics --delete --topic a')
    expect((await run('kafka-topics --describe --topic a')).out).toEqual([
      "Error while executing topic command : Topic 'a' does not exist as expected",
    ])
  })

  it('records are written by key, and read without a trace', async () => {
    await orders('b')
    const shown = '--formatter-property print.partition=true --formatter-property print.offset=true'
    const { out, err } = await run(
      `kafka-console-consumer --topic b --from-beginning --max-messages 3 ${shown}`,
    )
    expect(out.toSorted()).toEqual([
      'Partition:0\tOffset:0\tmilk',
      'Partition:1\tOffset:0\ttea',
      'Partition:1\tOffset:1\tbread',
    ])
    expect(err).toEqual(['Processed a total of 3 messages'])
    const one = await run('kafka-console-consumer --topic b --partition 1 --offset 1 --max-messages 1')
    expect(one.out).toEqual(['bread'])
    const late = await run('kafka-console-consumer --topic b --timeout-ms 300')
    expect([late.out, late.err.at(-1)]).toEqual([[], 'Processed a total of 0 messages'])
    expect((await run('kafka-consumer-groups --list')).out).toEqual([])
    const wrong = await run('kafka-console-producer --topic b --reader-property parse.key=true', ['no key'])
    expect(wrong.out).toEqual(["No key separator found on line number 1: 'no key'"])
  })

  it('a group commits what it has printed, and is reset by --execute only', async () => {
    await orders('c')
    const read = 'kafka-console-consumer --topic c --group g --from-beginning --timeout-ms 8000'
    expect((await run(`${read} --max-messages 3`)).out.toSorted()).toEqual(['bread', 'milk', 'tea'])
    const described = await run('kafka-consumer-groups --describe --group g')
    expect(described.err).toEqual(["\nConsumer group 'g' has no active members."])
    expect(described.out.slice(1)).toEqual([
      'GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID     HOST            CLIENT-ID',
      'g               c               0          1               1               0               -               -               -',
      'g               c               1          2               2               0               -               -               -',
    ])
    const reset = 'kafka-consumer-groups --reset-offsets --group g'
    const committed = async () =>
      (await run('kafka-consumer-groups --describe --group g')).out.slice(2).map((row) => row.split(/ +/)[3])
    expect((await run(`${reset} --topic c --to-earliest`)).out).toEqual([
      '',
      'GROUP           TOPIC           PARTITION  NEW-OFFSET',
      'g               c               0          0',
      'g               c               1          0',
    ])
    expect(await committed()).toEqual(['1', '2'])
    await run(`${reset} --topic c:1 --shift-by -1 --execute`)
    expect(await committed()).toEqual(['1', '1'])
    await run(`${reset} --all-topics --to-earliest --execute`)
    expect(await committed()).toEqual(['0', '0'])
    await run(`${reset} --topic c --to-offset 99 --execute`)
    expect(await committed()).toEqual(['1', '2'])
    await run(`${reset} --topic c --by-duration PT1H --execute`)
    expect(await committed()).toEqual(['0', '0'])
    await run(`${reset} --topic c --to-datetime 2100-01-01T00:00:00.000 --execute`)
    expect(await committed()).toEqual(['1', '2'])
    expect((await run('kafka-consumer-groups --delete --group g')).code).toBe(0)
    expect((await run('kafka-consumer-groups --describe --group g')).out[0]).toContain('Group g not found')
  })

  it('offsets of the ends and of a time', async () => {
    await orders('d')
    const at = async (time: string) => (await run(`kafka-get-offsets --topic d ${time}`)).out
    expect(await at('')).toEqual(['d:0:1', 'd:1:2'])
    expect(await at('--time earliest --partitions 1')).toEqual(['d:1:0'])
    expect(await at('--time 0')).toEqual(['d:0:0', 'd:1:0'])
    expect(await at(`--time ${Date.now() + 60_000}`)).toEqual([])
  })

  it('kafka-topics takes a list without brackets, and one config for each --config', async () => {
    const create = 'kafka-topics --create --topic h --config'
    expect((await run(`${create} retention.ms=5,cleanup.policy=compact`)).code).toBe(1)
    expect((await run(`${create} cleanup.policy=compact,delete`)).out).toEqual(['Created topic h.'])
    const { out } = await run('kafka-configs --entity-type topics --entity-name h --describe')
    expect(out[1]).toContain('cleanup.policy=compact,delete ')
  })

  it('groups are listed whichever broker coordinates them', async () => {
    const three = await startLabBroker({ brokers: 3 })
    const many = new RawCluster(three.bootstrap)
    try {
      const groups = ['g1', 'g2', 'g3', 'g4', 'g5', 'g6']
      await run('kafka-topics --create --topic i', [], many)
      for (const group of groups)
        await run(
          `kafka-consumer-groups --reset-offsets --group ${group} --topic i --to-latest --execute`,
          [],
          many,
        )
      expect((await run('kafka-consumer-groups --list', [], many)).out.toSorted()).toEqual(groups)
    } finally {
      many.close()
      await three.stop()
    }
  })

  it('settings are added and taken back, and others stay', async () => {
    await run('kafka-topics --create --topic e --config retention.ms=3600000')
    const configs = 'kafka-configs --entity-type topics --entity-name e'
    const added = await run(
      `${configs} --alter --add-config max.message.bytes=5000,cleanup.policy=[compact,delete]`,
    )
    expect(added.out).toEqual(['Completed updating config for topic e.'])
    expect((await run(`${configs} --describe`)).out).toEqual([
      'Dynamic configs for topic e are:',
      '  cleanup.policy=compact,delete sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:cleanup.policy=compact,delete, DEFAULT_CONFIG:log.cleanup.policy=delete}',
      '  max.message.bytes=5000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:max.message.bytes=5000, DEFAULT_CONFIG:message.max.bytes=1048588}',
      '  retention.ms=3600000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=3600000}',
    ])
    await run(`${configs} --alter --delete-config retention.ms,cleanup.policy`)
    expect((await run(`${configs} --describe`)).out).toHaveLength(2)
    expect(await run(`${configs} --alter --add-config acks=all`)).toMatchObject({
      code: 1,
      out: ['Unknown topic config name: acks'],
    })
    const all = 'kafka-configs --entity-type brokers --entity-default'
    expect((await run(`${all} --alter --add-config message.max.bytes=6000`)).out).toEqual([
      'Completed updating default config for brokers in the cluster.',
    ])
    expect((await run(`${configs} --describe`)).out[1]).toContain(
      'DYNAMIC_DEFAULT_BROKER_CONFIG:message.max.bytes=6000',
    )
  })

  it('as a program: output, exit code, and what is typed into it', async () => {
    const tool = (...words: string[]) => {
      const child = promisify(execFile)(process.execPath, [
        '--import',
        'tsx',
        inRepository('labs/cli/tool.ts'),
        ...words,
      ])
      child.child.stdin?.end('one\ntwo\n')
      return child
    }
    const to = ['--bootstrap-server', broker.bootstrap]
    expect((await tool('kafka-topics.sh', '--create', '--topic', 'f', ...to)).stdout).toBe(
      'Created topic f.\n',
    )
    await tool('kafka-console-producer', '--topic', 'f', ...to)
    expect((await run('kafka-get-offsets --topic f')).out).toEqual(['f:0:2'])
    await expect(tool('kafka-topics', '--list')).rejects.toMatchObject({ code: 1 })
    await expect(tool('kafka-topics', '--list', '--bootstrap-server', '127.0.0.1:1')).rejects.toMatchObject({
      code: 1,
    })
    expect((await tool('--help')).stdout).toContain('--from-beginning')
  })
})
