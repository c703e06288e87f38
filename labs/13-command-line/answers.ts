/**
 * Lab 13: answers of `stuck`, held against the model's. When they differ, a twist of the model that gives the same answers to
 * all questions of the check is what is told.
 */
import { compareTable } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Text } from '../engine/text.ts'
import type { Trial } from '../engine/trial.ts'
import { type Question, type Seen, stuckIn, type Twist } from './model.ts'
import type { CommandLine, Stuck } from './subject.ts'

const left = [
  { en: 'topic', ru: 'топик' },
  { en: 'partition', ru: 'партиция' },
  { en: 'before', ru: 'before' },
  { en: 'after', ru: 'after' },
] as const

const inWords = ({ topic, partition, why }: Stuck) =>
  `${topic} ${typeof partition === 'number' ? partition : show(partition)} ${why}`

/** `isOrdered`: the order counts as well. */
export function compareStuck<Said extends Twist>(
  t: Trial<Said | 'differs'>,
  subject: CommandLine,
  {
    questions,
    twists,
    isOrdered = false,
  }: {
    readonly questions: readonly Question[]
    readonly twists: readonly Said[]
    readonly isOrdered?: boolean
  },
): void {
  const answers = questions.map(({ before, after }) => subject.stuck(before, after))
  const lines = (list: readonly Stuck[]) => {
    const words = list.map(inWords)
    return (isOrdered ? words : words.toSorted()).join('\n')
  }
  const said = answers.map(lines)
  const wrong = questions.findIndex((question, i) => said[i] !== lines(stuckIn(question)))
  t.check(questions.length > 0, 'differs')
  const [question, answer] = [questions[wrong], answers[wrong]]
  if (question === undefined || answer === undefined) return
  const twist = twists.find((one) => questions.every((each, i) => said[i] === lines(stuckIn(each, one))))
  const wanted = stuckIn(question)
  const facts = {
    wanted: wanted.length,
    got: answer.length,
    expected: listed(wanted),
    list: listed(answer),
    ...factsOf(question, wanted, answer),
  }
  t.check(false, twist ?? 'differs', facts, () => pictureOf(question, wanted, answer))
}

const none: Text = { en: 'none', ru: 'ни одной' }
const notNamed: Text = { en: 'nothing', ru: 'ничего' }
/** So many are named. */
const namedMax = 30
const listed = (list: readonly Stuck[]): Text => {
  const places = list.slice(0, namedMax).map(placeInWords).join(', ')
  if (places === '') return none
  const text = list.length > namedMax ? `${places}, …` : places
  return { en: text, ru: text }
}
const placeInWords = ({ topic, partition }: Stuck) => `${short(topic)}-${String(partition)}`
const short = (name: unknown) => {
  const text = String(name)
  return text.length > 24 ? `${text.slice(0, 23)}…` : text
}

/** The first partition that is named wrongly, or not named. */
function factsOf(
  { seen }: Question,
  wanted: readonly Stuck[],
  got: readonly Stuck[],
): Record<string, string | Text> {
  const one = seen.find((each) => whyIn(wanted, each) !== whyIn(got, each)) ?? seen[0]
  if (one === undefined) return {}
  return {
    place: `${short(one.topic)}-${one.partition}`,
    committed: numberInWords(one.after.committed),
    end: String(one.after.end),
    due: whyIn(wanted, one) ?? notNamed,
    said: whyIn(got, one) ?? notNamed,
  }
}

const numberInWords = (offset: bigint | undefined) => (offset === undefined ? '-' : String(offset))

const whyIn = (list: readonly Stuck[], { topic, partition }: Seen) =>
  list.find((each) => each.topic === topic && each.partition === partition)?.why

function pictureOf({ seen }: Question, wanted: readonly Stuck[], got: readonly Stuck[]) {
  const row = (one: Seen['before']) =>
    one === undefined
      ? '·'
      : `${numberInWords(one.committed)} / ${one.end}  ${one.member === undefined ? '-' : short(one.member)}`
  return compareTable(
    seen.map((one) => ({
      left: [short(one.topic), String(one.partition), row(one.before), row(one.after)],
      expected: whyIn(wanted, one) ?? '·',
      got: String(whyIn(got, one) ?? '·'),
    })),
    left,
  )
}
