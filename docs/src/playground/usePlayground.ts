import { useCallback, useEffect, useRef, useState } from 'react'
import type { Command, Report } from './commands'
import {
  emptyState,
  type PlaygroundState,
  rewound,
  withFrame,
  withPartitions,
  withRead,
  withSent,
} from './state'

/** A command without its number, for each kind of command. */
type Ask = Command extends infer C ? (C extends { id: number } ? Omit<C, 'id'> : never) : never

export interface Playground {
  state: PlaygroundState
  send(key: string | null, value: string): Promise<{ partition: number; offset: number }>
  /** Gives how many records came; 0 when the broker waited in vain. */
  read(bytesMax: number): Promise<number>
  addPartition(): Promise<number>
  rewind(): void
}

/** Starts the broker's worker, keeps what it answers, and ends it with the page. A new `seed` starts a new one. */
export function usePlayground(partitions: number, seed: number): Playground {
  const [state, setState] = useState(() => emptyState(partitions))
  const ask = useRef<(command: Ask) => Promise<Report>>(() => Promise.reject(new Error('not started')))

  useEffect(() => {
    setState(emptyState(partitions))
    const worker = new Worker(new URL('./playground.worker.ts', import.meta.url))
    const waiting = new Map<number, { resolve: (report: Report) => void; reject: (error: Error) => void }>()
    let nextId = 0
    worker.onmessage = ({ data }: MessageEvent<Report>) => {
      if (data.type === 'frame') return setState((now) => withFrame(now, data.frame))
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
      () => setState((now) => ({ ...now, busy: false })),
      (error: unknown) => console.error('playground:', error),
    )
    return () => worker.terminate()
  }, [partitions, seed])

  const send = useCallback(async (key: string | null, value: string) => {
    const report = await ask.current({ type: 'send', key, value })
    if (report.type !== 'sent') throw new Error(report.type)
    setState((now) => withSent(now, key, value, report.sent))
    return report.sent
  }, [])

  const read = useCallback(
    async (bytesMax: number) => {
      setState((now) => ({ ...now, waiting: true }))
      const report = await ask.current({ type: 'read', positions: state.positions, bytesMax })
      if (report.type !== 'read') throw new Error(report.type)
      setState((now) => ({ ...withRead(now, report.records), waiting: false }))
      return report.records.length
    },
    [state.positions],
  )

  const addPartition = useCallback(async () => {
    const report = await ask.current({ type: 'add-partition' })
    if (report.type !== 'partition-added') throw new Error(report.type)
    setState((now) => withPartitions(now, report.partitions))
    return report.partitions
  }, [])

  const rewind = useCallback(() => setState(rewound), [])
  return { state, send, read, addPartition, rewind }
}
