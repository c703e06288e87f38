import Link from '@docusaurus/Link'
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react'
import { useCourseData } from './courseData'
import styles from './Term.module.css'

/**
 * A word of the glossary inside a sentence: <Term id="partition">партиции</Term>.
 * It links to the glossary. A mouse over it, the keyboard's focus, or a first tap shows the definition; Escape, or a
 * tap elsewhere, puts it away (WCAG 1.4.13). The second tap follows the link. An unknown id fails the build.
 *
 * The handlers are the wrapper's: Link has an onMouseEnter of its own, which replaces one that it is given.
 */
export default function Term({ id, children }: { id: string; children?: ReactNode }): ReactNode {
  const tipId = useId()
  const wrap = useRef<HTMLSpanElement>(null)
  const touched = useRef<{ open: boolean } | undefined>(undefined)
  const [at, setAt] = useState<CSSProperties | null>(null)
  const term = useCourseData().glossary.terms.find((entry) => entry.id === id)
  if (term === undefined) throw new Error(`<Term id="${id}">: no such term in docs/glossary.yaml`)

  const open = at !== null
  const show = () => setAt(wrap.current && placeBeside(wrap.current))
  const hide = () => setAt(null)
  useEffect(() => (open ? whileOpen(wrap, show, hide) : undefined), [open])

  const onPointerDown = ({ pointerType }: PointerEvent) => {
    touched.current = pointerType === 'touch' ? { open } : undefined
  }
  const onClickCapture = (event: MouseEvent) => {
    if (touched.current === undefined || touched.current.open) return
    event.preventDefault()
    show()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it shows the definition of the link inside it
    <span
      ref={wrap}
      className={styles.wrap}
      onPointerEnter={({ pointerType }) => pointerType !== 'touch' && show()}
      onPointerLeave={({ pointerType }) => pointerType !== 'touch' && hide()}
      onPointerDown={onPointerDown}
      onClickCapture={onClickCapture}
      onFocus={show}
      onBlur={hide}
      onKeyDown={(event: KeyboardEvent) => event.key === 'Escape' && hide()}
    >
      <Link to={`/glossary/#${id}`} className={styles.term} aria-describedby={tipId}>
        {children ?? term.term}
      </Link>
      <span role="tooltip" id={tipId} className={styles.tip} data-open={open} style={at ?? {}}>
        {term.definition}
      </span>
    </span>
  )
}

/** An open definition goes with its word when the page is scrolled, and away when somebody taps elsewhere. */
function whileOpen(wrap: { current: HTMLElement | null }, place: () => void, hide: () => void): () => void {
  const onTap = ({ target }: Event) => {
    if (!wrap.current?.contains(target as Node)) hide()
  }
  const onKey = ({ key }: { key: string }) => key === 'Escape' && hide()
  document.addEventListener('pointerdown', onTap)
  document.addEventListener('keydown', onKey)
  window.addEventListener('scroll', place, { passive: true })
  return () => {
    document.removeEventListener('pointerdown', onTap)
    document.removeEventListener('keydown', onKey)
    window.removeEventListener('scroll', place)
  }
}

/** Below the word, or above it near the lower edge; never over the sides of a narrow screen. Both in px. */
function placeBeside(wrap: HTMLElement): CSSProperties {
  const word = wrap.getElementsByTagName('a')[0]!.getBoundingClientRect()
  const width = Math.min(320, window.innerWidth - 16)
  const left = Math.max(8, Math.min(word.left, window.innerWidth - width - 8))
  if (word.bottom < window.innerHeight * 0.7) return { left, top: word.bottom }
  return { left, bottom: window.innerHeight - word.top }
}
