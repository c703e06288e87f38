/**
 * The requirements of a Kafka Streams application: Java's compiler, and the jars of kafka-streams, which Maven downloads
 * once into ${XDG_CACHE_HOME:-~/.cache}/offset-zero. None of them is in this repository.
 *
 * - an incomplete folder is not used: a marker is written last
 * - missing requirements are not an error: the caller gets the reason, and skips with a line that says so
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const VERSION = '4.3.1'
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies'
const SOURCE = fileURLToPath(new URL('./WordCount.java', import.meta.url))

const POM = `<project><modelVersion>4.0.0</modelVersion><groupId>none</groupId><artifactId>none</artifactId>
<version>1</version><dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-streams</artifactId><version>${VERSION}</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
</dependencies></project>
`

/** A class path with WordCount, compiled, and all that it needs; or why there is none. `mayFetch`: Maven may be asked. */
export function wordCountClassPath(mayFetch: boolean): { classPath: string } | { missing: string } {
  if (spawnSync('javac', ['-version']).error) return { missing: 'no javac on this machine' }
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
  const folder = join(cache, 'offset-zero', `kafka-streams-${VERSION}`)
  if (!existsSync(join(folder, '.complete'))) {
    if (!mayFetch) return { missing: 'no jars of kafka-streams; npm run test:long fetches them' }
    const failure = fetchJars(folder)
    if (failure !== undefined) return { missing: failure }
  }
  const classes = mkdtempSync(join(tmpdir(), 'offset-zero-streams-'))
  process.once('exit', () => rmSync(classes, { recursive: true, force: true }))
  execFileSync('javac', ['-cp', join(folder, '*'), '-d', classes, SOURCE], { stdio: 'inherit' })
  return { classPath: `${classes}:${join(folder, '*')}` }
}

function fetchJars(folder: string): string | undefined {
  mkdirSync(folder, { recursive: true })
  const pom = join(folder, 'pom.xml')
  writeFileSync(pom, POM)
  try {
    execFileSync('mvn', ['-q', '-B', '-f', pom, COPY, `-DoutputDirectory=${folder}`], { stdio: 'ignore' })
  } catch (error) {
    const noTool = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return noTool ? 'no jars of kafka-streams, and no mvn to get them' : 'mvn could not get kafka-streams'
  }
  writeFileSync(join(folder, '.complete'), '')
  return undefined
}
