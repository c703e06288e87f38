import { Fragment, type ReactNode, useState } from 'react'
import { useSay } from '../../i18n/locale'
import { LogRow, type Row } from '../log/LogFigure'
import styles from '../StoryFigure.module.css'
import { useStory } from '../useStory'
import { words } from '../words'
import { COMMANDS, type Command, type CommandView, commandTexts, type PartitionView } from './commands'
import { changedWords, commandNotes, commandsWords } from './commands-words'

const RECORDS_MAX = 9

/** Output and rows are the broker's answers; what has changed is found by asking it before and after. */
export default function CommandFigureLive({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  const [commands, setCommands] = useState<readonly Command[]>([])
  const view = useStory('commands', { commands })?.at(-1)
  if (view === undefined) return <p className="oz-empty">{say(words.starting)}</p>
  const { last, printed, partitions, changed } = view
  return (
    <figure className={`oz-story ${styles.story}`}>
      <p className={styles.quiet}>{say(commandsWords.choose)}:</p>
      <p className={styles.commands}>
        {COMMANDS.map((command) => (
          <button
            key={command}
            type="button"
            disabled={!isPossible(view, command)}
            onClick={() => setCommands([...commands, command])}
          >
            <Words text={commandTexts[command]} />
          </button>
        ))}
      </p>
      <p className={styles.buttons}>
        <button
          type="button"
          disabled={commands.length === 0}
          onClick={() => setCommands(commands.slice(0, -1))}
        >
          {say(words.back)}
        </button>
        <button type="button" disabled={commands.length === 0} onClick={() => setCommands([])}>
          {say(words.restart)}
        </button>
      </p>
      {last !== null && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a screen that scrolls must be reachable by keyboard
        <section className={styles.screen} tabIndex={0} aria-label={say(commandsWords.screen)}>
          <pre>
            {`$ ${commandTexts[last]}\n`}
            {printed.length === 0 ? say(commandsWords.silent) : printed.join('\n')}
          </pre>
        </section>
      )}
      {partitions.map((partition, number) => (
        <LogRow key={`orders-${number}`} row={rowOf(number, partition, say(commandsWords.committed))} />
      ))}
      <p className={styles.news} role="status">
        {last === null ? (
          say(commandsWords.begun)
        ) : (
          <>
            {say(commandsWords.changed)}: <strong>{say(changedWords[changed])}</strong>.{' '}
            {say(commandNotes[last])}
          </>
        )}
      </p>
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

/** A line breaks between words only, and not at a hyphen. */
function Words({ text }: { text: string }): ReactNode {
  return text.split(' ').map((word) => (
    <Fragment key={word}>
      <span>{word}</span>{' '}
    </Fragment>
  ))
}

function isPossible({ partitions }: CommandView, command: Command): boolean {
  if (command === 'create') return partitions.length === 0
  if (partitions.length === 0) return false
  if (command === 'alter') return partitions.length === 1
  if (command === 'shrink') return partitions.length === 2
  return command !== 'produce' || partitions.every(({ values }) => values.length < RECORDS_MAX)
}

function rowOf(number: number, { values, committed }: PartitionView, name: string): Row {
  return {
    label: `orders-${number}`,
    cells: values.map((text, offset) => ({ offset, text })),
    marks: [
      ...(committed === null ? [] : [{ offset: committed, text: name }]),
      // The end keeps its place in the row, whatever points at it.
      { offset: values.length, text: '' },
    ],
  }
}
