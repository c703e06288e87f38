/**
 * What a lab is made of, as types: its words, its suite, its implementations.
 *
 *   labs/NN-slug/<file>.ts        what the learner edits
 *   labs/NN-slug/lab.ts           every word a learner reads, in both languages (LabText)
 *   labs/NN-slug/suite.ts         the tests (Suite): they judge an implementation, not a file
 *   solutions/NN-slug/starter.ts  the pristine starter: what `reset` restores and `npm test` judges
 *   solutions/NN-slug/solution.ts, right/*.ts, wrong/*.ts
 *
 * - a test id appears in `LabText.tests` and in `Suite.tests`, or in neither (the compiler sees to it)
 * - a suite imports nothing from solutions/, and no implementation imports another
 *
 * LAB-2  a word for learners exists in `en` and in `ru`, or not at all
 */
import type { FindingKind } from './findings.ts'
import type { Shape } from './subject/shapes.ts'
import type { Text } from './text.ts'
import type { Trial } from './trial.ts'

export type { Lang, Text } from './text.ts'

/** A hint: a sentence or two, and lines of code that are shown as they are. */
export interface Hint extends Text {
  /** TypeScript, indented by two spaces; in both languages when it holds comments. */
  readonly code?: string | Text
}

/** A nudge, the concept, nearly the code. */
export type Hints = readonly [Hint, Hint, Hint]

/** One way in which a test can fail: what happened; and why, and what to try, if they are true of this way only. */
export interface CaseText extends Text {
  readonly why?: Text
  readonly try?: Text
}

/** The words of one test: what it checks, and what to say when it does not hold. */
export interface TestText {
  /** What is checked, as a sentence that is true of right code. Stands on the lab's page. */
  readonly name: Text
  /** Ids of the promises (`LabText.promises`) that this test judges. */
  readonly promises?: readonly string[]
  /** Why Kafka does it so: shown for cases without a `why` of their own, so it must be true of each of them. */
  readonly why?: Text
  /** What to try next: the same. */
  readonly try?: Text
  /** What happened, by case; `{fact}` is filled in. A case called `order` is about order, not about a value. */
  readonly says: Readonly<Record<string, CaseText>>
  /** Hints for whoever fails this test; the lab's general ones are shown where there are none. */
  readonly hints?: Hints
  /** Tests whose failure explains this one's. */
  readonly needs?: readonly string[]
}

export interface LabText {
  readonly id: string
  readonly slug: string
  /** The file that the learner edits, in labs/<id>-<slug>/. */
  readonly file: string
  readonly track: 'use' | 'build'
  readonly title: Text
  readonly summary: Text
  /** The functions that the file must export. */
  readonly exports: readonly string[]
  /**
   * What the lab's page promises and the tests judge, by id: one sentence each, which stands on the page word for
   * word. A test and a wrong solution belong to each.
   */
  readonly promises?: Readonly<Record<string, Text>>
  /** Hints about the lab as a whole. */
  readonly hints: Hints
  /** After green: one task that goes on from here; nothing grades it. */
  readonly stretch?: Text
  /** How long one call of the learner's functions may take, ms, as the page says it; 8 s when it says nothing. */
  readonly callMs?: number
  /** Values that the page and the starter show; the dice never throws them. */
  readonly examples: readonly (string | number)[]
  readonly tests: Readonly<Record<string, TestText>>
}

/** What surrounds the implementation while it is judged. */
export interface Surroundings {
  /** A cluster to talk to instead of a broker in this process (`--bootstrap`). */
  readonly bootstrap?: string | undefined
  /** How long one test may take, ms. */
  readonly patienceMs: number
  /** There is time before the file comes: run through client and broker once, so that both are warm. */
  readonly isRehearsed?: boolean
}

/** Cases that a test of a lab may report. */
export type CaseOf<L extends LabText, T extends keyof L['tests']> = L['tests'][T] extends TestText
  ? keyof L['tests'][T]['says'] & string
  : never

