/** Lab 13, right: the plan of a reset is looked at first, settings come one by one, rows are objects with methods. */
import type { Agreement, Place, Rewind, Stuck } from '../starter.ts'

export function topicAsAgreed({ topic, partitions, retentionMs, policy, existing }: Agreement): string[] {
  const about = `--topic ${topic}`
  const lines = ['kafka-topics --list']
  const have = existing?.partitions ?? 0
  if (have === 0) lines.push(`kafka-topics --create --if-not-exists ${about} --partitions ${partitions}`)
  if (have > 0 && have < partitions) lines.push(`kafka-topics --alter ${about} --partitions ${partitions}`)
  for (const pair of [`retention.ms=${retentionMs}`, `cleanup.policy=[${policy}]`])
    lines.push(`kafka-configs --alter --entity-type topics --entity-name ${topic} --add-config ${pair}`)
  lines.push(`kafka-topics --describe ${about}`)
  return lines
}

export function look(place: Place): string {
  const options = new Map<string, string | number>([
    ['topic', place.topic],
    ['partition', place.partition],
    ['offset', place.offset],
    ['max-messages', place.count],
    ['timeout-ms', 1200],
  ])
  let line = 'kafka-console-consumer'
  for (const [name, value] of options) line += ` --${name} ${value}`
  for (const what of ['key', 'partition', 'offset']) line += ` --formatter-property print.${what}=true`
  return line
}

export function rewind({ group, topic, partitions, time }: Rewind): string[] {
  const options = `--group ${group} --topic ${topic}:${partitions.join(',')} --to-datetime ${new Date(time).toISOString()}`
  return [
    `kafka-consumer-groups --describe --group ${group}`,
    `kafka-consumer-groups --reset-offsets ${options}`,
    `kafka-consumer-groups --reset-offsets ${options} --execute`,
  ]
}

class Line {
  readonly words: readonly string[]
  constructor(line: string) {
    this.words = line.trim().split(/ +/)
  }
  word(n: number): string {
    return this.words[n] ?? ''
  }
  get isRow(): boolean {
    return this.words.length >= 7 && this.word(2) !== 'PARTITION'
  }
  get place(): string {
    return JSON.stringify([this.word(1), this.word(2)])
  }
  get hasLag(): boolean {
    const left = this.word(5) === '-' ? this.word(4) : this.word(5)
    return left !== '0' && !left.startsWith('-')
  }
}

export function stuck(before: string, after: string): Stuck[] {
  const linesOf = (output: string) =>
    output
      .split('\n')
      .map((line) => new Line(line))
      .filter((line) => line.isRow)
  const known = new Map(linesOf(before).map((line) => [line.place, line]))
  const all: Stuck[] = []
  for (const line of linesOf(after)) {
    if (!line.hasLag) continue
    const was = known.get(line.place)
    const isOwned = line.word(6) !== '-'
    const isStill = was?.hasLag === true && was.word(3) === line.word(3)
    if (!isOwned || isStill)
      all.push({
        topic: line.word(1),
        partition: Number(line.word(2)),
        why: isOwned ? 'stands still' : 'nobody',
      })
  }
  return all.sort((a, b) => {
    if (a.topic === b.topic) return a.partition - b.partition
    return a.topic > b.topic ? 1 : -1
  })
}
