/** Compares with Kafka: settings that a broker is started with and that do not fit each other. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findKafkaTools } from '../../../test/kafka-tools.ts'
import { BrokerConfig } from '../broker-config.ts'

const tools = findKafkaTools()
if ('missing' in tools) console.warn(`The comparison of settings at the start is left out: ${tools.missing}`)

const LOGS = [
  ...[
    'log.roll.ms=0',
    'log.roll.hours=0',
    'log.roll.jitter.ms=-1',
    'log.retention.ms=0',
    'log.retention.hours=0',
  ],
  ...[
    'log.retention.minutes=-5',
    'log.cleaner.threads=0',
    'log.cleaner.threads=128',
    'log.cleaner.threads=127',
  ],
  ...['cordoned.log.dirs=/x', 'cordoned.log.dirs=*,/x', 'log.dirs=,/a', 'offsets.topic.compression.codec=9'],
]
const NETWORK = [
  ...['max.connections.per.ip=0', 'max.connections.per.ip=0;max.connections.per.ip.overrides=1.1.1.1:5'],
  ...[
    'max.connections.per.ip.overrides=a',
    'max.connections.per.ip.overrides=a:x',
    'queued.max.request.bytes=5',
  ],
  ...[
    'queued.max.request.bytes=0',
    'advertised.listeners=here',
    'advertised.listeners=PLAINTEXT://0.0.0.0:9',
  ],
  ...['advertised.listeners=SIDE://a:9', 'listener.security.protocol.map=PLAINTEXT'],
  ...['listener.security.protocol.map=PLAINTEXT:X', 'listeners=PLAINTEXT://a:1,PLAINTEXT://b:2'],
  ...['listeners=x', 'listeners=PLAINTEXT:9', 'replica.fetch.wait.max.ms=40000', 'node.id=1;broker.id=2'],
  ...['replica.socket.timeout.ms=100', 'replica.fetch.wait.max.ms=30001;replica.socket.timeout.ms=50000'],
]
const GROUPS = [
  ...['group.consumer.session.timeout.ms=1', 'group.consumer.session.timeout.ms=70000'],
  ...['group.consumer.heartbeat.interval.ms=50000', 'group.consumer.min.session.timeout.ms=61000'],
  ...['group.consumer.max.heartbeat.interval.ms=50000;group.consumer.heartbeat.interval.ms=46000'],
  ...['group.consumer.assignment.interval.ms=20000', 'group.share.min.heartbeat.interval.ms=16000'],
  ...['group.share.delivery.count.limit=3;group.share.min.delivery.count.limit=4'],
  ...['group.share.record.lock.duration.ms=61000', 'group.share.record.lock.duration.ms=14000'],
  ...['group.share.partition.max.record.locks=5000', 'group.streams.num.standby.replicas=3'],
  ...[
    'group.streams.session.timeout.ms=10',
    'group.consumer.assignors=foo',
    'group.consumer.assignors=range',
  ],
  ...['group.consumer.assignors=org.apache.kafka.coordinator.group.assignor.RangeAssignor'],
  ...['group.coordinator.rebalance.protocols=consumer', 'group.coordinator.rebalance.protocols=classic'],
]
const SETTINGS = [...LOGS, ...NETWORK, ...GROUPS, 'num.partitions=2']

function ours(settings: string): string {
  try {
    new BrokerConfig(
      Object.fromEntries(settings.split(';').map((each) => each.split('=') as [string, string])),
    )
    return 'fine'
  } catch (error) {
    return (error as Error).message
  }
}

describe.skipIf('missing' in tools)('Apache Kafka 4.3', () => {
  test('accepts and refuses the same settings as Kafka, with the same texts', { timeout: 60_000 }, () => {
    const folder = 'missing' in tools ? '' : tools.folder
    const program = join(import.meta.dirname, '../../../test/StartConfigs.java')
    const printed = execFileSync('java', ['-cp', `${folder}/*`, program, ...SETTINGS], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const theirs = printed.trimEnd().split('\n')
    const said = (words: readonly string[]) => SETTINGS.map((settings, i) => `${settings}: ${words[i]}`)
    expect(said(SETTINGS.map(ours))).toEqual(said(theirs))
  })
})

test('settings that do not fit each other are refused', () => {
  expect(ours('log.retention.hours=0')).toContain('log.retention.ms must be unlimited (-1) or, greater')
  expect(ours('group.consumer.session.timeout.ms=1')).toContain('group.consumer.min.session.timeout.ms')
  expect(ours('num.partitions=2')).toBe('fine')
})
