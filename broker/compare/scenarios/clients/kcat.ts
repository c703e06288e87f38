/**
 * Scenarios with kcat (librdkafka): its output is recorded.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type Recorder, scenario } from '../../scenario.ts'
import { linesOf } from '../../tools/tool-text.ts'

const SHOWN = '%p %o %k %s %h %T\\n'
const TIME_MS_MAX = 30_000

/** Runs kcat with these arguments, and records its output. */
type Kcat = (words: string, input?: string, ...also: string[]) => Promise<void>

function kcatScenario(name: string, play: (recorder: Recorder, kcat: Kcat) => Promise<void>): void {
  scenario(
    `kcat: ${name}`,
    'librdkafka',
    (recorder) => play(recorder, (words, input, ...also) => run(recorder, words, input, also)),
    { needs: 'kcat' },
  )
}

async function run(
  recorder: Recorder,
  words: string,
  input = '',
  also: readonly string[] = [],
): Promise<void> {
  const args = ['-b', recorder.bootstrap, '-X', 'broker.address.family=v4', ...words.split(' '), ...also]
  const child = spawn('kcat', args, { timeout: TIME_MS_MAX })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  child.stdin.on('error', () => {}).end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  // Lines of the log begin with the time and name the process.
  const said = linesOf(err).filter((line) => !line.startsWith('%'))
  // A group's member gets the records of its partitions in any order of the partitions.
  const lines = words.startsWith('-G') ? linesOf(out).sort() : linesOf(out)
  recorder.note(`kcat ${words.replaceAll(/compare-\S+/g, '…')}`, { code, out: lines, err: said })
}

kcatScenario('metadata', async ({ topic, name }, kcat) => {
  const { name: there } = await topic(3)
  await kcat(`-L -t ${there}`)
  await kcat(`-L -t ${name('missing')} -X allow.auto.create.topics=false`)
})

kcatScenario('records in every codec, and out', async ({ topic }, kcat) => {
  const { name: there } = await topic()
  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd'])
    await kcat(`-P -t ${there} -z ${codec} -K : -H codec=${codec}`, `key:${codec}-1\nkey:${codec}-2\n`)
  await kcat(`-P -t ${there} -X enable.idempotence=true -X acks=all`, 'idempotent\n')
  await kcat(`-P -t ${there} -X acks=0`, 'acks-0\n')
  await kcat(`-C -t ${there} -o beginning -e -f`, '', SHOWN.replace(' %T', ''))
  await kcat(`-C -t ${there} -o 3 -c 2 -f`, '', SHOWN.replace(' %T', ''))
  await kcat(`-C -t ${there} -o -2 -e`)
  await kcat(`-Q -t ${there}:0:-1 -t ${there}:0:-2`)
})

kcatScenario('a balanced consumer', async ({ topic, name }, kcat) => {
  const { name: there } = await topic(2)
  await kcat(`-P -t ${there} -p 0`, 'a\nb\n')
  await kcat(`-P -t ${there} -p 1`, 'c\n')
  for (const more of ['', ' -X group.protocol=consumer'])
    await kcat(`-G ${name('group')} -X auto.offset.reset=earliest -e -q${more} ${there}`, '')
})

kcatScenario('a transaction', async ({ topic, name }, kcat) => {
  const { name: there } = await topic()
  await kcat(`-P -t ${there} -X transactional.id=${name('id')}`, 'in a transaction\n')
  await kcat(`-C -t ${there} -e -X isolation.level=read_committed`)
  await kcat(`-Q -t ${there}:0:-1`)
})

kcatScenario('what is not there', async ({ topic, name }, kcat) => {
  const { name: there } = await topic()
  await kcat(`-C -t ${there} -p 7 -e`)
  await kcat(`-C -t ${there} -o 99 -e -X auto.offset.reset=error`)
  await kcat(`-C -t ${name('missing')} -e -X allow.auto.create.topics=false`)
})
