/**
 * Serves docs/build: plain files over HTTP on loopback, nothing else. `npm start` and the browser tests use it.
 */
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, extname, join, normalize, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** @typedef {import('node:http').ServerResponse} Response */

const BUILD = join(dirname(fileURLToPath(import.meta.url)), '..', 'build')
/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.xml': 'application/xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
}

/**
 * @param {{ port?: number, host?: string, folder?: string }} [options] port 0 (the default) is any free one
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>} rejects with the system's error (EADDRINUSE)
 */
export function serveSite({ port = 0, host = '127.0.0.1', folder = BUILD } = {}) {
  const server = createServer((request, response) => answer(folder, request, response))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const { port: taken } = /** @type {import('node:net').AddressInfo} */ (server.address())
      resolve({ url: `http://localhost:${taken}`, stop: () => stop(server) })
    })
  })
}

/** @type {(server: import('node:http').Server) => Promise<void>} */
function stop(server) {
  return new Promise((resolve) => {
    server.close(() => resolve(undefined))
    server.closeAllConnections()
  })
}

/** @type {(folder: string, request: import('node:http').IncomingMessage, response: Response) => unknown} */
function answer(folder, request, response) {
  const [path = '/', query] = (request.url ?? '/').split('?')
  const file = fileFor(folder, path)
  if (file === undefined) return send(response, 404, notFoundPage(folder, path))
  if (file === 'folder') {
    response.writeHead(301, { location: `${path}/${query === undefined ? '' : `?${query}`}` })
    return response.end()
  }
  return send(response, 200, file)
}

/**
 * The file behind a path; 'folder' when only the slash at its end is missing; undefined when nothing is there.
 *
 * @type {(folder: string, path: string) => string | undefined}
 */
function fileFor(folder, path) {
  let decoded
  try {
    decoded = decodeURIComponent(path)
  } catch {
    return undefined
  }
  const file = normalize(join(folder, decoded))
  if (file !== folder && !file.startsWith(folder + sep) && file !== folder + sep) return undefined
  if (decoded.includes('\0') || !existsSync(file)) return undefined
  if (!statSync(file).isDirectory()) return file
  if (!existsSync(join(file, 'index.html'))) return undefined
  return decoded.endsWith('/') ? join(file, 'index.html') : 'folder'
}

/** @type {(folder: string, path: string) => string} */
function notFoundPage(folder, path) {
  return join(folder, path.startsWith('/ru/') ? 'ru' : '', '404.html')
}

/** @type {(response: Response, status: number, file: string) => void} */
function send(response, status, file) {
  response.writeHead(status, {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'cache-control': file.includes(`${sep}assets${sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache',
  })
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response)
}
