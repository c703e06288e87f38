/** The core in a page: it bundles without Node, and runs without Node. */

import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, test, vi } from 'vitest'
import { ApiVersionsRequest, ApiVersionsResponse } from '../messages/api-versions.ts'
import { MetadataRequest, MetadataResponse } from '../messages/metadata.ts'
import { frameOf } from '../sim/sim-client.ts'
import { Reader } from '../wire/reader.ts'
import type { Message } from '../wire/schema.ts'
import { type BrowserBroker, type BrowserBrokerOptions, createBrowserBroker } from './browser-broker.ts'

const entry = fileURLToPath(new URL('./browser-broker.ts', import.meta.url))

async function bundle() {
  const options = { bundle: true, minify: true, write: false, metafile: true, logLevel: 'silent' } as const
  const made = await build({
    ...options,
    entryPoints: [entry],
    platform: 'browser',
    format: 'iife',
    globalName: 'broker',
    target: 'es2022',
  })
  return {
    text: made.outputFiles[0]!.text,
    imports: Object.values(made.metafile.inputs).flatMap((file) => file.imports),
  }
}

/** Sends ApiVersions; returns the advertised keys. */
function askApiVersions(broker: BrowserBroker): Promise<number[]> {
  return new Promise((resolve) => {
    const socket = broker.connect()
    socket.onData((bytes) => {
      const reader = new Reader(Uint8Array.from(bytes), 8)
      const { errorCode, apiKeys } = ApiVersionsResponse.decode(reader, 3)
      resolve(errorCode === 0 ? apiKeys.map(({ apiKey }) => apiKey) : [])
    })
    const client = { clientSoftwareName: 'page', clientSoftwareVersion: '1' }
    socket.send(frameOf(ApiVersionsRequest, 3, 2, 7, client))
  })
}

/** Sends a request; returns the body of the response, which has a flexible header. */
function ask<In>(
  broker: BrowserBroker,
  request: Message<unknown, In>,
  version: number,
  body: In,
): Promise<Reader> {
  return new Promise((resolve) => {
    const socket = broker.connect()
    socket.onData((bytes) => resolve(new Reader(Uint8Array.from(bytes), 9)))
    socket.send(frameOf(request, version, 2, 7, body))
  })
}

describe('the broker in a page', () => {
  test('bundles for the browser with nothing of Node in it', async () => {
    const { text, imports } = await bundle()
    expect(imports.filter(({ path, external }) => external || path.startsWith('node:'))).toEqual([])
    expect(/["'`]node:|\brequire\(/.exec(text)?.[0]).toBeUndefined()
    const sizes = [text.length, gzipSync(text).length].map((bytes) => `${Math.round(bytes / 1024)} KiB`)
    console.info(`the broker for the browser: ${sizes[0]}, ${sizes[1]} gzipped`)
  })

  test('runs with the globals of a page only', async () => {
    const { text } = await bundle()
    // The globals of a worker that the broker needs; a new context has plain JavaScript only.
    const page = createContext({ setTimeout, clearTimeout, performance, TextEncoder, TextDecoder })
    const make = runInContext(`${text};broker.createBrowserBroker`, page) as typeof createBrowserBroker
    const options: BrowserBrokerOptions = { seed: 1 }
    const broker = make(options)
    const keys = await askApiVersions(broker)
    expect(keys).toContain(ApiVersionsRequest.apiKey)
    expect(keys.length).toBeGreaterThan(20)
    broker.stop()
  })

  test('the trace reports events', async () => {
    const types = new Set<string>()
    const broker = createBrowserBroker({ seed: 1, trace: ({ type }) => types.add(type) })
    await askApiVersions(broker)
    broker.stop()
    expect(types).toContain('request')
  })

  test('BROWSER-BROKER-1: the same seed gives the same ids', async () => {
    const clusterId = async (seed: number): Promise<string | null> => {
      const broker = createBrowserBroker({ seed })
      const body = await ask(broker, MetadataRequest, 12, { topics: null })
      broker.stop()
      return MetadataResponse.decode(body, 12).clusterId
    }
    expect(await clusterId(7)).toBe(await clusterId(7))
    expect(await clusterId(7)).not.toBe(await clusterId(8))
  })

  test('BROWSER-BROKER-2: after a stop no timer is left, and nothing is sent', async () => {
    vi.useFakeTimers()
    // Without MessageChannel the page's loop uses timers only, which can be counted.
    vi.stubGlobal('MessageChannel', undefined)
    try {
      const broker = createBrowserBroker({ seed: 1 })
      await vi.advanceTimersByTimeAsync(1000)
      expect(vi.getTimerCount()).toBeGreaterThan(0)
      const socket = broker.connect()
      let sent = 0
      socket.onData(() => sent++)
      socket.send(frameOf(MetadataRequest, 12, 2, 7, { topics: null }))
      await vi.advanceTimersByTimeAsync(1000)
      expect(sent).toBeGreaterThan(0)
      broker.stop()
      await vi.advanceTimersByTimeAsync(1000)
      expect(vi.getTimerCount()).toBe(0)
      sent = 0
      socket.send(frameOf(MetadataRequest, 12, 2, 8, { topics: null }))
      await vi.advanceTimersByTimeAsync(1000)
      expect(sent).toBe(0)
    } finally {
      vi.unstubAllGlobals()
      vi.useRealTimers()
    }
  })

  test('an unknown config is refused', () => {
    expect(() => createBrowserBroker({ seed: 1, config: { 'num.partition': '3' } })).toThrow('num.partitions')
  })
})
