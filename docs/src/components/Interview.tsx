import type { ReactNode } from 'react'

/** A question as it is asked at an interview; the answer opens below it. */
export default function Interview({ ask, children }: { ask: string; children: ReactNode }): ReactNode {
  return (
    <details className="oz-interview">
      <summary>{ask}</summary>
      {children}
    </details>
  )
}
