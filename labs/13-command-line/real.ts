/**
 * Lab 13 for real: a topic is brought into shape, looked at, and a group rewound; then two outputs, some seconds apart, of a
 * group that nobody is in.
 */
import type { Kafka } from 'kafkajs'
import { defineReal } from '../engine/real.ts'
import type { CommandLine } from './subject.ts'
import { run } from './terminal.ts'

const topic = 'lab-13-orders'
const group = 'lab-13-shop'
const dayMs = 86_400_000
const restMs = 2_000

export const real = defineReal<CommandLine>({
  topics: [topic],
  run: async ({ subject, kafka, bootstrap, say, show }) => {
    // Nobody else is asked whether a line may run: they are the learner's own, and so is the broker.
    const type = async (line: string) => {
      const { out, err, code } = await run({ bootstrap, ours: true }, line, [])
      const printed = [...narrowed(out), ...err, ...(code === 0 ? [] : [`exit ${code}`])]
      for (const text of asTyped(line)) say({ en: '{text}', ru: '{text}' }, { text })
      for (const text of printed.map((each) => `  ${each.trim()}`))
        say({ en: '{text}', ru: '{text}' }, { text })
      return out.join('\n')
    }
    const agreement = {
      topic,
      partitions: 3,
      retentionMs: 7 * dayMs,
      policy: 'delete',
      existing: null,
    } as const
    for (const line of subject.topicAsAgreed(agreement)) await type(line)
    const time = Date.now()
    const producer = kafka.producer()
    await producer.connect()
    const send = (values: readonly string[]) =>
      producer.send({
        topic,
        messages: values.map((value, i) => ({ partition: i % 3, key: `customer-${i}`, value })),
      })
    try {
      await send(['tea', 'milk', 'bread', 'rice', 'oil', 'salt'])
      const offset = Number((await endOf(kafka)) ?? 2) - 2
      await type(subject.look({ topic, partition: 0, offset, count: 2 }))
      await type(
        `kafka-consumer-groups --group ${group} --topic ${topic} --reset-offsets --to-latest --execute`,
      )
      say({
        en: 'The group is at the end. Now back to the moment before these records, in two partitions only:',
        ru: 'Группа на конце. Теперь назад, к моменту перед этими записями, и только в двух партициях:',
      })
      for (const line of subject.rewind({ group, topic, partitions: [0, 2], time })) await type(line)
      const describe = `kafka-consumer-groups --describe --group ${group}`
      const before = await type(describe)
      await new Promise((resolve) => setTimeout(resolve, restMs))
      await send(['flour', 'sugar', 'honey'])
      const after = await type(describe)
      show('stuck(before, after)', subject.stuck(before, after))
    } finally {
      await producer.disconnect()
    }
  },
})

const widthMax = 90
/** A line as one would type it into a terminal, broken where a shell takes it for one line. */
function asTyped(line: string): string[] {
  const lines = ['$']
  for (const word of line.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last.length + word.length < widthMax) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(`    ${word}`)
  }
  return lines.map((text, i) => (i < lines.length - 1 ? `${text} \\` : text))
}

/** The tables of kafka-consumer-groups with columns no wider than they need, so that they fit into a terminal; other lines as they are. */
function narrowed(lines: readonly string[]): string[] {
  const there = lines.filter((line) => line.trim() !== '')
  const from = there.findIndex((line) => line.startsWith('GROUP'))
  if (from < 0) return there
  const cells = there.slice(from).map((line) => line.trim().split(/ +/))
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  )
  const table = cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' '))
  return [...there.slice(0, from), ...table]
}

/** Where partition 0 ends. */
async function endOf(kafka: Kafka): Promise<string | undefined> {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const ends = await admin.fetchTopicOffsets(topic)
    return ends.find(({ partition }) => partition === 0)?.high
  } finally {
    await admin.disconnect()
  }
}
