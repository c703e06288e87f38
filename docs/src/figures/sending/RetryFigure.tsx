import BrowserOnly from '@docusaurus/BrowserOnly'
import type { ReactNode } from 'react'
import { useSay } from '../../i18n/locale'
import { retryWords } from './sending-words'

/** A producer whose answers get lost: what a retry does to the log, with and without idempotence. */
export default function RetryFigure({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  return (
    <BrowserOnly fallback={<p className="oz-empty">{say(retryWords.fallback)}</p>}>
      {() => {
        const { default: Live } = require('./RetryFigureLive') as typeof import('./RetryFigureLive')
        return <Live caption={caption} />
      }}
    </BrowserOnly>
  )
}
