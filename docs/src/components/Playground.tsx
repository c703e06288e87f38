import type { ReactNode } from 'react'

/** Placeholder until the broker's browser entry is there. */
export default function Playground(): ReactNode {
  return <div className="oz-playground" />
}
