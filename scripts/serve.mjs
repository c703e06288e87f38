/**
 * The second half of `npm start`, on the pinned Node: starts the broker and the site, and stops them cleanly.
 *
 * The broker is up within a second and does not wait for the site, which is built if its sources have changed.
 *
 * - Ctrl-C or SIGTERM, at any moment: everything that was started is stopped, exit code 0
 * - if the broker exits, everything is stopped: exit code 1, with the path of its log
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

/** What to stop, newest first. If the site is being built, stopping waits until the builder has ended.  @type {(() => Promise<void>)[]} */
const running = []
const stopping = new AbortController()

/** Stops everything and exits; a second call does nothing. @param {number} code */
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

/** The builder's first line shows that there is something to build; the others are printed indented. */
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
  // Some programs resolve `localhost` to ::1. A machine without IPv6 still has 127.0.0.1.
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
