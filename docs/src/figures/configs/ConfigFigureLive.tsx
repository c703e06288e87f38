import useDocusaurusContext from '@docusaurus/useDocusaurusContext'
import { type ReactNode, useId, useState } from 'react'
import { useSay } from '../../i18n/locale'
import styles from '../StoryFigure.module.css'
import { useStory } from '../useStory'
import { fill, words } from '../words'
import { BROKER_KEY, LAYER_BYTES, LAYERS, type Layer, RECORD_BYTES, TOPIC_KEY } from './configs'
import { configsWords, layerNames } from './configs-words'

/** What is in force, and the list of what was found, are the broker's answers. */
export default function ConfigFigureLive({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  const name = useId()
  const { i18n } = useDocusaurusContext()
  const [set, setLayers] = useState<readonly Layer[]>([])
  const [recordBytes, setRecordBytes] = useState<number>(RECORD_BYTES[2])
  const view = useStory('configs', { set, recordBytes })
  if (view === undefined) return <p className="oz-empty">{say(words.starting)}</p>
  const toggle = (layer: Layer) =>
    setLayers(set.includes(layer) ? set.filter((each) => each !== layer) : [...set, layer])
  const megabytes = new Intl.NumberFormat(i18n.currentLocale, { maximumFractionDigits: 1 })
  return (
    <figure className={`oz-story ${styles.story}`}>
      <fieldset className={styles.layers}>
        <legend>{say(configsWords.where)}</legend>
        {LAYERS.map((layer) => (
          <label key={layer}>
            <input type="checkbox" checked={set.includes(layer)} onChange={() => toggle(layer)} />{' '}
            {say(layerNames[layer])}:{' '}
            <code>{`${layer === 'topic' ? TOPIC_KEY : BROKER_KEY}=${LAYER_BYTES[layer]}`}</code>
          </label>
        ))}
      </fieldset>
      <fieldset className={styles.choice}>
        <legend>{say(configsWords.record)}</legend>
        {RECORD_BYTES.map((bytes) => (
          <label key={bytes}>
            <input
              type="radio"
              name={name}
              checked={recordBytes === bytes}
              onChange={() => setRecordBytes(bytes)}
            />{' '}
            {fill(say(configsWords.megabytes), { count: megabytes.format(bytes / 1e6) })}
          </label>
        ))}
      </fieldset>
      <p className={styles.quiet}>{say(configsWords.lookup)}:</p>
      <ol className={styles.lookup}>
        {view.synonyms.map(({ source, name: key, value }, place) => (
          <li key={source} data-first={place === 0}>
            <code>{`${source}:${key}=${value}`}</code>
          </li>
        ))}
      </ol>
      <dl className={styles.facts}>
        <div>
          <dt>{say(configsWords.inForce)}:</dt>
          <dd>{`${TOPIC_KEY}=${view.bytes}`}</dd>
        </div>
      </dl>
      <p className={styles.news} role="status">
        {view.answer === 'NONE'
          ? say(configsWords.accepted)
          : fill(say(configsWords.refused), { error: view.answer })}
      </p>
      <figcaption>{caption}</figcaption>
    </figure>
  )
}
