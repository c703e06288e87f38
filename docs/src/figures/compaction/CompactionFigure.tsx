import BrowserOnly from '@docusaurus/BrowserOnly'
import type { ReactNode } from 'react'
import { useSay } from '../../i18n/locale'
import { compactionWords } from './compaction-words'

/** A compacted partition: what a pass removes, and the table that a reader has before and after. */
export default function CompactionFigure({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  return (
    <BrowserOnly fallback={<p className="oz-empty">{say(compactionWords.fallback)}</p>}>
      {() => {
        const { default: Live } = require('./CompactionFigureLive') as typeof import('./CompactionFigureLive')
        return <Live caption={caption} />
      }}
    </BrowserOnly>
  )
}
