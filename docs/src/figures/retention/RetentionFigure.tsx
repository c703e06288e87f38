import BrowserOnly from '@docusaurus/BrowserOnly'
import type { ReactNode } from 'react'
import { useSay } from '../../i18n/locale'
import { retentionWords } from './retention-words'

/** The segments of a partition that are deleted by time or by size, and a reader that comes late. */
export default function RetentionFigure({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  return (
    <BrowserOnly fallback={<p className="oz-empty">{say(retentionWords.fallback)}</p>}>
      {() => {
        const { default: Live } = require('./RetentionFigureLive') as typeof import('./RetentionFigureLive')
        return <Live caption={caption} />
      }}
    </BrowserOnly>
  )
}
