/**
 * `check --docker`: Apache Kafka in a container for the time of one check. The container's package is loaded only then,
 * by broker/compare/kafka/docker.ts, which starts the same container for `npm run compare`.
 */
import {
  DockerTrouble,
  pinnedImage,
  requireDocker,
  startKafkaInDocker,
} from '../../broker/compare/kafka/docker.ts'
import type { Lang } from '../engine/lab.ts'
import { fill } from '../engine/words.ts'
import { complain, troubleExitCode } from './output.ts'
import { troubleTexts } from './trouble-texts.ts'
import { ui } from './ui-texts.ts'

const words = {
  missing: troubleTexts.noDocker,
  silent: troubleTexts.dockerSilent,
  failed: troubleTexts.dockerFailed,
}

/** Starts it, runs `use` with its address, removes it. Gives the exit code of `use`, or 3 with the reason. */
export async function withKafkaInDocker(
  lang: Lang,
  use: (bootstrap: string) => Promise<number>,
): Promise<number> {
  try {
    requireDocker()
    complain(fill(ui.dockerStarting, { image: pinnedImage() }), lang)
    const kafka = await startKafkaInDocker({ 'group.initial.rebalance.delay.ms': '0' })
    // Ctrl-C in the middle of a check ends this process at once: the container goes with it.
    process.once('exit', kafka.remove)
    try {
      complain(fill(ui.dockerStarted, { bootstrap: kafka.bootstrap }), lang)
      return await use(kafka.bootstrap)
    } finally {
      await kafka.stop()
      process.off('exit', kafka.remove)
    }
  } catch (error) {
    if (!(error instanceof DockerTrouble)) throw error
    complain(fill(words[error.kind], { message: firstSentence(error.detail) }), lang)
    complain(troubleTexts.dockerFirst, lang)
    return troubleExitCode
  }
}

/** Docker says much in one line; the first sentence is what happened. */
const firstSentence = (text: string): string => text.split(/[.?!](?:\s|$)/)[0] ?? text
