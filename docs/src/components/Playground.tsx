import BrowserOnly from '@docusaurus/BrowserOnly'
import type { ReactNode } from 'react'
import LogFigure, { type Row } from '../figures/log/LogFigure'
import { useSay } from '../i18n/locale'
import { words } from '../playground/words'

const example: Row[] = [
  {
    label: 'orders-0',
    cells: [
      { offset: 0, text: 'vera', hue: 0 },
      { offset: 1, text: 'vera', hue: 0 },
      { offset: 2, text: 'maria', hue: 3 },
    ],
  },
  {
    label: 'orders-1',
    cells: [
      { offset: 0, text: 'anna', hue: 1 },
      { offset: 1, text: 'boris', hue: 4 },
    ],
  },
  { label: 'orders-2', cells: [{ offset: 0, text: 'ivan', hue: 2 }] },
]

/** The broker in the page. On the server, in print and without JavaScript: a picture of it. */
export default function Playground(): ReactNode {
  const say = useSay()
  return (
    <BrowserOnly fallback={<LogFigure caption={say(words.fallback)} rows={example} />}>
      {() => {
        const { default: Live } = require('./PlaygroundLive') as typeof import('./PlaygroundLive')
        return <Live />
      }}
    </BrowserOnly>
  )
}
