/**
 * node scripts/launch.mjs PROGRAM [ARGS]: used by `npm test` and most npm scripts.
 *
 * Installs the dependencies if necessary, bundles the broker if its sources are newer than the bundle, and runs PROGRAM on
 * the pinned Node.
 */
import path from 'node:path'
import { heapFlags } from './heap-limit.mjs'
import { ensureInstalled, root } from './installed.mjs'
import { checkNode, runOnPinnedNode } from './pinned-node.mjs'
import { rememberedLanguage } from './progress-file.mjs'
import { languageAsked, languageOf, wordsIn } from './words.mjs'

const words = wordsIn(languageAsked(process.argv) ?? rememberedLanguage() ?? languageOf(process.env))
checkNode(words)
const [program = '', ...args] = process.argv.slice(2)
if (!(await ensureInstalled(words))) process.exit(1)
const { buildBroker } = await import('../broker/build.mjs')
// A source that does not compile is reported here; the tests are to run all the same.
await buildBroker().catch(() => {})
process.chdir(root)
const isBroker = path.normalize(program) === path.join('broker', 'dist', 'cli.js')
await runOnPinnedNode(program, args, words, isBroker ? heapFlags() : [])
