import { type ComponentProps, type ReactNode, useEffect, useRef, useState } from 'react'

/** A table of a page. If it is wider than the screen it scrolls, and then the keyboard can reach it. */
export default function WideTable(props: ComponentProps<'table'>): ReactNode {
  const table = useRef<HTMLTableElement>(null)
  const [scrolls, setScrolls] = useState(false)
  useEffect(() => {
    const { current } = table
    if (!current) return
    const look = () => setScrolls(current.scrollWidth > current.clientWidth)
    const observer = new ResizeObserver(look)
    observer.observe(current)
    return () => observer.disconnect()
  }, [])
  return <table ref={table} {...(scrolls ? { tabIndex: 0 } : {})} {...props} />
}
