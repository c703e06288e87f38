/**
 * Serves the built site: files from one folder, over HTTP, to this machine.
 *
 * W1  no path leads out of the folder
 * W2  a folder is its index.html, and has its slash: /start is sent on to /start/, or relative links break
 * W3  what is missing is 404 with the page of its language, under /ru/ the Russian one
 * W4  files with a hash in their name may be kept for ever, all others are asked for again (a rebuild shows)
 */
import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'

/** @type {Record<string, string>} */
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

/**
 * @param {string} folder
 * @param {string} url as in the request line
 * @returns {{ status: 200 | 404, file: string } | { status: 301, location: string } | { status: 400 }}
 */
export function locate(folder, url) {
  const [encoded = '/', query] = url.split(/\?(.*)/s)
  let name
  try {
    name = decodeURIComponent(encoded)
  } catch {
    return { status: 400 }
  }
  if (!name.startsWith('/') || name.includes('\0') || name.includes('\\')) return { status: 400 }
  const file = path.join(folder, path.posix.normalize(name))
  const stat = statSync(file, { throwIfNoEntry: false })
  if (stat?.isFile() && !name.endsWith('/')) return { status: 200, file }
  if (stat?.isDirectory()) {
    // One slash in front: //host/ would be another site's address.
    const location = `/${encoded.replace(/^\/+/, '')}/${query === undefined ? '' : `?${query}`}`
    if (!name.endsWith('/')) return { status: 301, location }
    const index = path.join(file, 'index.html')
    if (statSync(index, { throwIfNoEntry: false })) return { status: 200, file: index }
  }
  const page = name.startsWith('/ru/') ? path.join(folder, 'ru', '404.html') : path.join(folder, '404.html')
  return { status: 404, file: page }
}

/**
 * @param {string} folder
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
function answer(folder, request, response) {
  const say = (/** @type {number} */ status, /** @type {Record<string, string>} */ headers = {}) => {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers })
    response.end(`${status}\n`)
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return say(405, { allow: 'GET, HEAD' })
  const found = locate(folder, request.url ?? '/')
  if (found.status === 400) return say(400)
  if (found.status === 301) return say(301, { location: found.location })
  const stat = statSync(found.file, { throwIfNoEntry: false })
  if (!stat) return say(404)
  const hashed = /[.-][0-9a-f]{8,}\.[a-z0-9]+$/.test(found.file)
  response.writeHead(found.status, {
    'content-type': types[path.extname(found.file)] ?? 'application/octet-stream',
    'content-length': stat.size,
    'cache-control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    'x-content-type-options': 'nosniff',
  })
  if (request.method === 'HEAD') return response.end()
  createReadStream(found.file)
    .on('error', () => response.destroy())
    .pipe(response)
}

/**
 * Serves a folder on this machine only. `localhost` is ::1 for some programs and 127.0.0.1 for others, so both.
 * @param {string} folder
 * @param {number} port
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>} rejects if 127.0.0.1 cannot be opened
 */
export async function serveSite(folder, port) {
  const open = (/** @type {string} */ host) =>
    new Promise((/** @type {(server: import('node:http').Server) => void} */ resolve, reject) => {
      const server = createServer((request, response) => answer(folder, request, response))
      server.once('error', reject)
      server.listen(port, host, () => resolve(server))
    })
  const servers = [await open('127.0.0.1')]
  // A machine without IPv6, or with something else on ::1, has 127.0.0.1 still.
  await open('::1')
    .then((server) => servers.push(server))
    .catch(() => {})
  const stop = async () => {
    await Promise.all(
      servers.map((server) => {
        const closed = new Promise((resolve) => server.close(resolve))
        server.closeAllConnections()
        return closed
      }),
    )
  }
  return { url: `http://localhost:${port}/`, stop }
}
