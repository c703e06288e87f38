/** The small server behind `npm start`: pages with and without their slash, and nothing from outside the folder. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveSite } from '../scripts/serve-site.mjs'

/** Unlike fetch, sends the path as it is: `..` included. */
function get(
  url: string,
  path: string,
  method = 'GET',
): Promise<{ status: number; location: string | undefined; body: string }> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, agent: false }, (response) => {
      let body = ''
      response.on('data', (chunk) => (body += chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, location: response.headers.location, body }),
      )
    })
    asked.on('error', reject)
    asked.end()
  })
}

describe('the server of the site', () => {
  const outside = mkdtempSync(join(tmpdir(), 'site-'))
  const folder = join(outside, 'build')
  let site: { url: string; stop: () => Promise<void> }

  beforeAll(async () => {
    mkdirSync(join(folder, 'ru', 'глава'), { recursive: true })
    writeFileSync(join(outside, 'secret.txt'), 'secret')
    writeFileSync(join(folder, '404.html'), 'no such page')
    symlinkSync(join(outside, 'secret.txt'), join(folder, 'leak.txt'))
    symlinkSync(outside, join(folder, 'leak'))
    writeFileSync(join(folder, 'ru', '404.html'), 'нет такой страницы')
    writeFileSync(join(folder, 'ru', 'глава', 'index.html'), 'текст')
    site = await serveSite({ folder })
  })

  afterAll(async () => {
    await site.stop()
    rmSync(outside, { recursive: true })
  })

  it('gives a page, and redirects to it when the slash is missing', async () => {
    const path = `/ru/${encodeURIComponent('глава')}`
    expect(await get(site.url, `${path}/?q=1`)).toMatchObject({ status: 200, body: 'текст' })
    expect(await get(site.url, `${path}?q=1`)).toMatchObject({ status: 301, location: `${path}/?q=1` })
  })

  it('says in the right language that there is no such page', async () => {
    expect(await get(site.url, '/nowhere')).toMatchObject({ status: 404, body: 'no such page' })
    expect(await get(site.url, '/ru/nowhere/')).toMatchObject({ status: 404, body: 'нет такой страницы' })
  })

  it('SERVE-SITE-2: never redirects to another host, whatever the path is', async () => {
    const chapter = encodeURIComponent('глава')
    const tried = [
      '//evil.example/..%2fru',
      '//evil.example/../ru',
      '//evil.example/%2e%2e/ru',
      '/\\evil.example/..%2fru',
      '/%5cevil.example/..%2fru',
      '/%2fevil.example/..%2fru',
      '//ru',
      '///ru',
      '/ru//',
      `/ru/${chapter}%2f..%2f${chapter}`,
      '/.//ru',
      'http://evil.example/ru',
      'http://evil.example/ru/',
      '*',
    ]
    for (const path of tried)
      expect([path, await get(site.url, path)]).toMatchObject([path, { status: 404, location: undefined }])
    expect(await get(site.url, '/ru?//evil.example')).toMatchObject({ location: undefined })
    expect(await get(site.url, `/ru/${chapter}?a=?b`)).toMatchObject({ location: `/ru/${chapter}/?a=?b` })
  })

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '/ru/..%2f..%2fsecret.txt',
    '/leak.txt',
    '/leak/secret.txt',
    '/404.html/',
    '/%00',
    '/ru%00/',
    '/%E0%A4%A',
  ])('SERVE-SITE-1: gives nothing for %s', async (path) => {
    expect(await get(site.url, path)).toMatchObject({ status: 404, location: undefined })
  })

  it('only reads', async () => {
    expect(await get(site.url, '/', 'POST')).toMatchObject({ status: 405 })
  })
})
