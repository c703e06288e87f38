import { type ReactNode, useState } from 'react'
import { type Text, useSay } from '../i18n/locale'
import type { SeenFrame } from '../playground/client'
import type { FramePart } from '../playground/frame-parts'
import { words } from '../playground/words'
import styles from './PlaygroundFrames.module.css'

type ShownFrame = SeenFrame & { place: number }

/** The last frames, the newest first; each opens into its fields with their bytes beside them. */
export default function Frames({ frames }: { frames: readonly ShownFrame[] }): ReactNode {
  const say = useSay()
  return (
    <details className={styles.frames}>
      <summary>{say(words.wire)}</summary>
      {frames.length === 0 && <p>{say(words.noFrames)}</p>}
      {[...frames].reverse().map((frame) => (
        <Frame key={frame.place} frame={frame} />
      ))}
    </details>
  )
}

function Frame({ frame }: { frame: ShownFrame }): ReactNode {
  const say = useSay()
  const [open, setOpen] = useState(false)
  const { direction, api, version, client, correlationId, bytes } = frame
  return (
    <details className={styles.frame} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        {direction === 'out' ? '→' : '←'}{' '}
        <strong>
          {api} v{version}
        </strong>{' '}
        {client}: {say(direction === 'out' ? words.request : words.response)} {correlationId},{' '}
        {say(words.size).replace('{count}', String(bytes.length))}
      </summary>
      {open && <Parts frame={frame} />}
    </details>
  )
}

const NAMES: Readonly<Record<Exclude<FramePart['kind'], 'field'>, Text>> = {
  length: words.partLength,
  tags: words.partTags,
  batch: words.partBatch,
  records: words.partRecords,
}

function Parts({ frame: { bytes, parts } }: { frame: ShownFrame }): ReactNode {
  const say = useSay()
  return (
    <table className={styles.parts}>
      <thead>
        <tr>
          <th scope="col">{say(words.bytes)}</th>
          <th scope="col">{say(words.field)}</th>
          <th scope="col">{say(words.says)}</th>
        </tr>
      </thead>
      <tbody>
        {parts.map(({ kind, name, value, depth, from, to }, place) => (
          <tr key={place}>
            <td className={styles.bytes}>{hex(bytes.subarray(from, to))}</td>
            <td style={{ paddingLeft: `${0.4 + depth * 0.8}rem` }}>
              {kind === 'field' ? <code>{name}</code> : <em>{say(NAMES[kind])}</em>}
            </td>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const HEX_BYTES_MAX = 24

function hex(bytes: Uint8Array): string {
  const shown = [...bytes.subarray(0, HEX_BYTES_MAX)].map((byte) => byte.toString(16).padStart(2, '0'))
  const more = bytes.length - HEX_BYTES_MAX
  return `${shown.join(' ')}${more > 0 ? ` … +${more}` : ''}`
}
