/**
 * The second half of `npm start`, on the pinned Node: broker, site, and an orderly end.
 *
 * The broker is up within a second and does not wait for the site, which is built when its sources changed.
 *
 * - Ctrl-C or SIGTERM, at any moment: everything that was started is stopped, exit code 0
 * - the broker's end is the end of the whole: exit code 1, with the place of its log
 */
import path from 'node:path'
import { buildBroker } from '../broker/build.mjs'
import { startBrokerProcess } from './broker-process.mjs'
import { root } from './installed.mjs'
import { writeRunning } from './running-file.mjs'
import { wordsIn } from './words.mjs'

/** @type {import('./start-options.mjs').StartOptions} */
const options = JSON.parse(process.argv[2] ?? '{}')
const words = wordsIn(options.language)
const log = path.join(root, '.offset-zero', 'broker.log')
const fromRoot = (/** @type {string} */ file) => {
  const relative = path.relative(root, file)
  return relative.startsWith('..') ? file : relative
}

/** What to stop, newest first; stopping the site while it is built waits for the builder's end.  @type {(() => Promise<void>)[]} */
const running = []
const stopping = new AbortController()

/** Stops what runs and ends the process; a second call changes nothing. @param {number} code */
async function end(code) {
  if (stopping.signal.aborted) return
  stopping.abort()
  if (code === 0) console.log(`\n${words.stopping}`)
  while (running.length > 0) await running.pop()?.()
  if (code === 0) console.log(words.stopped)
  process.exit(code)
}

async function startBroker() {
  console.log(words.starting)
  await buildBroker()
  const broker = await startBrokerProcess({ port: options.port, data: options.data, log })
  if ('failed' in broker) {
    console.error(broker.why || words.brokerFailed(fromRoot(log)))
    await end(broker.failed || 1)
    return undefined
  }
  running.push(broker.stop)
  broker.ended.then((code) => {
    if (stopping.signal.aborted) return
    console.error(words.brokerEnded(code, fromRoot(log)))
    return end(1)
  })
  return broker.bootstrap
}

let buildBegan = 0

/** The builder's first line says that there is something to build; its others go by, indented. */
function showProgress(/** @type {string} */ line) {
  if (buildBegan === 0) {
    buildBegan = Date.now()
    console.log(words.buildingSite)
  }
  console.log(`  ${line}`)
}

async function startSite() {
  const { buildIfChanged } = await import('../docs/scripts/build-if-changed.mjs')
  const { serveSite } = await import('../docs/scripts/serve-site.mjs')
  const building = buildIfChanged({ log: showProgress, signal: stopping.signal })
  running.push(() => building.then(() => {}).catch(() => {}))
  const built = await building
  if (stopping.signal.aborted) return undefined
  if (built) console.log(words.siteBuilt(Math.round((Date.now() - buildBegan) / 1000)))
  const site = await serveSite({ port: options.sitePort })
  running.push(site.stop)
  // `localhost` is ::1 for some programs. A machine without IPv6 has 127.0.0.1 still.
  await serveSite({ port: options.sitePort, host: '::1' })
    .then((twin) => running.push(twin.stop))
    .catch(() => {})
  return `${site.url}/`
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(0))

const bootstrap = await startBroker()
if (bootstrap) writeRunning({ bootstrap })
let site
if (bootstrap && options.site) {
  site = await startSite().catch(async (error) => {
    if (stopping.signal.aborted) return undefined
    console.error(error instanceof Error ? error.message : error)
    console.error(words.siteFailed)
    await end(1)
    return undefined
  })
}
if (bootstrap && !stopping.signal.aborted) {
  writeRunning({ bootstrap, site })
  const address = site && options.language === 'ru' ? `${site}ru/` : site
  console.log(words.running({ bootstrap, site: address, data: fromRoot(options.data), log: fromRoot(log) }))
}
