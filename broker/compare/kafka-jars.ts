/**
 * The jars of a whole Apache Kafka, to run one beside ours. None of them is in this repository.
 *
 *   KAFKA_HOME                                        an unpacked distribution: its libs
 *   ${XDG_CACHE_HOME:-~/.cache}/offset-zero/kafka-…   filled once by Maven
 *
 * J1  a folder half filled is not used: a marker is written last
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

export const KAFKA_VERSION = '4.3.1'
const JAVA_MIN = 17
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies'
const ARTIFACTS = [
  ['org.apache.kafka', 'kafka_2.13', KAFKA_VERSION],
  ['org.apache.kafka', 'kafka-tools', KAFKA_VERSION],
  ['org.slf4j', 'slf4j-simple', '1.7.36'],
] as const

/** What this machine lacks to run Kafka; the message is one line for people. */
export class MissingError extends Error {}

/** A class path with all of Kafka; throws MissingError when there is none, and none can be fetched. */
export function kafkaClassPath(): string {
  requireJava()
  const home = process.env.KAFKA_HOME
  if (home) {
    const libs = join(home, 'libs')
    if (!existsSync(libs) || !readdirSync(libs).some((name) => name.startsWith('kafka_')))
      throw new MissingError(`KAFKA_HOME=${home} has no libs/kafka_*.jar`)
    return join(libs, '*')
  }
  const folder = cacheFolder()
  if (!existsSync(join(folder, '.complete'))) fetchJars(folder)
  return join(folder, '*')
}

/** Whether Kafka can be run here without fetching anything. */
export function kafkaIsHere(): boolean {
  return process.env.KAFKA_HOME !== undefined || existsSync(join(cacheFolder(), '.complete'))
}

function cacheFolder(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
  return join(cache, 'offset-zero', `kafka-${KAFKA_VERSION}`)
}

function requireJava(): void {
  const { error, stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' })
  if (error) throw new MissingError(`real Kafka needs Java ${JAVA_MIN} or newer, and there is no java`)
  const major = Number(/version "(\d+)/.exec(stderr)?.[1])
  if (major < JAVA_MIN) throw new MissingError(`real Kafka needs Java ${JAVA_MIN} or newer; this is ${major}`)
}

function fetchJars(folder: string): void {
  process.stderr.write(`fetching Apache Kafka ${KAFKA_VERSION} by Maven (once)\n`)
  mkdirSync(folder, { recursive: true })
  const pom = join(folder, 'pom.xml')
  writeFileSync(pom, pomOf(ARTIFACTS))
  try {
    const args = ['-q', '-B', '-f', pom, COPY, `-DoutputDirectory=${folder}`]
    execFileSync('mvn', args, { stdio: ['ignore', 'ignore', 'ignore'] })
  } catch (error) {
    const noTool = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw new MissingError(
      noTool
        ? "real Kafka's jars come by Maven, and there is no mvn (or set KAFKA_HOME)"
        : `mvn could not fetch Apache Kafka ${KAFKA_VERSION}`,
    )
  }
  writeFileSync(join(folder, '.complete'), '')
}

function pomOf(artifacts: typeof ARTIFACTS): string {
  const dependencies = artifacts.map(
    ([group, name, version]) =>
      `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`,
  )
  return `<project><modelVersion>4.0.0</modelVersion><groupId>none</groupId><artifactId>none</artifactId>
<version>1</version><dependencies>${dependencies.join('\n')}</dependencies></project>`
}
