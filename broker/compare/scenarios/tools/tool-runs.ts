/**
 * Helpers for scenarios with Kafka's own tools.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Recorder, type ScenarioOptions, scenario } from '../../scenario.ts'
import { linesOf } from '../../tools/tool-text.ts'
import { type Ran, runTool } from '../../tools/tools.ts'

const PACKAGES: Readonly<Record<string, string>> = {
  ConfigCommand: 'kafka.admin.',
  ConsumerGroupCommand: 'org.apache.kafka.tools.consumer.group.',
  ShareGroupCommand: 'org.apache.kafka.tools.consumer.group.',
  ConsoleConsumer: 'org.apache.kafka.tools.consumer.',
  StreamsGroupCommand: 'org.apache.kafka.tools.streams.',
  ReassignPartitionsCommand: 'org.apache.kafka.tools.reassign.',
}

export interface Tools extends Recorder {
  /** Runs a tool (`TopicCommand`) with words on its command line, and writes down what it printed. */
  run(tool: string, words: string, more?: RunOptions): Promise<Ran>
  /** The same, without writing it down. */
  runQuietly(tool: string, words: string, more?: RunOptions): Promise<Ran>
  /** A file with this text; it is removed when the scenario ends. */
  file(text: string): string
}

export interface RunOptions {
  /** What stands on its stdin. */
  readonly input?: string
  /** Lines to keep of what it printed; the others are of no interest, or others' business. */
  readonly keep?: RegExp
  /** Lines come in any order. */
  readonly sorted?: boolean
  /** Arguments with blanks in them, after the words. */
  readonly also?: readonly string[]
}

/** A scenario that needs Kafka's tools; they get the broker's address. */
export function toolScenario(
  name: string,
  standsFor: string,
  play: (tools: Tools) => Promise<void>,
  options: ScenarioOptions = {},
): void {
  scenario(name, standsFor, (recorder) => withTools(recorder, play), { ...options, needs: 'java' })
}

async function withTools(recorder: Recorder, play: (tools: Tools) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'offset-zero-tools-'))
  let files = 0
  const runQuietly: Tools['runQuietly'] = (tool, words, { input = '', also = [] } = {}) => {
    const args = commandLine(
      tool,
      words.split(' ').filter((word) => word !== ''),
      recorder.bootstrap,
    )
    const className = `${PACKAGES[tool] ?? 'org.apache.kafka.tools.'}${tool}`
    return runTool(recorder.bootstrap, className, [...args, ...also], input)
  }
  const tools: Tools = {
    ...recorder,
    runQuietly,
    run: async (tool, words, options = {}) => {
      const ran = await runQuietly(tool, words, options)
      const lines = (text: string) => {
        const kept = linesOf(text.replaceAll(folder, 'FOLDER')).filter(
          (line) => options.keep?.test(line) ?? true,
        )
        return options.sorted ? kept.sort() : kept
      }
      const seen = { code: ran.code, out: lines(ran.out), err: lines(ran.err) }
      recorder.note(`${tool} ${words.replaceAll(folder, 'FOLDER').replaceAll(/compare-\S+/g, '…')}`, seen)
      return ran
    },
    file: (text) => {
      const path = join(folder, `file-${++files}.json`)
      writeFileSync(path, text)
      return path
    },
  }
  try {
    await play(tools)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The option with the address: kafka-cluster needs it after its command, the others before; kafka-dump-log has none. */
function commandLine(tool: string, words: readonly string[], bootstrap: string): string[] {
  const where = ['--bootstrap-server', bootstrap]
  if (tool === 'DumpLogSegments') return [...words]
  return tool === 'ClusterTool' ? [...words, ...where] : [...where, ...words]
}
