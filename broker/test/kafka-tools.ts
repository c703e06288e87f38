/**
 * Runs the tools of real Kafka over our files. Their jars are no part of this repository (kafka-jars.ts).
 *
 * A tool needs more than its own jar: all that it depends on. So it is looked for where they lie together:
 * beside the kafka-clients jar that KAFKA_CLIENTS_JAR names, or in a folder of the project's cache, which Maven
 * fills once (a minute), when it is there.
 *
 * J1  no tools is no failure: the caller gets the reason and skips, saying so in one line
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { KAFKA_VERSION } from './kafka-jars.ts'

const COPY_DEPENDENCIES = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'
const DOWNLOAD_MS_MAX = 120_000

/** A folder with the jars of kafka-tools and all that it needs, or why there is none. */
export function findKafkaTools(): { folder: string } | { missing: string } {
  const named = process.env.KAFKA_CLIENTS_JAR
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
  const ours = join(cache, 'offset-zero', `kafka-tools-${KAFKA_VERSION}`)
  for (const folder of [...(named ? [dirname(named)] : []), ours]) if (isComplete(folder)) return { folder }
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' })
    download(ours)
    return { folder: ours }
  } catch (error) {
    const noTool = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return {
      missing: noTool ? 'no jars of Kafka, and no java or mvn to get them' : 'mvn could not get kafka-tools',
    }
  }
}

function isComplete(folder: string): boolean {
  if (!existsSync(folder)) return false
  const names = readdirSync(folder)
  return ['kafka-tools', 'kafka-storage', 'jackson-databind', 'jopt-simple'].every((jar) =>
    names.some((name) => name.startsWith(`${jar}-`)),
  )
}

function download(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const pom = join(folder, 'pom.xml')
  writeFileSync(
    pom,
    `<project><modelVersion>4.0.0</modelVersion><groupId>none</groupId><artifactId>none</artifactId><version>1</version>
<dependencies><dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId>
<version>${KAFKA_VERSION}</version></dependency></dependencies></project>`,
  )
  const options = { stdio: 'ignore', timeout: DOWNLOAD_MS_MAX } as const
  execFileSync('mvn', ['-q', '-B', '-f', pom, COPY_DEPENDENCIES, `-DoutputDirectory=${folder}`], options)
}

/** What a tool prints on stdout; throws when it fails. */
export function runKafkaTool(folder: string, tool: string, ...args: string[]): string {
  return execFileSync('java', ['-cp', `${folder}/*`, tool, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 64 << 20,
  })
}
