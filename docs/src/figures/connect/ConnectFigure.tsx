import { type ReactNode, useId, useState } from 'react'
import { useSay } from '../../i18n/locale'
import styles from '../StoryFigure.module.css'
import { fill } from '../words'
import { ADVERTISED, type Advertised, connect, PLACES, type Place } from './connect'
import { advertisedWords, connectResults, connectWords, placeWords } from './connect-words'

/** Three steps from the bootstrap server to the broker, for each place and each advertised listener. No broker runs. */
export default function ConnectFigure({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  const name = useId()
  const [place, setPlace] = useState<Place>('container')
  const [advertised, setAdvertised] = useState<Advertised>('localhost')
  const { bootstrap, told, result } = connect(place, advertised)
  return (
    <figure className={`oz-story ${styles.story}`}>
      <fieldset className={styles.choice}>
        <legend>{say(connectWords.place)}</legend>
        {PLACES.map((each) => (
          <label key={each}>
            <input
              type="radio"
              name={`${name}-place`}
              checked={place === each}
              onChange={() => setPlace(each)}
            />{' '}
            {say(placeWords[each])}
          </label>
        ))}
      </fieldset>
      <fieldset className={styles.choice}>
        <legend>{say(connectWords.advertised)}</legend>
        {ADVERTISED.map((each) => (
          <label key={each}>
            <input
              type="radio"
              name={`${name}-advertised`}
              checked={advertised === each}
              onChange={() => setAdvertised(each)}
            />{' '}
            <code>{advertisedWords[each]}</code>
          </label>
        ))}
      </fieldset>
      <div role="status">
        <ol>
          <li>{fill(say(connectWords.bootstrap), { address: bootstrap })}</li>
          <li>{fill(say(connectWords.told), { address: told })}</li>
          <li>
            <strong>{fill(say(connectResults[result]), { address: told })}</strong>
          </li>
        </ol>
      </div>
      <figcaption>{caption}</figcaption>
    </figure>
  )
}
