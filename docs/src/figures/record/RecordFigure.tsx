import BrowserOnly from '@docusaurus/BrowserOnly'
import type { ReactNode } from 'react'
import { useSay } from '../../i18n/locale'
import { bytesWords } from './batch-bytes-words'

/** The bytes of a record that is typed, field by field. */
export default function RecordFigure({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  return (
    <BrowserOnly fallback={<p className="oz-empty">{say(bytesWords.fallback)}</p>}>
      {() => {
        const { default: Live } = require('./RecordFigureLive') as typeof import('./RecordFigureLive')
        return <Live caption={caption} />
      }}
    </BrowserOnly>
  )
}
