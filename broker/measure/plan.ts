import type { Bench, Figures, Sending } from './bench.ts'
import { kcatSend } from './kcat.ts'
import { groupWords, settingWords, type Text } from './words.ts'

/** What is measured: groups of settings that differ in one thing. The first of a group is what the others are compared with. */

export interface Setting {
  name: Text
  /** `runMs`: how long to send; loads with a fixed number of records do not care. */
  run: (bench: Bench, runMs: number) => Promise<Figures>
}

export interface Group {
  id: string
  title: Text
  settings: Setting[]
  /** Columns beside records a second and the ratio. */
  shows: ('p50Ms' | 'p99Ms' | 'bytesPerRecord' | 'megabytesPerS')[]
}

const READ_RECORDS = 5000
const KCAT_RECORDS = 100_000
/** One record of 100 bytes a request, one request after the other. */
const ALONE: Sending = {
  valueBytes: 100,
  perSend: 1,
  inFlight: 1,
  acks: -1,
  partitions: 1,
  gzip: false,
  wayMs: 0,
}
const FAR_MS = 5

const sending = (name: Text, different: Partial<Sending>): Setting => ({
  name,
  run: (bench, runMs) => bench.send({ ...ALONE, ...different }, runMs),
})

/** All groups; `withKcat`: kcat is there, and the same questions are put to its library. */
export function groups(bootstrap: string, withKcat: boolean): Group[] {
  const s = settingWords
  const kcat = (name: Text, settings: Record<string, string>): Setting => ({
    name,
    run: async (bench) => {
      const topic = await bench.topic('kcat', 1)
      return kcatSend({ bootstrap, topic, records: KCAT_RECORDS, valueBytes: 100, settings })
    },
  })
  return [
    {
      id: 'batch',
      title: groupWords.batch,
      settings: [1, 10, 100, 1000].map((perSend) => sending(s.perSend(perSend), { perSend })),
      shows: ['p50Ms', 'bytesPerRecord'],
    },
    {
      id: 'in-flight',
      title: groupWords.inFlight,
      settings: [1, 10, 100].map((inFlight) => sending(s.inFlight(inFlight), { inFlight, wayMs: FAR_MS })),
      shows: ['p50Ms', 'p99Ms'],
    },
    {
      id: 'acks',
      title: groupWords.acks,
      settings: ([-1, 1, 0] as const).map((acks) => sending(s.acks(acks), { acks })),
      shows: ['p50Ms', 'p99Ms'],
    },
    {
      id: 'compression',
      title: groupWords.compression,
      settings: [false, true].map((gzip) =>
        sending(gzip ? s.gzip : s.none, { gzip, perSend: 1000, valueBytes: 200 }),
      ),
      shows: ['bytesPerRecord'],
    },
    {
      id: 'size',
      title: groupWords.size,
      settings: [100, 1000, 10_000].map((valueBytes) =>
        sending(s.valueBytes(valueBytes), { valueBytes, perSend: 100 }),
      ),
      shows: ['megabytesPerS'],
    },
    {
      id: 'partitions',
      title: groupWords.partitions,
      settings: [1, 10, 100].map((partitions) =>
        sending(s.partitions(partitions), { partitions, perSend: 1000 }),
      ),
      shows: ['bytesPerRecord'],
    },
    {
      id: 'commits',
      title: groupWords.commits,
      settings: (['batch', 'record'] as const).map((commits) => ({
        name: s.commits[commits],
        run: (bench) => bench.read({ records: READ_RECORDS, commits }),
      })),
      shows: [],
    },
    ...(withKcat
      ? [
          {
            id: 'kcat',
            title: groupWords.kcat,
            settings: [
              kcat(s.kcatAlone, { 'batch.num.messages': '1', 'linger.ms': '0' }),
              kcat(s.kcatNoLinger, { 'linger.ms': '0' }),
              kcat(s.kcatLinger, { 'linger.ms': '5' }),
              kcat(s.kcatLz4, { 'linger.ms': '5', 'compression.codec': 'lz4' }),
            ],
            shows: [],
          } satisfies Group,
        ]
      : []),
  ]
}
