import { type ReactNode, useState } from 'react'
import { useSay } from '../../i18n/locale'
import styles from '../StoryFigure.module.css'
import { useStory } from '../useStory'
import { fill, words } from '../words'
import type { BatchField, RecordText } from './batch-bytes'
import { bytesWords } from './batch-bytes-words'

const TYPED: RecordText = {
  key: 'anna',
  hasKey: true,
  value: 'paid',
  headerName: 'attempt',
  headerValue: '1',
}
const INPUTS = ['key', 'value', 'headerName', 'headerValue'] as const

/** The broker's own code builds the batch; the page takes it apart. */
export default function RecordFigureLive({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  const [typed, setTyped] = useState(TYPED)
  const fields = useStory('bytes', typed)
  if (fields === undefined) return <p className="oz-empty">{say(words.starting)}</p>
  return (
    <figure className={`oz-story ${styles.story}`}>
      <div className={styles.inputs}>
        {INPUTS.map((name) => (
          <label key={name}>
            {say(bytesWords[name])}
            <input
              value={typed[name]}
              disabled={name === 'key' && !typed.hasKey}
              autoComplete="off"
              maxLength={40}
              onChange={({ target }) => setTyped({ ...typed, [name]: target.value })}
            />
          </label>
        ))}
        <label>
          <input
            type="checkbox"
            checked={!typed.hasKey}
            onChange={() => setTyped({ ...typed, hasKey: !typed.hasKey })}
          />{' '}
          {say(bytesWords.noKey)}
        </label>
      </div>
      <Fields fields={fields} />
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

function Fields({ fields }: { fields: readonly BatchField[] }): ReactNode {
  const say = useSay()
  const columns = [bytesWords.field, bytesWords.bytes, bytesWords.says, bytesWords.by]
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={say(bytesWords.bytes)}>
      <table className={styles.fields}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.en} scope="col">
                {say(column)}
              </th>
            ))}
          </tr>
        </thead>
        {(['batch', 'record'] as const).map((part) => (
          <Part key={part} part={part} fields={fields.filter((field) => field.of === part)} />
        ))}
      </table>
    </section>
  )
}

function Part({ part, fields }: { part: 'batch' | 'record'; fields: readonly BatchField[] }): ReactNode {
  const say = useSay()
  const count = fields.reduce((sum, { hex }) => sum + hex.split(' ').length, 0)
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={4}>
          {fill(say(bytesWords[part]), { count })}
        </th>
      </tr>
      {fields.map(({ name, hex, value, by, isChecked }, place) => (
        <tr key={place}>
          <td>
            <code>{name}</code>
          </td>
          <td className={styles.hex}>{hex}</td>
          <td>{value}</td>
          <td>
            {say(bytesWords[by])}
            {!isChecked && <span className={styles.quiet}>; {say(bytesWords.unchecked)}</span>}
          </td>
        </tr>
      ))}
    </tbody>
  )
}
