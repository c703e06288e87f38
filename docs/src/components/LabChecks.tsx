import type { ReactNode } from 'react'
import { useSay } from '../i18n/locale'
import { useCourseData } from './courseData'
import Rich from './Rich'

const words = {
  missing: {
    en: 'The list of checks is written by npm run labs:check.',
    ru: 'Список проверок появится после npm run labs:check.',
  },
}

/** What the suite of a lab checks, in the words that `npm run lab` prints. */
export default function LabChecks({ lab }: { lab: string }): ReactNode {
  const say = useSay()
  const checks = useCourseData().checks[lab] ?? []
  if (checks.length === 0) return <p className="oz-empty">{say(words.missing)}</p>
  return (
    <ol className="oz-checks">
      {checks.map((check) => (
        <li key={check.id}>
          <Rich text={say(check)} /> <code className="oz-id">{check.id}</code>
        </li>
      ))}
    </ol>
  )
}
