import { type ReactNode, useEffect, useState } from 'react'
import { useSay } from '../i18n/locale'
import { type QuizQuestion, useCourseData } from './courseData'
import styles from './Quiz.module.css'
import Rich from './Rich'

const words = {
  check: { en: 'Check', ru: 'Проверить' },
  right: { en: 'Right.', ru: 'Верно.' },
  wrong: { en: 'Not quite.', ru: 'Не совсем.' },
  rightAnswer: { en: 'The right answer:', ru: 'Правильный ответ:' },
  restart: { en: 'Start over', ru: 'Начать заново' },
  score: { en: 'Right answers', ru: 'Верных ответов' },
  missing: { en: 'No questions yet.', ru: 'Вопросов пока нет.' },
}

/** Answers given so far: question id → place of the chosen option. */
type Answers = Record<string, number>

/** The questions of docs/quizzes/<file>.yaml. What was answered survives a reload, in this browser only. */
export default function Quiz({ file }: { file: string }): ReactNode {
  const say = useSay()
  const quiz = useCourseData().quizzes[file]
  const [answers, setAnswers] = useStored(`oz.quiz.${file}`)
  if (quiz === undefined) return <p>{say(words.missing)}</p>
  const answered = quiz.questions.filter((question) => answers[question.id] !== undefined)
  const right = answered.filter((question) => question.options[answers[question.id]!]?.right)
  return (
    <div className={styles.quiz}>
      {quiz.questions.map((question) => (
        <Question
          key={question.id}
          name={`${file}-${question.id}`}
          question={question}
          answer={answers[question.id]}
          onAnswer={(place) => setAnswers({ ...answers, [question.id]: place })}
        />
      ))}
      <p className={styles.score}>
        {say(words.score)}: {right.length} / {quiz.questions.length}
        {answered.length > 0 && (
          <button type="button" className={styles.plain} onClick={() => setAnswers({})}>
            {say(words.restart)}
          </button>
        )}
      </p>
    </div>
  )
}

interface QuestionProps {
  name: string
  question: QuizQuestion
  answer: number | undefined
  onAnswer: (place: number) => void
}

function Question({ name, question, answer, onAnswer }: QuestionProps): ReactNode {
  const say = useSay()
  const [chosen, setChosen] = useState<number>()
  const done = answer !== undefined
  return (
    <fieldset className={styles.question} id={`quiz-${question.id}`}>
      <legend>
        <Rich text={question.ask} />
      </legend>
      {question.options.map((option, place) => (
        <label
          key={option.text}
          className={styles.option}
          data-mark={mark(option.right === true, place, answer)}
        >
          <input
            type="radio"
            name={name}
            disabled={done}
            checked={(answer ?? chosen) === place}
            onChange={() => setChosen(place)}
          />
          <span>
            <Rich text={option.text} />
          </span>
        </label>
      ))}
      {!done && (
        <button
          type="button"
          className={styles.check}
          disabled={chosen === undefined}
          onClick={() => chosen !== undefined && onAnswer(chosen)}
        >
          {say(words.check)}
        </button>
      )}
      <div aria-live="polite">{done && <Verdict question={question} answer={answer} />}</div>
    </fieldset>
  )
}

function Verdict({ question, answer }: { question: QuizQuestion; answer: number }): ReactNode {
  const say = useSay()
  const given = question.options[answer]
  const right = question.options.find((option) => option.right)
  if (given === undefined || right === undefined) return null
  if (given.right) {
    return (
      <p className={styles.verdict} data-right="true">
        <strong>{say(words.right)}</strong> <Rich text={given.why} />
      </p>
    )
  }
  return (
    <p className={styles.verdict}>
      <strong>{say(words.wrong)}</strong> <Rich text={given.why} /> <strong>{say(words.rightAnswer)}</strong>{' '}
      <Rich text={`${right.text} ${right.why}`} />
    </p>
  )
}

function mark(right: boolean, place: number, answer: number | undefined): string | undefined {
  if (answer === undefined) return undefined
  if (right) return 'right'
  return place === answer ? 'wrong' : undefined
}

/** State that outlives the page. The first render is empty, as on the server; the stored one follows. */
function useStored(key: string): [Answers, (next: Answers) => void] {
  const [answers, setAnswers] = useState<Answers>({})
  useEffect(() => {
    try {
      setAnswers(JSON.parse(localStorage.getItem(key) ?? '{}') as Answers)
    } catch {
      setAnswers({})
    }
  }, [key])
  const store = (next: Answers) => {
    setAnswers(next)
    try {
      localStorage.setItem(key, JSON.stringify(next))
    } catch {
      // A browser that forbids storage still lets you answer; it only forgets.
    }
  }
  return [answers, store]
}
