import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import type { Figures } from './bench.ts'

/** The same questions put to another client: kcat, if it is there. Its library gathers records into batches by itself. */

export interface KcatSending {
  bootstrap: string
  topic: string
  records: number
  valueBytes: number
  settings: Readonly<Record<string, string>>
}

export function hasKcat(): boolean {
  return spawnSync('kcat', ['-V']).error === undefined
}

/** From the first line until kcat has ended: all records are confirmed then. Rejects with what kcat says when it fails. */
export async function kcatSend({
  bootstrap,
  topic,
  records,
  valueBytes,
  settings,
}: KcatSending): Promise<Figures> {
  const args = Object.entries(settings).flatMap(([key, value]) => ['-X', `${key}=${value}`])
  const child = spawn('kcat', ['-b', bootstrap, '-P', '-t', topic, ...args], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  const lines = Array.from({ length: records }, (_, i) => `${i} `.padEnd(valueBytes, 'lorem ipsum ')).join(
    '\n',
  )
  const beganMs = performance.now()
  // When kcat fails early, its exit code says so; the pipe's error would hide it.
  child.stdin.on('error', () => {})
  child.stdin.end(lines)
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`kcat: ${said.trim()}`)
  return { recordsPerS: (records * 1000) / (performance.now() - beganMs) }
}
