import BrowserOnly from '@docusaurus/BrowserOnly'
import type { ReactNode } from 'react'
import { useSay } from '../../i18n/locale'
import LogFigure from '../log/LogFigure'
import { words } from '../words'

/** A consumer group, to be pressed. On the server, in print and without JavaScript: its partitions and who reads them. */
export default function GroupFigure({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  const rows = ['A', 'A', 'B', 'B'].map((owner, partition) => ({
    label: `orders-${partition}`,
    cells: [{ offset: 0, text: owner, hue: owner === 'A' ? 0 : 1 }],
  }))
  return (
    <BrowserOnly fallback={<LogFigure caption={say(words.fallback)} rows={rows} />}>
      {() => {
        const { default: Live } = require('./GroupFigureLive') as typeof import('./GroupFigureLive')
        return <Live caption={caption} />
      }}
    </BrowserOnly>
  )
}
