/**
 * `npm start`: the broker on 127.0.0.1:9092 and the site on http://localhost:3000, from a fresh clone.
 *
 * First the fast checks (Node's version, options, ports), then the install, then scripts/serve.mjs on the pinned Node.
 * Exit code 2: a wrong option or a port in use.
 */
import { ensureInstalled, root } from './installed.mjs'
import { checkNode, runOnPinnedNode } from './pinned-node.mjs'
import { rememberLanguage } from './progress-file.mjs'
import { portTrouble, readStartOptions } from './start-options.mjs'
import { wordsIn } from './words.mjs'

const { options, help, error } = readStartOptions(process.argv.slice(2), process.env, root)
const words = wordsIn(options.language)
checkNode(words)
if (help) {
  console.log(words.help)
  process.exit(0)
}
const trouble = error ?? (await portTrouble(options))
if (trouble) {
  console.error(trouble)
  process.exit(2)
}
if (options.isLanguageChosen) rememberLanguage(options.language)
if (!(await ensureInstalled(words))) process.exit(1)
process.chdir(root)
await runOnPinnedNode('scripts/serve.mjs', [JSON.stringify(options)], words)
