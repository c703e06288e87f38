/**
 * The jars of a complete Apache Kafka, which is compared with our broker and whose tools read our files. They are not in
 * this repository.
 *
 *   KAFKA_HOME          an unpacked distribution (https://kafka.apache.org/downloads): its libs
 *   KAFKA_CLIENTS_JAR   a kafka-clients jar; its folder, if it contains the complete Kafka
 *   ${XDG_CACHE_HOME:-~/.cache}/offset-zero/kafka-4.3.1   downloaded by Maven, once
 *
 * - an incomplete folder is not used: a marker is written last, and one process downloads while others wait
 * - an error is one line, with what to try; a failed download is not repeated
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** The version of Apache Kafka that Maven downloads. */
export const KAFKA_VERSION = '4.3.1'
const JAVA_MIN = 17
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies'
const ARTIFACTS = [
  ['org.apache.kafka', 'kafka_2.13', KAFKA_VERSION],
  ['org.apache.kafka', 'kafka-tools', KAFKA_VERSION],
  ['org.slf4j', 'slf4j-simple', '1.7.36'],
] as const
const FETCH_MS_MAX = 300_000
const LOOK_MS = 500
const OR_ELSE = 'or unpack https://kafka.apache.org/downloads and set KAFKA_HOME'

/** Something that Kafka needs is missing on this machine; the message is one line for people, with what to try. */
export class MissingError extends Error {}

let foundJava: string | undefined

/** The command that runs Java; throws MissingError if there is none, or one too old for Kafka. */
export function javaCommand(): string {
  foundJava ??= findJava()
  return foundJava
}

function findJava(): string {
  const home = process.env.JAVA_HOME
  const java = home ? join(home, 'bin', 'java') : 'java'
  const { error, stderr } = spawnSync(java, ['-version'], { encoding: 'utf8' })
  const wanted = `real Kafka needs Java ${JAVA_MIN} or newer`
  const hint = 'install a JDK, or point JAVA_HOME to one'
  if (error) throw new MissingError(`${wanted}, and there is no ${java}: ${hint}`)
  // Up to Java 8 the version was called 1.8.
  const major = Number(/version "(?:1\.)?(\d+)/.exec(stderr)?.[1] ?? Number.NaN)
  if (!(major >= JAVA_MIN)) throw new MissingError(`${wanted}; ${java} is ${major}: ${hint}`)
  return java
}

/** A class path with all of Kafka; throws MissingError if there is none, and none can be downloaded. */
export function kafkaClassPath(): string {
  javaCommand()
  return join(kafkaFolder(), '*')
}

/** The folder with all jars of Kafka; throws MissingError as kafkaClassPath does. */
export function kafkaFolder(): string {
  const home = process.env.KAFKA_HOME
  if (home) {
    const libs = join(home, 'libs')
    if (!isWhole(libs))
      throw new MissingError(`KAFKA_HOME=${home} is no unpacked Kafka: no libs/kafka_2.13-….jar`)
    return libs
  }
  const named = process.env.KAFKA_CLIENTS_JAR
  if (named && isWhole(dirname(named))) return dirname(named)
  const folder = cacheFolder()
  if (!existsSync(join(folder, '.complete'))) fetchOnce(folder)
  return folder
}

/** Whether a complete Kafka is here, so that no download is needed. */
export function kafkaIsHere(): boolean {
  const { KAFKA_HOME: home, KAFKA_CLIENTS_JAR: named } = process.env
  if (home) return isWhole(join(home, 'libs'))
  return (named !== undefined && isWhole(dirname(named))) || existsSync(join(cacheFolder(), '.complete'))
}

/** The version of Kafka that runs, from a jar's name: KAFKA_HOME may contain another version than ours. */
export function kafkaVersion(): string {
  const core = readdirSync(kafkaFolder()).find((name) => /^kafka_\d/.test(name))
  return /-([\d.]+\S*)\.jar$/.exec(core ?? '')?.[1] ?? KAFKA_VERSION
}

/** The path of an artifact of org.apache.kafka ('kafka-clients') in our version, or why there is none. */
export function findKafkaJar(artifact: string): { path: string } | { missing: string } {
  const file = `${artifact}-${KAFKA_VERSION}.jar`
  const maven = join(homedir(), '.m2/repository/org/apache/kafka', artifact, KAFKA_VERSION)
  const named = process.env.KAFKA_CLIENTS_JAR
  const there = [...(named ? [dirname(named)] : []), maven, cacheFolder()].map((folder) => join(folder, file))
  const path = there.find((each) => existsSync(each))
  if (path !== undefined) return { path }
  const folder = findKafkaFolder()
  if ('missing' in folder) return folder
  const fetched = join(folder.folder, file)
  return existsSync(fetched) ? { path: fetched } : { missing: `no ${file} in ${folder.folder}` }
}

/** As kafkaFolder, but returns the reason instead of throwing: for tests that are skipped without Kafka. */
export function findKafkaFolder(): { folder: string } | { missing: string } {
  try {
    javaCommand()
    return { folder: kafkaFolder() }
  } catch (error) {
    if (error instanceof MissingError) return { missing: error.message }
    throw error
  }
}

function isWhole(folder: string): boolean {
  if (!existsSync(folder)) return false
  const names = readdirSync(folder)
  return ['kafka_2.', 'kafka-tools-', 'kafka-clients-', 'jackson-databind-'].every((jar) =>
    names.some((name) => name.startsWith(jar)),
  )
}

function cacheFolder(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
  return join(cache, 'offset-zero', `kafka-${KAFKA_VERSION}`)
}

let failure: MissingError | undefined

/** Downloads, unless another process is downloading: then waits for it. */
function fetchOnce(folder: string): void {
  if (failure) throw failure
  const lock = `${folder}.fetching`
  mkdirSync(dirname(folder), { recursive: true })
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS)
    if (existsSync(join(folder, '.complete'))) return
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs
    if (since !== undefined && Date.now() - since > FETCH_MS_MAX)
      rmSync(lock, { recursive: true, force: true })
  }
  try {
    if (!existsSync(join(folder, '.complete'))) fetchJars(folder)
  } catch (error) {
    if (error instanceof MissingError) failure = error
    throw error
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

function fetchJars(folder: string): void {
  if (spawnSync('mvn', ['-v'], { stdio: 'ignore' }).error)
    throw new MissingError(`real Kafka's jars come by Maven, and there is no mvn: install Maven, ${OR_ELSE}`)
  process.stderr.write(`fetching Apache Kafka ${KAFKA_VERSION} by Maven (once, 100 MB)\n`)
  mkdirSync(folder, { recursive: true })
  const pom = join(folder, 'pom.xml')
  writeFileSync(pom, pomOf(ARTIFACTS))
  try {
    const args = ['-q', '-B', '-f', pom, COPY, `-DoutputDirectory=${folder}`]
    execFileSync('mvn', args, { stdio: 'ignore', timeout: FETCH_MS_MAX })
  } catch {
    throw new MissingError(
      `mvn could not fetch Apache Kafka ${KAFKA_VERSION}: is there a network? Try again, ${OR_ELSE}`,
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
