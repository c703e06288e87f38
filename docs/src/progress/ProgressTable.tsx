import Link from '@docusaurus/Link'
import type { PropSidebarItem } from '@docusaurus/plugin-content-docs'
import { useDocsSidebar } from '@docusaurus/plugin-content-docs/client'
import { type ChangeEvent, type ReactNode, useEffect, useState } from 'react'
import { type CourseData, useCourseData } from '../components/courseData'
import { fill } from '../figures/words'
import { type Text, useSay } from '../i18n/locale'
import styles from './ProgressTable.module.css'
import { clearProgress, exportProgress, importProgress, type Progress, readProgress } from './progress'

const words = {
  page: { en: 'Page', ru: 'Страница' },
  state: { en: 'How far', ru: 'Что сделано' },
  answers: { en: '{right} right of {all}', ru: 'верных ответов: {right} из {all}' },
  passed: { en: 'passed', ru: 'пройдена' },
  notYet: { en: '–', ru: '–' },
  save: { en: 'Save as a file', ru: 'Сохранить в файл' },
  load: { en: 'Load a file', ru: 'Загрузить файл' },
  clear: { en: 'Forget everything', ru: 'Забыть всё' },
  loaded: {
    en: 'Loaded. Quizzes: {quizzes}, labs: {labs}.',
    ru: 'Загружено. Проверок: {quizzes}, лабораторных: {labs}.',
  },
  notProgress: {
    en: '{name} is neither a file saved here nor labs/.progress.json. Nothing has changed.',
    ru: 'Файл {name} сохранён не здесь, и это не labs/.progress.json. Ничего не изменилось.',
  },
  forbidden: {
    en: 'This browser does not let the site remember anything.',
    ru: 'Этот браузер не разрешает сайту ничего запоминать.',
  },
  cleared: { en: 'Forgotten.', ru: 'Забыто.' },
} satisfies Record<string, Text>

const NOTHING: Progress = { quizzes: {}, labs: {} }

/** Every page of the path that has a quiz or is a lab, and how far the reader is; saved to a file, and loaded from one. */
export default function ProgressTable(): ReactNode {
  const say = useSay()
  const { quizzes } = useCourseData()
  const pages = linksOf(useDocsSidebar()?.items ?? [])
  const [progress, setProgress] = useState(NOTHING)
  const [news, setNews] = useState('')
  const withStore = (act: (store: Storage) => string) => {
    try {
      setNews(act(localStorage))
      setProgress(readProgress(localStorage))
    } catch {
      setNews(say(words.forbidden))
    }
  }
  useEffect(() => withStore(() => ''), [])
  const load = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0]
    if (file === undefined) return
    const text = await file.text()
    target.value = ''
    withStore((store) => {
      const counts = importProgress(store, text)
      return counts ? fill(say(words.loaded), counts) : fill(say(words.notProgress), { name: file.name })
    })
  }
  return (
    <>
      <div className={styles.buttons}>
        <button type="button" onClick={() => withStore((store) => saveFile(exportProgress(store)))}>
          {say(words.save)}
        </button>
        <label className={styles.load}>
          {say(words.load)}
          <input type="file" accept="application/json,.json" onChange={load} />
        </label>
        <button
          type="button"
          onClick={() =>
            withStore((store) => {
              clearProgress(store)
              return say(words.cleared)
            })
          }
        >
          {say(words.clear)}
        </button>
      </div>
      <p role="status">{news}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{say(words.page)}</th>
            <th scope="col">{say(words.state)}</th>
          </tr>
        </thead>
        <tbody>
          {pages
            .filter(({ name }) => quizzes[name] !== undefined || labOf(name) !== undefined)
            .map(({ href, label, name }) => (
              <tr key={href}>
                <td>
                  <Link to={href}>{label}</Link>
                </td>
                <td>{stateOf(name, progress, quizzes, say)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </>
  )
}

function stateOf(
  name: string,
  progress: Progress,
  quizzes: CourseData['quizzes'],
  say: (text: Text) => string,
): string {
  const lab = labOf(name)
  if (lab !== undefined) return say(progress.labs[lab]?.passedAt === undefined ? words.notYet : words.passed)
  const answers = progress.quizzes[name] ?? {}
  const questions = quizzes[name]?.questions ?? []
  const given = questions.filter(({ id }) => answers[id] !== undefined)
  if (given.length === 0) return say(words.notYet)
  const right = given.filter(({ id, options }) => options[answers[id]!]?.right).length
  return fill(say(words.answers), { right, all: questions.length })
}

/** '02' of the page of lab 02. */
function labOf(name: string): string | undefined {
  return /^(\d\d)-/.exec(name)?.[1]
}

function linksOf(items: readonly PropSidebarItem[]): { href: string; label: string; name: string }[] {
  return items.flatMap((item) => {
    if (item.type === 'category') return linksOf(item.items)
    if (item.type !== 'link') return []
    return [{ href: item.href, label: item.label, name: item.href.split('/').filter(Boolean).at(-1) ?? '' }]
  })
}

/** Offers the text as a file; the browser saves it where it saves downloads. */
function saveFile(text: string): string {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = 'offset-zero-progress.json'
  link.click()
  URL.revokeObjectURL(url)
  return ''
}
