import { type ReactNode, useState } from 'react'
import { useSay } from '../../i18n/locale'
import styles from '../StoryFigure.module.css'
import { fill } from '../words'
import { candidates, fitOf, NEEDS, type Need, TOOLS } from './choose'
import { chooseWords, fitSigns, fitWords, needWords, toolWords } from './choose-words'

/** Needs to tick, and what each kind of system makes of those that are ticked. No broker runs. */
export default function ChooseFigure({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  const [needs, setNeeds] = useState<readonly Need[]>([])
  const toggle = (need: Need) =>
    setNeeds(NEEDS.filter((each) => (each === need ? !needs.includes(each) : needs.includes(each))))
  return (
    <figure className={`oz-story ${styles.story}`}>
      <fieldset className={styles.choice}>
        <legend>{say(chooseWords.needs)}</legend>
        {NEEDS.map((need) => (
          <label key={need}>
            <input type="checkbox" checked={needs.includes(need)} onChange={() => toggle(need)} />{' '}
            {say(needWords[need])}
          </label>
        ))}
      </fieldset>
      <p role="status" className={styles.news}>
        <Conclusion needs={needs} />
      </p>
      {needs.length > 0 && (
        <ul className={styles.members}>
          {TOOLS.map((tool) => (
            <li key={tool}>
              <strong>{say(toolWords[tool])}</strong>
              <ul className={styles.fits}>
                {needs.map((need) => (
                  <li key={need}>
                    <span aria-hidden="true">{fitSigns[fitOf(need, tool)]}</span>{' '}
                    <span className={styles.hidden}>{say(fitWords[fitOf(need, tool)])}: </span>
                    {say(needWords[need])}
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      )}
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

/** What is left when each of these needs counts. */
function Conclusion({ needs }: { needs: readonly Need[] }): ReactNode {
  const say = useSay()
  if (needs.length === 0) return say(chooseWords.nothing)
  const tools = candidates(needs).map((tool) => say(toolWords[tool]))
  return tools.length === 0 ? say(chooseWords.none) : fill(say(chooseWords.left), { tools: tools.join(', ') })
}
