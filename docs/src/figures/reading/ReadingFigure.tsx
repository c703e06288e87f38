import BrowserOnly from '@docusaurus/BrowserOnly'
import type { ReactNode } from 'react'
import { useSay } from '../../i18n/locale'
import LogFigure from '../log/LogFigure'
import { readingWords, words } from '../words'

/**
 * One consumer on one partition, to be pressed: `free`, what is pressed happens; `order`, a program goes step by step and
 * may crash at each. On the server, in print and without JavaScript: a picture.
 */
export default function ReadingFigure({
  kind,
  caption,
}: {
  kind: 'free' | 'order'
  caption: string
}): ReactNode {
  const say = useSay()
  const cells = Array.from({ length: 6 }, (_, offset) => ({ offset, text: '' }))
  const marks = [{ offset: 0, text: say(readingWords.position) }]
  return (
    <BrowserOnly
      fallback={<LogFigure caption={say(words.fallback)} rows={[{ label: 'orders-0', cells, marks }]} />}
    >
      {() => {
        const { default: Live } = require('./ReadingFigureLive') as typeof import('./ReadingFigureLive')
        return <Live kind={kind} caption={caption} />
      }}
    </BrowserOnly>
  )
}
