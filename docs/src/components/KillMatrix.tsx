import type { ReactNode } from 'react'
import { useSay } from '../i18n/locale'
import { type Check, type KillMatrixData, useCourseData } from './courseData'
import styles from './KillMatrix.module.css'
import Rich from './Rich'

const words = {
  missing: {
    en: 'The kill matrix is written by npm run labs:check.',
    ru: 'Матрица появится после npm run labs:check.',
  },
  caption: {
    en: 'Which check catches which wrong solution. Right ones pass every check.',
    ru: 'Какая проверка ловит какое неверное решение. Верные проходят все.',
  },
  solution: { en: 'Solution', ru: 'Решение' },
  right: { en: 'right', ru: 'верное' },
  caught: { en: 'caught', ru: 'поймано' },
  passed: { en: 'passed', ru: 'прошло' },
  legend: { en: 'The checks by number', ru: 'Проверки по номерам' },
}

/** The lab's suite, put to the test itself: rows are solutions, columns are checks. */
export default function KillMatrix({ lab }: { lab: string }): ReactNode {
  const say = useSay()
  const { killMatrix, checks } = useCourseData()
  const matrix = killMatrix[lab]
  if (matrix === undefined) return <p className="oz-empty">{say(words.missing)}</p>
  return (
    <>
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
    </>
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
