/**
 * What readers find in a topic: Kafka's console consumer, and kcat where it is installed.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { runTool } from '../../../compare/tools/tools.ts'

const CONSUMER = 'org.apache.kafka.tools.consumer.ConsoleConsumer'
const SHOWN = ['print.partition', 'print.offset', 'print.timestamp', 'print.key', 'print.headers']

/** All that Java's consumer prints of a partition, until it has waited for a while, or can't go on. */
export async function javaReads(bootstrap: string, topic: string, partition: number): Promise<string> {
  const where = ['--bootstrap-server', bootstrap, '--topic', topic, '--partition', `${partition}`]
  const how = ['--offset', 'earliest', '--timeout-ms', '1500']
  const { out } = await runTool(bootstrap, CONSUMER, [
    ...where,
    ...how,
    ...SHOWN.flatMap((property) => ['--formatter-property', `${property}=true`]),
  ])
  return out
}

/** The same of librdkafka; undefined where there is no kcat. Our broker may be in this process, so it is not waited for in a block. */
export async function kcatReads(
  bootstrap: string,
  topic: string,
  partition: number,
): Promise<string | undefined> {
  const words = ['-C', '-b', bootstrap, '-X', 'broker.address.family=v4', '-t', topic, '-p', `${partition}`]
  const how = ['-o', 'beginning', '-e', '-q', '-f', '%o %T %k %s %h\\n']
  try {
    const { stdout } = await promisify(execFile)('kcat', [...words, ...how], {
      encoding: 'latin1',
      timeout: 20_000,
      maxBuffer: 64 * 1_048_576,
    })
    return stdout
  } catch (error) {
    const { code, stdout } = error as { code?: unknown; stdout?: string }
    // It prints what it could read, and then ends with an error.
    return code === 'ENOENT' ? undefined : stdout
  }
}
