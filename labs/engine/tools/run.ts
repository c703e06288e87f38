import { Refused } from '../wire/raw.ts'
import { configsOptions, runConfigs } from './configs.ts'
import { consumerOptions, runConsumer } from './consume.ts'
import { groupsOptions, runGroups } from './groups.ts'
import { offsetsOptions, runOffsets } from './offsets.ts'
import { type Declared, type Options, optionsOf, ToolError, toolName } from './options.ts'
import { producerOptions, runProducer } from './produce.ts'
import type { Console } from './tool.ts'
import { runTopics, topicsOptions } from './topics.ts'

/**
 * Kafka's command-line tools without Java: the part of their options that the course uses, with the effect and the output that
 * Kafka's own have.
 */

interface Tool {
  readonly options: Declared
  readonly run: (options: Options, console: Console) => Promise<void>
}

export const TOOLS: Readonly<Record<string, Tool>> = {
  'kafka-topics': { options: topicsOptions, run: runTopics },
  'kafka-console-producer': { options: producerOptions, run: runProducer },
  'kafka-console-consumer': { options: consumerOptions, run: runConsumer },
  'kafka-consumer-groups': { options: groupsOptions, run: runGroups },
  'kafka-configs': { options: configsOptions, run: runConfigs },
  'kafka-get-offsets': { options: offsetsOptions, run: runOffsets },
}

/** The options of a command line, and where it goes. Throws ToolError. */
export function parsed([word = '', ...rest]: readonly string[]): {
  readonly tool: Tool
  readonly options: Options
  readonly bootstrap: string
} {
  const tool = TOOLS[toolName(word)]
  if (tool === undefined)
    throw new ToolError(`${word}: no such tool; there are ${Object.keys(TOOLS).join(', ')}`)
  const { flags, values, lists } = tool.options
  const options = optionsOf(rest, { flags, values: [...values, 'bootstrap-server'], lists })
  const bootstrap = options.value('bootstrap-server')
  if (bootstrap === undefined) throw new ToolError('Missing required argument "[bootstrap-server]"')
  return { tool, options, bootstrap }
}

/** Runs it. Resolves to the exit code: 0, or 1 after a message. */
export async function runTool(tool: Tool, options: Options, console: Console): Promise<number> {
  try {
    await tool.run(options, console)
    return 0
  } catch (error) {
    if (!(error instanceof ToolError) && !(error instanceof Refused)) throw error
    console.print(error.message)
    return 1
  }
}
