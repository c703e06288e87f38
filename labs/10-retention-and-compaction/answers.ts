/**
 * Lab 10: answers of a function that computes, held against the model's. When one differs, a twist of the model that gives
 * the same answers to all questions of the check is what is told.
 */
import type { Picture } from '../engine/picture.ts'
import type { Facts, Trial } from '../engine/trial.ts'

export interface Comparison<Question, Answer, Twist extends string> {
  readonly questions: readonly Question[]
  readonly answers: readonly unknown[]
  /** The right answer, or that of a wrong belief. */
  readonly model: (question: Question, twist?: Twist) => Answer
  /** Tried in this order. */
  readonly twists: readonly Twist[]
  /** An answer as a line: two that are equal read alike. */
  readonly inWords: (answer: unknown) => string
  readonly facts: (question: Question, wanted: Answer, got: unknown) => Facts
  readonly picture: (question: Question, wanted: Answer, got: unknown) => Picture
}

/** Fails with the twist as its case, or with `differs`. */
export function compareAll<Question, Answer, Twist extends string>(
  t: Trial<Twist | 'differs'>,
  { questions, answers, model, twists, inWords, facts, picture }: Comparison<Question, Answer, Twist>,
): void {
  const wanted = questions.map((question) => model(question))
  const said = answers.map(inWords)
  const isRight = (i: number) => said[i] === inWords(wanted[i])
  const wrong = questions.map((_, i) => i).filter((i) => !isRight(i))
  t.check(true, 'differs')
  if (wrong.length === 0) return
  const explains = (twist: Twist) =>
    questions.every((question, i) => inWords(model(question, twist)) === said[i])
  const twist = twists.find(explains)
  // The smallest of those that differ is the easiest to read.
  const at = wrong.reduce(
    (best, i) => (sizeOf(questions[i]) < sizeOf(questions[best]) ? i : best),
    wrong[0] ?? 0,
  )
  const [question, right] = [questions[at] as Question, wanted[at] as Answer]
  const asked = { ...facts(question, right, answers[at]), count: wrong.length, all: questions.length }
  t.check(false, twist ?? 'differs', asked, () => picture(question, right, answers[at]))
}

const sizeOf = (question: unknown) => JSON.stringify(question).length