/** How the learner's functions are called, whatever the test. */
export interface Calls {
  /** What each export gives, as the page promises; answers of other types never reach a test. */
  readonly gives: Readonly<Record<string, Shape>>
  /** Calls are synchronous (the judge waits, asleep), or each gives a promise. */
  readonly wants: 'value' | 'promise'
  /** Functions are handed a kafkajs client. */
  readonly isClientNeeded: boolean
  /** Tests that need the bench: they meet a network, and are not run twice. */
  readonly onBench: readonly string[]
  /** Functions whose answer depends on their arguments alone: each call is made twice, with equal arguments. */
  readonly pure: readonly string[]
  /** How many instances its tests start in one run: so many threads are made ready while there is time. */
  readonly instances: number
  /** The test that is blamed for what is noticed in any call, by kind; kinds that are left out are not judged. */
  readonly blames: Readonly<Partial<Record<FindingKind, string>>>
}

export interface Suite<Subject = never, Bench = never> {
  readonly lab: LabText
  readonly calls: Calls
  /** Tests run side by side (they wait for a broker), or one after the other. */
  readonly parallel: boolean
  /** Starts what the tests share; what it throws is the environment's fault, not the learner's. */
  readonly open: (surroundings: Surroundings) => Promise<Bench>
  readonly close: (bench: Bench) => Promise<void>
  readonly tests: Readonly<
    Record<string, (trial: Trial<string>, subject: Subject, bench: Bench) => void | Promise<void>>
  >
}

/** Declares a suite; the compiler holds test ids and cases against the lab's words. */
export function defineSuite<const L extends LabText, Subject, Bench = undefined>(
  lab: L,
  suite: {
    readonly gives: { readonly [E in L['exports'][number]]: Shape }
    readonly wants?: 'value' | 'promise'
    readonly isClientNeeded?: boolean
    readonly instances?: number
    readonly pure?: readonly L['exports'][number][]
    readonly onBench?: readonly (keyof L['tests'] & string)[]
    readonly blames?: Readonly<Partial<Record<FindingKind, keyof L['tests'] & string>>>
    readonly parallel?: boolean
    readonly open?: (surroundings: Surroundings) => Promise<Bench>
    readonly close?: (bench: Bench) => Promise<void>
    readonly tests: {
      readonly [T in keyof L['tests']]: (
        trial: Trial<CaseOf<L, T>>,
        subject: Subject,
        bench: Bench,
      ) => void | Promise<void>
    }
  },
): Suite<Subject, Bench> {
  return {
    lab,
    calls: {
      gives: suite.gives,
      wants: suite.wants ?? 'value',
      isClientNeeded: suite.isClientNeeded ?? false,
      instances: suite.instances ?? 0,
      pure: suite.pure ?? [],
      onBench: suite.onBench ?? [],
      blames: suite.blames ?? {},
    },
    parallel: suite.parallel ?? false,
    open: suite.open ?? (() => Promise.resolve(undefined as Bench)),
    close: suite.close ?? (() => Promise.resolve()),
    tests: suite.tests as unknown as Suite<Subject, Bench>['tests'],
  }
}

/** The tag that every file under solutions/NN-slug/wrong/ exports as `wrong`. */
export interface Wrong {
  /** An id for the misconception, kebab-case; several files may share one. */
  readonly misconception: string
  /** What someone who writes this believes. */
  readonly belief: Text
  /** The tests that must fail: these, and no others. */
  readonly fails: readonly string[]
  /** The promises of the page that it breaks (`LabText.promises`). */
  readonly breaks?: readonly string[]
  /**
   * A call of it never ends, or takes many times as long as the page allows: the quick runs of labs:check wait for it a
   * shorter time than the page does (engine/check/runs.ts).
   */
  readonly hangs?: true
  /** What the test that is explained must say, on every seed: a case of the lab's text or a kind of failure; with the test's id before it (`read-late.early`), it must be this test. */
  readonly explains?: string
}
