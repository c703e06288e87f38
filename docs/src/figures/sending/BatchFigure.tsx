import BrowserOnly from '@docusaurus/BrowserOnly'
import type { ReactNode } from 'react'
import { useSay } from '../../i18n/locale'
import { batchWords } from './sending-words'

/** How linger.ms and batch.size make batches out of records: sliders, and what follows. */
export default function BatchFigure({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  return (
    <BrowserOnly fallback={<p className="oz-empty">{say(batchWords.fallback)}</p>}>
      {() => {
        const { default: Live } = require('./BatchFigureLive') as typeof import('./BatchFigureLive')
        return <Live caption={caption} />
      }}
    </BrowserOnly>
  )
}
