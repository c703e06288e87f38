/** Compares our assignors with Apache Kafka's own classes: hundreds of random groups, each with several changes. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { javaCommand } from '../../../../compare/kafka/kafka-jars.ts'
import { findKafkaTools } from '../../../../test/kafka-tools.ts'
import { diceOf } from '../../../sim/seeded-random.ts'
import { uuidToString } from '../../../wire/uuid.ts'
import { type Assignment, assignmentOf, topicPartitionsOf } from './assignment.ts'
import type { AssignorMember } from './assignor.ts'
import { ASSIGNORS, inKafkaOrder } from './assignors.ts'

const tools = findKafkaTools()
if ('missing' in tools) console.warn(`The comparison of assignors is left out: ${tools.missing}`)

const GROUPS = 60
const CHANGES = 6

interface Scene {
  readonly assignor: string
  readonly isMixed: boolean
  readonly members: readonly AssignorMember[]
  readonly newcomer: string | undefined
  readonly counts: ReadonlyMap<string, number>
}

/** A random group: members join, leave and change their subscriptions, topics grow. Targets are from our own assignor. */
function* lifeOf(assignor: string, isMixed: boolean, seed: number): Generator<Scene> {
  const dice = diceOf(seed)
  const newId = () => uuidToString(Uint8Array.from({ length: 16 }, () => dice(256)))
  const topics = Array.from({ length: 1 + dice(5) }, newId)
  const counts = new Map(topics.map((id) => [id, dice(3) === 0 ? dice(60) : dice(12)]))
  const some = () => new Set(topics.filter(() => dice(3) > 0))
  const subscription = () => (isMixed ? some() : new Set(topics))
  const names = Array.from({ length: 1 + dice(dice(4) === 0 ? 40 : 8) }, newId)
  const instanceOf = () => (dice(4) === 0 ? newId() : null)
  let members: AssignorMember[] = names.map((memberId) => {
    return { memberId, instanceId: instanceOf(), topics: subscription(), current: new Map() }
  })
  let newcomer: string | undefined
  for (let change = 0; change < CHANGES; change++) {
    yield { assignor, isMixed, members, newcomer, counts: new Map(counts) }
    const result = ASSIGNORS.get(assignor)!(inKafkaOrder(members, newcomer), counts, isMixed)
    members = members.map((member) => ({ ...member, current: stored(result.get(member.memberId)!) }))
    newcomer = undefined
    const what = dice(4)
    if (what === 0 && members.length > 1) members.splice(dice(members.length), 1)
    if (what === 1) {
      newcomer = newId()
      members.push({ memberId: newcomer, instanceId: null, topics: subscription(), current: new Map() })
    }
    if (what === 2) counts.set(topics[0]!, counts.get(topics[0]!)! + 1 + dice(5))
    if (what === 3) members = members.map((each) => (dice(2) ? each : { ...each, topics: subscription() }))
  }
}

/** The assignment after a round trip through its record. */
function stored(assignment: Assignment): Assignment {
  return assignmentOf(topicPartitionsOf(assignment))
}

function shown(assignment: Assignment): string {
  return topicPartitionsOf(assignment)
    .map(({ topicId, partitions }) => `${topicId}:${partitions.join(',')}`)
    .sort()
    .join(';')
}

function asked({ assignor, isMixed, members, newcomer, counts }: Scene): string {
  return [
    `group ${assignor} ${isMixed ? 'mixed' : 'even'}${newcomer ? ` ${newcomer}` : ''}`,
    ...[...counts].map(([id, count]) => `topic ${id} ${count}`),
    ...members.map(({ memberId, instanceId, topics, current }) =>
      ['member', memberId, instanceId ?? '-', [...topics].join(',') || '-', shown(current) || '-'].join(' '),
    ),
    'end',
  ].join('\n')
}

function answered({ assignor, isMixed, members, newcomer, counts }: Scene): string {
  const served = inKafkaOrder(members, newcomer)
  const result = ASSIGNORS.get(assignor)!(served, counts, isMixed)
  return served.map(({ memberId }) => `${memberId} ${shown(result.get(memberId)!)}`).join('\n')
}

function askKafka(folder: string, scenes: readonly Scene[]): string[] {
  const program = join(import.meta.dirname, '../../../../test/Assignors.java')
  const input = `${scenes.map(asked).join('\n')}\n`
  const output = execFileSync(javaCommand(), ['-cp', `${folder}/*`, program], {
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
    maxBuffer: 64 << 20,
  })
  return output.split(/\n?end\n/).slice(0, -1)
}

describe.skipIf('missing' in tools)(
  'ASSIGNORS-2, UNIFORM-HOMOGENEOUS-3, UNIFORM-HETEROGENEOUS-1, UNIFORM-HETEROGENEOUS-2, LOAD-SCALE-2: the same assignments as Apache Kafka',
  () => {
    test.each([
      ['uniform', false],
      ['uniform', true],
      ['range', true],
    ] as const)(
      '%s, members that subscribe differently: %s',
      (assignor, isMixed) => {
        const seeds = Array.from({ length: GROUPS }, (_, seed) => seed)
        const scenes = seeds.flatMap((seed) => [...lifeOf(assignor, isMixed, seed)])
        const kafka = askKafka((tools as { folder: string }).folder, scenes)
        const different = scenes.findIndex((scene, at) => answered(scene) !== kafka[at])
        const scene = scenes[different]
        expect(scene && answered(scene), scene && asked(scene)).toBe(kafka[different])
        expect(kafka).toHaveLength(scenes.length)
      },
      60_000,
    )
  },
)
