import BrowserOnly from '@docusaurus/BrowserOnly'
import type { ReactNode } from 'react'
import { useSay } from '../../i18n/locale'
import { asideWords } from './aside-words'

/** A program that meets records which it cannot handle, to be pressed: in place, aside, or aside with the order kept. */
export default function AsideFigure({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  return (
    <BrowserOnly fallback={<p className="oz-empty">{say(asideWords.fallback)}</p>}>
      {() => {
        const { default: Live } = require('./AsideFigureLive') as typeof import('./AsideFigureLive')
        return <Live caption={caption} />
      }}
    </BrowserOnly>
  )
}
