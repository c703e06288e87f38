import type { ReactNode } from 'react'
import { useSay } from '../i18n/locale'
import styles from './Myth.module.css'

const verdicts = {
  wrong: { en: 'Wrong', ru: 'Неверно' },
  half: { en: 'Half true', ru: 'Верно наполовину' },
  outdated: { en: 'Outdated', ru: 'Устарело' },
  invented: { en: 'Invented', ru: 'Выдумано' },
  right: { en: 'Right', ru: 'Верно' },
}

/** A claim as it circulates, the verdict on it, and (inside) what is so. */
export default function Myth(props: {
  verdict: keyof typeof verdicts
  says: string
  children: ReactNode
}): ReactNode {
  const say = useSay()
  return (
    <section className={styles.myth} data-verdict={props.verdict}>
      <p className={styles.says}>
        <q>{props.says}</q> <span className={styles.badge}>{say(verdicts[props.verdict])}</span>
      </p>
      {props.children}
    </section>
  )
}
