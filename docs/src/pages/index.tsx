import Link from '@docusaurus/Link'
import Layout from '@theme/Layout'
import type { ReactNode } from 'react'
import { LogRow } from '../figures/log/LogFigure'
import { useSay } from '../i18n/locale'
import { words } from '../landing'
import styles from './index.module.css'

/** The front page: what Offset Zero is, its four parts, and the two commands that start it. */
export default function Home(): ReactNode {
  const say = useSay()
  return (
    <Layout description={say(words.description)}>
      <main className={styles.page}>
        <header className={styles.head}>
          <p className={styles.kicker}>{say(words.kicker)}</p>
          <h1>{say(words.title)}</h1>
          <p className={styles.lead}>{say(words.lead)}</p>
          <p className={styles.actions}>
            <Link className={styles.primary} to="/start/">
              {say(words.begin)}
            </Link>
            <Link to="/playground/">{say(words.play)}</Link>
          </p>
        </header>
        <section aria-labelledby="commands" className={styles.commands}>
          <h2 id="commands">{say(words.commandsTitle)}</h2>
          {words.commands.map((command) => (
            <div key={command.run}>
              <code className={styles.run}>{command.run}</code>
              <p>{say(command.does)}</p>
            </div>
          ))}
        </section>
        <section aria-labelledby="parts" className={styles.parts}>
          <h2 id="parts">{say(words.partsTitle)}</h2>
          <ol start={0}>
            {words.parts.map((part) => (
              <li key={part.to}>
                <h3>
                  <Link to={part.to}>{say(part.name)}</Link>
                </h3>
                <p>{say(part.what)}</p>
              </li>
            ))}
          </ol>
        </section>
        <section aria-labelledby="idea" className={styles.idea}>
          <h2 id="idea">{say(words.ideaTitle)}</h2>
          <p>{say(words.idea)}</p>
          <LogRow
            row={{
              label: 'orders-0',
              cells: words.records.map((text, offset) => ({ offset, text: say(text), hue: offset % 3 })),
              marks: [
                { offset: 2, text: say(words.markA) },
                { offset: 6, text: say(words.markEnd) },
              ],
            }}
          />
        </section>
      </main>
    </Layout>
  )
}
