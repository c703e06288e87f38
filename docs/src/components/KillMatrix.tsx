import type { ReactNode } from 'react'
import { useSay } from '../i18n/locale'
import { type Check, type KillMatrixData, useCourseData } from './courseData'
import styles from './KillMatrix.module.css'
import Rich from './Rich'

const words = {
  missing: {
    en: 'The table appears after npm run labs:check.',
    ru: 'Таблица появится после npm run labs:check.',
  },
  caption: {
    en: 'A cross: the check has caught the wrong solution. Right solutions pass every check.',
    ru: 'Крестик — проверка поймала неверное решение. Верные решения проходят все проверки.',
  },
  solution: { en: 'Solution', ru: 'Решение' },
  right: { en: 'right', ru: 'верное' },
  caught: { en: 'caught', ru: 'поймано' },
  passed: { en: 'passed', ru: 'прошло' },
  show: {
    en: 'Show the table (it names the mistakes: try the lab first)',
    ru: 'Показать таблицу (в ней названы ошибки: сначала попробуйте сами)',
  },
  legend: { en: 'The checks by number', ru: 'Проверки по номерам' },
}

/**
 * The lab's suite, put to the test itself: rows are solutions, columns are checks. Closed until it is asked for, since
 * it names every trap of the lab.
 */
export default function KillMatrix({ lab }: { lab: string }): ReactNode {
  const say = useSay()
  const { killMatrix, checks } = useCourseData()
  const matrix = killMatrix[lab]
  if (matrix === undefined) return <p className="oz-empty">{say(words.missing)}</p>
  return (
    <details className="oz-spoiler">
      <summary>{say(words.show)}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={styles.scroll} tabIndex={0} aria-label={say(words.caption)}>
        <table className={styles.matrix}>
          <caption>{say(words.caption)}</caption>
          <thead>
            <tr>
              <th scope="col">{say(words.solution)}</th>
              {matrix.tests.map((test, place) => (
                <th scope="col" key={test} title={test}>
                  {place + 1}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {matrix.rows.map((row) => (
              <Row key={row.file} row={row} tests={matrix.tests} />
            ))}
          </tbody>
        </table>
      </section>
      <details>
        <summary>{say(words.legend)}</summary>
        <ol>
          {matrix.tests.map((test) => (
            <li key={test}>
              <CheckText check={checks[lab]?.find(({ id }) => id === test)} /> <code>{test}</code>
            </li>
          ))}
        </ol>
      </details>
    </details>
  )
}

function CheckText({ check }: { check: Check | undefined }): ReactNode {
  const say = useSay()
  return check && <Rich text={say(check)} />
}

function Row({ row, tests }: { row: KillMatrixData['rows'][number]; tests: string[] }): ReactNode {
  const say = useSay()
  return (
    <tr>
      <th scope="row">
        {row.kind === 'right' ? (
          `${row.file} (${say(words.right)})`
        ) : (
          <Rich text={row.misconception ?? row.file} />
        )}
      </th>
      {tests.map((test) => (
        <td key={test} data-caught={row.killedBy.includes(test)}>
          <span aria-hidden="true">{row.killedBy.includes(test) ? '✕' : '·'}</span>
          <span className={styles.hidden}>
            {say(row.killedBy.includes(test) ? words.caught : words.passed)}
          </span>
        </td>
      ))}
    </tr>
  )
}
