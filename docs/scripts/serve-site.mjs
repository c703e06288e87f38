/**
 * Serves docs/build: plain files over HTTP on loopback, nothing else. `npm start` and the browser tests use it.
 *
 * A redirect names a path that we write ourselves, from the folder that was found. What the client sent is never sent
 * back as a location: `//evil.example/..%2fru` is a path to us, and another host to a browser.
 *
 * SERVE-SITE-1  a request leads to a file of the folder, symbolic links followed, or to 404
 * SERVE-SITE-2  a redirect leads to a path of this server
 */
import { createReadStream, realpathSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, extname, join, sep } from 'node:path'
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
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' })
    return response.end()
  }
  const url = request.url ?? '/'
  const cut = url.indexOf('?')
  const path = cut < 0 ? url : url.slice(0, cut)
  const names = namesIn(path)
  const found = names && fileFor(folder, names, path.endsWith('/'))
  if (names === undefined || found === undefined) return send(response, 404, notFoundPage(folder, path))
  if (found === 'folder') {
    // Written anew from its names (SERVE-SITE-2).
    const location = `/${names.map(encodeURIComponent).join('/')}/`
    response.writeHead(301, { location: cut < 0 ? location : location + url.slice(cut) })
    return response.end()
  }
  return send(response, 200, found)
}

/**
 * The names of a path's folders and file; undefined for what can be no path here: an absolute URL, which only a proxy
 * is sent, a slash or a backslash that is encoded, a NUL, `.` and `..`, two slashes in a row.
 *
 * @type {(path: string) => string[] | undefined}
 */
function namesIn(path) {
  if (!path.startsWith('/')) return undefined
  const inner = path.slice(1).replace(/\/$/, '')
  if (inner === '') return path.length > 1 ? undefined : []
  try {
    const names = inner.split('/').map(decodeURIComponent)
    const isName = (/** @type {string} */ name) => !/^\.{0,2}$/.test(name) && !/[\0/\\]/.test(name)
    return names.every(isName) ? names : undefined
  } catch {
    return undefined
  }
}

/**
 * The file behind a path; 'folder' when only the slash at its end is missing; undefined when nothing is there.
 *
 * @type {(folder: string, names: string[], endsInSlash: boolean) => string | undefined}
 */
function fileFor(folder, names, endsInSlash) {
  const file = join(folder, ...names)
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    const index = within(folder, join(file, 'index.html'))
    return index && (endsInSlash || names.length === 0 ? index : 'folder')
  }
  return endsInSlash ? undefined : within(folder, file)
}

/**
 * The file, if there is one and it lies in the folder (SERVE-SITE-1).
 * @type {(folder: string, file: string) => string | undefined}
 */
function within(folder, file) {
  try {
    const real = realpathSync(file)
    return real.startsWith(realpathSync(folder) + sep) && statSync(real).isFile() ? file : undefined
  } catch {
    return undefined
  }
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
