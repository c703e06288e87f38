import BrowserOnly from '@docusaurus/BrowserOnly'
import type { ReactNode } from 'react'
import { useSay } from '../../i18n/locale'
import { commandsWords } from './commands-words'

/** A terminal with a broker behind it: a command is pressed, its output and what it has changed are shown. */
export default function CommandFigure({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  return (
    <BrowserOnly fallback={<p className="oz-empty">{say(commandsWords.fallback)}</p>}>
      {() => {
        const { default: Live } = require('./CommandFigureLive') as typeof import('./CommandFigureLive')
        return <Live caption={caption} />
      }}
    </BrowserOnly>
  )
}
