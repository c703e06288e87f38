import Link from '@docusaurus/Link'
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react'
import { useCourseData } from './courseData'
import styles from './Term.module.css'

/**
 * A word of the glossary inside a sentence: <Term id="partition">партиции</Term>.
 * It links to the glossary; hover or focus shows the definition, Escape puts it away (WCAG 1.4.13).
 * An unknown id fails the build.
 */
export default function Term({ id, children }: { id: string; children?: ReactNode }): ReactNode {
  const tipId = useId()
  const tip = useRef<HTMLSpanElement>(null)
  const [at, setAt] = useState<{ left: number; top: number } | null>(null)
  const term = useCourseData().glossary.terms.find((entry) => entry.id === id)
  if (term === undefined) throw new Error(`<Term id="${id}">: no such term in docs/glossary.yaml`)

  const show = (target: HTMLElement) => setAt(placeUnder(target.getBoundingClientRect()))
  const hide = () => setAt(null)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only puts the definition away again
    <span
      className={styles.wrap}
      onMouseLeave={hide}
      onKeyDown={(event: KeyboardEvent) => event.key === 'Escape' && hide()}
    >
      <Link
        to={`/glossary/#${id}`}
        className={styles.term}
        aria-describedby={tipId}
        onMouseEnter={(event) => show(event.currentTarget)}
        onFocus={(event) => show(event.currentTarget)}
        onBlur={hide}
      >
        {children ?? term.term}
      </Link>
      <span
        ref={tip}
        role="tooltip"
        id={tipId}
        className={styles.tip}
        data-open={at !== null}
        style={at ?? {}}
      >
        {term.definition}
      </span>
    </span>
  )
}

/** Below the word, but never over the edge of a narrow screen. */
function placeUnder(word: DOMRect): { left: number; top: number } {
  const width = Math.min(320, window.innerWidth - 16)
  return { left: Math.max(8, Math.min(word.left, window.innerWidth - width - 8)), top: word.bottom + 2 }
}
