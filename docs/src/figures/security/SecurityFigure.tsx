import { type ReactNode, useId, useState } from 'react'
import { useSay } from '../../i18n/locale'
import styles from '../StoryFigure.module.css'
import { eveAt, PROTOCOLS, type SecurityProtocol } from './security'
import { connectWords, securityWords } from './security-words'

/** What an eavesdropper can do, for each protocol of a listener, with an authorizer or without. No broker runs. */
export default function SecurityFigure({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  const name = useId()
  const [protocol, setProtocol] = useState<SecurityProtocol>('PLAINTEXT')
  const [hasAuthorizer, setHasAuthorizer] = useState(false)
  const { readsRecords, readsPassword, connectsAs, writes } = eveAt(protocol, hasAuthorizer)
  const yesNo = (value: boolean) => say(value ? securityWords.yes : securityWords.no)
  const facts = [
    [securityWords.records, yesNo(readsRecords)],
    [securityWords.password, yesNo(readsPassword)],
    [securityWords.connects, say(connectWords[connectsAs])],
    [securityWords.writes, yesNo(writes)],
  ] as const
  return (
    <figure className={`oz-story ${styles.story}`}>
      <fieldset className={styles.choice}>
        <legend>{say(securityWords.protocol)}</legend>
        {PROTOCOLS.map((each) => (
          <label key={each}>
            <input type="radio" name={name} checked={protocol === each} onChange={() => setProtocol(each)} />{' '}
            <code>{each}</code>
          </label>
        ))}
      </fieldset>
      <label className={styles.choice}>
        <span>
          <input type="checkbox" checked={hasAuthorizer} onChange={() => setHasAuthorizer(!hasAuthorizer)} />{' '}
          {say(securityWords.authorizer)}
        </span>
      </label>
      <div role="status">
        <ul>
          {facts.map(([what, answer]) => (
            <li key={what.en}>
              {say(what)}: <strong>{answer}</strong>
            </li>
          ))}
        </ul>
      </div>
      <figcaption>{caption}</figcaption>
    </figure>
  )
}
