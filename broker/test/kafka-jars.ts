/**
 * Finds the jars of real Kafka, with which tests compare the broker. None of them is in this repository.
 *
 * Where they are looked for, in this order:
 *
 * 1. the folder of KAFKA_CLIENTS_JAR, when this variable names a kafka-clients jar
 * 2. Maven's local repository, ~/.m2
 * 3. the project's cache, ${XDG_CACHE_HOME:-~/.cache}/offset-zero/kafka-4.3.1
 * 4. Maven downloads them into that cache, when mvn and java are there
 *
 * J1  no jar is no failure: the caller gets the reason and skips, saying so in one line
 * J2  a download that failed is not tried again in the same run
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

export const KAFKA_VERSION = '4.3.1'
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy'
const DOWNLOAD_MS_MAX = 60_000

let failure: string | undefined

/** The path of an artifact of org.apache.kafka ('kafka-clients'), or why there is none. */
export function findKafkaJar(artifact: string): { path: string } | { missing: string } {
  const file = `${artifact}-${KAFKA_VERSION}.jar`
  for (const folder of folders(artifact)) {
    const path = join(folder, file)
    if (existsSync(path)) return { path }
  }
  failure ??= download(artifact)
  return failure === undefined ? { path: join(cacheFolder(), file) } : { missing: failure }
}

function folders(artifact: string): string[] {
  const named = process.env.KAFKA_CLIENTS_JAR
  const maven = join(homedir(), '.m2/repository/org/apache/kafka', artifact, KAFKA_VERSION)
  return [...(named ? [dirname(named)] : []), maven, cacheFolder()]
}

function cacheFolder(): string {
  return join(
    process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
    'offset-zero',
    `kafka-${KAFKA_VERSION}`,
  )
}

/** Puts the artifact into the cache; gives the reason when that fails. */
function download(artifact: string): string | undefined {
  const name = `org.apache.kafka:${artifact}:${KAFKA_VERSION}`
  const options = { stdio: 'ignore', timeout: DOWNLOAD_MS_MAX } as const
  try {
    execFileSync('java', ['-version'], options)
    mkdirSync(cacheFolder(), { recursive: true })
    execFileSync(
      'mvn',
      ['-q', '-B', COPY, `-Dartifact=${name}`, `-DoutputDirectory=${cacheFolder()}`],
      options,
    )
    return undefined
  } catch (error) {
    const noTool = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return noTool ? `no jar of ${name}, and no java or mvn to get it` : `mvn could not get ${name}`
  }
}
