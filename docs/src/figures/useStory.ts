import { useEffect, useRef, useState } from 'react'
import type { Kind, Stories } from './stories.worker'

/**
 * Asks the worker of the figures to tell a story, again whenever `ask` changes (it is compared by its JSON). Gives the
 * story that was told last, undefined before the first. The worker ends with the figure.
 */
export function useStory<K extends Kind>(kind: K, ask: Stories[K]['ask']): Stories[K]['told'] | undefined {
  const [told, setTold] = useState<Stories[K]['told']>()
  const worker = useRef<Worker>(undefined)
  useEffect(() => {
    const own = new Worker(new URL('./stories.worker.ts', import.meta.url))
    own.onmessage = ({ data }: MessageEvent<Stories[K]['told']>) => setTold(data)
    worker.current = own
    return () => own.terminate()
  }, [])
  const text = JSON.stringify({ kind, ask })
  useEffect(() => {
    worker.current?.postMessage(JSON.parse(text))
  }, [text])
  return told
}
