import { type RefObject, useEffect, useRef } from 'react'

/** Keeps the end of a box that scrolls in sight whenever `size` changes; the page itself is not moved. */
export function useFollowed<Box extends HTMLElement>(size: number | undefined): RefObject<Box | null> {
  const box = useRef<Box>(null)
  useEffect(() => {
    if (size === undefined) return
    box.current?.scrollTo({ left: box.current.scrollWidth, top: box.current.scrollHeight })
  }, [size])
  return box
}
