import { useCallback, useEffect, useRef, useState } from 'react'
import type { Command, Report } from './commands'
import type { ReadRecord, Sent } from './session'
import {
  emptyState,
  hasNothingToRead,
  type PlaygroundState,
  rewound,
  withFrame,
  withPartitions,
  withRead,
  withSent,
  withWaiting,
} from './state'

/** A command without its number, for each kind of command. */
type Ask = Command extends infer C ? (C extends { id: number } ? Omit<C, 'id'> : never) : never

export interface Playground {
  state: PlaygroundState
  send(key: string | null, value: string): Promise<Sent>
  /** Gives the records that came (none when the time was up) and whether the broker had kept the fetch for them. */
  read(reader: number, bytesMax: number): Promise<{ records: ReadRecord[]; waited: boolean }>
  addPartition(): Promise<number>
  rewind(reader: number): void
}

/** Starts the broker's worker, keeps what it answers, and ends it with the page. A new `seed` starts a new one. */
export function usePlayground(partitions: number, seed: number): Playground {
  const [state, setState] = useState(() => emptyState(partitions))
  const now = useRef(state)
  now.current = state
  const ask = useRef<(command: Ask) => Promise<Report>>(() => Promise.reject(new Error('not started')))

  useEffect(() => {
    setState(emptyState(partitions))
    const worker = new Worker(new URL('./playground.worker.ts', import.meta.url))
    const waiting = new Map<number, { resolve: (report: Report) => void; reject: (error: Error) => void }>()
    let nextId = 0
    worker.onmessage = ({ data }: MessageEvent<Report>) => {
      if (data.type === 'frame') return setState((before) => withFrame(before, data.frame))
      const asked = waiting.get(data.id)
      waiting.delete(data.id)
      if (data.type === 'failed') asked?.reject(new Error(data.message))
      else asked?.resolve(data)
    }
    ask.current = (command) =>
      new Promise((resolve, reject) => {
        const id = nextId++
        waiting.set(id, { resolve, reject })
        worker.postMessage({ ...command, id })
      })
    ask.current({ type: 'open', partitions, seed }).then(
      () => setState((before) => ({ ...before, busy: false })),
      (error: unknown) => console.error('playground:', error),
    )
    return () => worker.terminate()
  }, [partitions, seed])

  const send = useCallback(async (key: string | null, value: string) => {
    const report = await ask.current({ type: 'send', key, value })
    if (report.type !== 'sent') throw new Error(report.type)
    setState((before) => withSent(before, key, value, report.sent))
    return report.sent
  }, [])

  const read = useCallback(async (reader: number, bytesMax: number) => {
    const waited = hasNothingToRead(now.current, reader)
    const { positions } = now.current.readers[reader]!
    setState((before) => withWaiting(before, reader, true))
    try {
      const report = await ask.current({ type: 'read', reader, positions, bytesMax })
      if (report.type !== 'read') throw new Error(report.type)
      setState((before) => withRead(before, reader, report.records, waited))
      return { records: report.records, waited }
    } catch (error) {
      setState((before) => withWaiting(before, reader, false))
      throw error
    }
  }, [])

  const addPartition = useCallback(async () => {
    const report = await ask.current({ type: 'add-partition' })
    if (report.type !== 'partition-added') throw new Error(report.type)
    setState((before) => withPartitions(before, report.partitions))
    return report.partitions
  }, [])

  const rewind = useCallback((reader: number) => setState((before) => rewound(before, reader)), [])
  return { state, send, read, addPartition, rewind }
}
