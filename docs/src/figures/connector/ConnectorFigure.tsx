import { type ReactNode, useId, useState } from 'react'
import { useSay } from '../../i18n/locale'
import styles from '../StoryFigure.module.css'
import { fill } from '../words'
import { connectorTasks, WORKERS, type Worker } from './connector'
import { connectorWords } from './connector-words'

const MOST = 6

/** A sink connector: partitions are shared by tasks, and tasks by workers. No broker runs. */
export default function ConnectorFigure({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  const [partitions, setPartitions] = useState(4)
  const [tasksMax, setTasksMax] = useState(3)
  const [{ alive, before }, setWorkers] = useState<{ alive: readonly Worker[]; before: readonly Worker[] }>({
    alive: WORKERS,
    before: WORKERS,
  })
  const tasks = connectorTasks(partitions, tasksMax, alive, before)
  const busy = tasks.filter((task) => task.partitions.length > 0).length
  const toggle = (worker: Worker) =>
    setWorkers({
      before: alive,
      alive: WORKERS.filter((each) => (each === worker ? !alive.includes(each) : alive.includes(each))),
    })
  return (
    <figure className={`oz-story ${styles.story}`}>
      <div className={styles.sliders}>
        <Slider label={say(connectorWords.partitions)} value={partitions} onChange={setPartitions} />
        <Slider label={say(connectorWords.tasksMax)} value={tasksMax} onChange={setTasksMax} />
      </div>
      <fieldset className={styles.choice}>
        <legend>{say(connectorWords.workers)}</legend>
        {WORKERS.map((worker) => (
          <label key={worker}>
            <input
              type="checkbox"
              checked={alive.includes(worker)}
              disabled={alive.length === 1 && alive[0] === worker}
              onChange={() => toggle(worker)}
            />{' '}
            {worker}
          </label>
        ))}
      </fieldset>
      <ul className={styles.members}>
        {alive.map((worker) => (
          <li key={worker}>
            <strong>{fill(say(connectorWords.worker), { name: worker })}</strong>
            <ul className={styles.fits}>
              {tasks
                .filter((task) => task.worker === worker)
                .map(({ id, partitions: own, hasMoved }) => (
                  <li key={id}>
                    {fill(say(own.length > 0 ? connectorWords.task : connectorWords.idle), {
                      id,
                      partitions: own.join(', '),
                    })}
                    {hasMoved && ` (${say(connectorWords.moved)})`}
                  </li>
                ))}
              {tasks.every((task) => task.worker !== worker) && <li>{say(connectorWords.none)}</li>}
            </ul>
          </li>
        ))}
      </ul>
      <p role="status" className={styles.news}>
        {fill(say(connectorWords.summary), {
          busy,
          all: tasks.length,
          moved: tasks.filter(({ hasMoved }) => hasMoved).length,
        })}
      </p>
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

function Slider(props: { label: string; value: number; onChange: (value: number) => void }): ReactNode {
  const id = useId()
  return (
    <div>
      <label htmlFor={id}>{props.label}</label>
      <output htmlFor={id}>{props.value}</output>
      <input
        id={id}
        type="range"
        min={1}
        max={MOST}
        value={props.value}
        onChange={({ target }) => props.onChange(Number(target.value))}
      />
    </div>
  )
}
