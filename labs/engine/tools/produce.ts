import { Kafka, logLevel, type Message, Partitioners } from 'kafkajs'
import { type Declared, type Options, required, ToolError } from './options.ts'
import type { Console } from './tool.ts'

/** kafka-console-producer: a record of each line. kafkajs sends it; it chooses the partition of a key as Java does. */

export const producerOptions: Declared = {
  flags: [],
  values: ['topic'],
  lists: ['reader-property', 'property'],
}

/** So many lines are sent together, when they come at once. */
const LINES = 1000

export async function runProducer(options: Options, console: Console): Promise<void> {
  const topic = required(options, 'topic')
  const properties = propertiesOf(options, 'reader-property')
  const separator = properties.get('key.separator') ?? '\t'
  const hasKeys = properties.get('parse.key') === 'true'
  const kafka = new Kafka({ brokers: console.bootstrap.split(','), logLevel: logLevel.NOTHING })
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  try {
    await producer.connect()
    let [messages, line]: [Message[], number] = [[], 0]
    const send = async () => {
      if (messages.length > 0) await producer.send({ topic, messages })
      messages = []
    }
    for await (const text of console.input) {
      line++
      if (hasKeys && !text.includes(separator)) {
        await send()
        throw new ToolError(`No key separator found on line number ${line}: '${text}'`)
      }
      messages.push(hasKeys ? keyed(text, separator) : { value: text })
      if (messages.length === LINES) await send()
    }
    await send()
  } finally {
    await producer.disconnect()
  }
}

function keyed(text: string, separator: string): Message {
  const at = text.indexOf(separator)
  return { key: text.slice(0, at), value: text.slice(at + separator.length) }
}

/** `name=value`, under its name of today or the one before 4.2. Throws ToolError. */
export function propertiesOf(options: Options, name: string): Map<string, string> {
  return new Map(
    [...options.list('property'), ...options.list(name)].map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw new ToolError(`Invalid ${name}: ${pair}`)
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}
