import { expect, test } from 'vitest'
import { type Koffi, provenSendFile } from './send-file.ts'

/** Whether koffi can be loaded, and sendfile has the declared form. */
const isToBeHad = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch)

test('SEND-FILE-1: with koffi on a 64-bit Linux, sendfile passes the check and is used', async () => {
  const hasKoffi = await import('koffi').then(
    () => true,
    () => false,
  )
  expect(provenSendFile() !== undefined).toBe(isToBeHad && hasKoffi)
})

test.each<[string, () => Koffi]>([
  [
    'is not there',
    () => {
      throw new Error("Cannot find module 'koffi'")
    },
  ],
  ['has no sendfile', () => packageOf(undefined)],
  ['says that it has sent, and has not', () => packageOf((_out, _in, _offset, count) => Number(count))],
  ['fails', () => packageOf(() => -1)],
  ['sends nothing', () => packageOf(() => 0)],
])('SEND-FILE-1: the buffered way is used when the package %s', (_, load) => {
  expect(provenSendFile(load)).toBeUndefined()
})

function packageOf(sendfile: ((...args: unknown[]) => number) | undefined): Koffi {
  return {
    load: () => ({
      func: () => {
        if (!sendfile) throw new Error('Cannot find function sendfile in shared library')
        return sendfile
      },
    }),
    errno: () => 9,
  }
}
