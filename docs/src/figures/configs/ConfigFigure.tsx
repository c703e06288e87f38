import BrowserOnly from '@docusaurus/BrowserOnly'
import type { ReactNode } from 'react'
import { useSay } from '../../i18n/locale'
import { configsWords } from './configs-words'

/** One setting in four places, to be ticked: which one is in force, and what the broker does then. */
export default function ConfigFigure({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  return (
    <BrowserOnly fallback={<p className="oz-empty">{say(configsWords.fallback)}</p>}>
      {() => {
        const { default: Live } = require('./ConfigFigureLive') as typeof import('./ConfigFigureLive')
        return <Live caption={caption} />
      }}
    </BrowserOnly>
  )
}
