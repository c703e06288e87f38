import BrowserOnly from '@docusaurus/BrowserOnly'
import type { ReactNode } from 'react'
import { useSay } from '../../i18n/locale'
import { transactionWords } from './transaction-words'

/** A partition with a transaction in it, and what two readers see. */
export default function TransactionFigure({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  return (
    <BrowserOnly fallback={<p className="oz-empty">{say(transactionWords.fallback)}</p>}>
      {() => {
        const { default: Live } =
          require('./TransactionFigureLive') as typeof import('./TransactionFigureLive')
        return <Live caption={caption} />
      }}
    </BrowserOnly>
  )
}
