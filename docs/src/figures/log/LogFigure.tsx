import type { CSSProperties, ReactNode } from 'react'
import { useFollowed } from '../../components/useFollowed'
import styles from './LogFigure.module.css'

export interface Cell {
  /** Offset of the record: what stands under the cell. */
  offset: number
  /** What stands in the cell. */
  text: string
  /** Colour of the key, 0..5; none: a record without a key. */
  hue?: number | undefined
}

export interface Row {
  label: string
  cells: Cell[]
  /** An arrow under this offset, such as "next to read"; without text: only a place, for a record to come. */
  marks?: { offset: number; text: string }[]
}

/**
 * Partitions drawn as rows of cells with offsets below: the one picture that the course keeps coming back to.
 * It is HTML, so it can be read by a screen reader, translated, selected and printed.
 */
export default function LogFigure({ caption, rows }: { caption: string; rows: Row[] }): ReactNode {
  return (
    <figure className={styles.figure}>
      {rows.map((row) => (
        <LogRow key={row.label} row={row} />
      ))}
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

/** `follow`: when a record is added, the row scrolls to it. */
export function LogRow({ row, follow = false }: { row: Row; follow?: boolean }): ReactNode {
  const offsets = new Map(row.cells.map((cell) => [cell.offset, cell]))
  const marks = row.marks ?? []
  const ends = [...row.cells.map((cell) => cell.offset), ...marks.map((mark) => mark.offset)]
  const last = Math.max(-1, ...ends)
  const first = Math.min(...(ends.length > 0 ? ends : [0]))
  const columns = Array.from({ length: last - first + 1 }, (_, place) => first + place)
  const strip = useFollowed<HTMLElement>(follow ? columns.length : undefined)
  return (
    <div className={styles.row}>
      <div className={styles.label}>{row.label}</div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a strip that scrolls must be reachable by keyboard */}
      <section ref={strip} className={styles.strip} tabIndex={0} aria-label={row.label}>
        <ol className={styles.cells}>
          {columns.map((offset) => (
            <Column
              key={offset}
              offset={offset}
              cell={offsets.get(offset)}
              marks={marks
                .filter((mark) => mark.offset === offset && mark.text !== '')
                .map((mark) => mark.text)}
            />
          ))}
          {columns.length === 0 && <li className={styles.nothing}>∅</li>}
        </ol>
      </section>
    </div>
  )
}

function Column(props: { offset: number; cell: Cell | undefined; marks: string[] }): ReactNode {
  const { cell } = props
  const hue = cell?.hue === undefined ? 'none' : cell.hue
  const style = { '--cell': `var(--oz-key-${hue})` } as CSSProperties
  return (
    <li className={styles.column}>
      <span className={styles.record}>
        <span className={cell === undefined ? styles.gap : styles.cell} style={style}>
          {cell?.text}
        </span>
        <span className={styles.offset}>{props.offset}</span>
      </span>
      {props.marks.map((mark) => (
        <span key={mark} className={styles.mark}>
          ↑ {mark}
        </span>
      ))}
    </li>
  )
}
