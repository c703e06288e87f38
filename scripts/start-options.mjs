/**
 * Parses the options of `npm start`, and checks that its ports are free.
 *
 * Both happen before the install and the build, so that errors are reported in the first second.
 */
import { createServer } from 'node:net'
import path from 'node:path'
import { closest } from './closest.mjs'
import { rememberedLanguage } from './progress-file.mjs'
import { languageOf, wordsIn } from './words.mjs'

/**
 * @typedef {object} StartOptions
 * @property {number} port the broker's
 * @property {number} sitePort
 * @property {string} data an absolute path
 * @property {'en' | 'ru'} language
 * @property {boolean} isLanguageChosen by --lang: it is remembered then
 * @property {boolean} site
 */

/**
 * @param {string[]} args the arguments after `npm start --`
 * @param {NodeJS.ProcessEnv} env
 * @param {string} root the repository
 * @returns {{ options: StartOptions, help: boolean, error?: string }} error: one line, in the user's language
 */
export function readStartOptions(args, env, root) {
  /** @type {StartOptions} */
  const options = {
    port: 9092,
    sitePort: 3000,
    data: path.join(root, '.offset-zero', 'data'),
    language: rememberedLanguage(env) ?? languageOf(env),
    isLanguageChosen: false,
    site: true,
  }
  const rest = args.flatMap(splitAtEquals)
  let help = false
  while (rest.length > 0) {
    const option = rest.shift() ?? ''
    const words = wordsIn(options.language)
    if (option === '--help' || option === '-h') help = true
    else if (option === '--no-site') options.site = false
    else if (!valued.includes(option)) {
      return {
        options,
        help,
        error: words.unknownOption(option, closest(option, [...valued, '--no-site', '--help'])),
      }
    } else {
      const value = rest.shift() ?? ''
      if (!take(options, option, value, env)) return { options, help, error: words.badValue(option, value) }
    }
  }
  const { port, sitePort, site, language } = options
  if (!site || port !== sitePort) return { options, help }
  return { options, help, error: wordsIn(language).samePort(port, '--site-port', String(port + 1)) }
}

const valued = ['--port', '--site-port', '--data', '--lang']

const splitAtEquals = (/** @type {string} */ arg) => {
  const at = arg.indexOf('=')
  return arg.startsWith('--') && at > 0 ? [arg.slice(0, at), arg.slice(at + 1)] : [arg]
}

/**
 * Sets one option.
 * @param {StartOptions} options
 * @param {string} option
 * @param {string} value
 * @param {NodeJS.ProcessEnv} env
 * @returns {boolean} whether the value is valid
 */
function take(options, option, value, env) {
  if (option === '--lang') {
    if (value !== 'en' && value !== 'ru') return false
    options.language = value
    options.isLanguageChosen = true
    return true
  }
  if (option === '--data') {
    // npm changes to the repository's root; the path is relative to the user's folder.
    options.data = path.resolve(env.INIT_CWD || process.cwd(), value)
    return value !== ''
  }
  const port = Number(value)
  if (!/^\d+$/.test(value) || port < 1 || port > 65_535) return false
  if (option === '--port') options.port = port
  else options.sitePort = port
  return true
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<string>} '' if it can be opened, else the error's code
 */
function tryPort(port, host) {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => resolve(error.code ?? error.message))
    server.listen({ port, host }, () => server.close(() => resolve('')))
  })
}

/**
 * The next free port, starting with `port`.
 * @param {number} port
 * @returns {Promise<number>}
 */
async function freeFrom(port) {
  for (let next = port; next <= 65_535; next += 1) if ((await tryPort(next, '127.0.0.1')) === '') return next
  return port
}

/**
 * @param {StartOptions} options
 * @returns {Promise<string | undefined>} one line about the first port that can't be opened: its use, the option that
 *   changes it, and a free port
 */
export async function portTrouble(options) {
  const words = wordsIn(options.language)
  const wanted = [{ port: options.port, what: words.theBroker, option: '--port' }]
  if (options.site) wanted.push({ port: options.sitePort, what: words.theSite, option: '--site-port' })
  for (const { port, what, option } of wanted) {
    const code = await tryPort(port, '127.0.0.1')
    if (code === '') continue
    const other = String(await freeFrom(port < 1024 ? port + 8000 : port + 1))
    return code === 'EADDRINUSE'
      ? words.portTaken(port, what, option, other)
      : words.portRefused(port, what, code, option, other)
  }
  return undefined
}
