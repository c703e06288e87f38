import { usePluginData } from '@docusaurus/useGlobalData'

/** What plugins/course-data.ts hands to the pages, already in the page's language. */
export interface CourseData {
  glossary: { terms: GlossaryTerm[] }
  quizzes: Record<string, { questions: QuizQuestion[] } | undefined>
  checks: Record<string, Check[] | undefined>
  killMatrix: Record<string, KillMatrixData | undefined>
}

export interface GlossaryTerm {
  id: string
  term: string
  definition: string
  variants?: string[]
  see?: string[]
}

export interface QuizQuestion {
  id: string
  ask: string
  options: { text: string; why: string; right?: boolean }[]
}

/** A check of a lab: after localise() a { id, en, ru } entry keeps both texts (it has three keys). */
export interface Check {
  id: string
  en: string
  ru: string
}

export interface KillMatrixData {
  tests: string[]
  rows: { file: string; kind: 'right' | 'wrong'; misconception?: string; killedBy: string[] }[]
}

export function useCourseData(): CourseData {
  return usePluginData('course-data') as CourseData
}
