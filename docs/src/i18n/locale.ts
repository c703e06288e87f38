import useDocusaurusContext from '@docusaurus/useDocusaurusContext'
import { bindProse } from '../../scripts/lib/typography.mjs'

/** One text in both languages. They stand side by side, so that neither is forgotten. */
export interface Text {
  en: string
  ru: string
}

/** Gives a function that picks the page's language out of a pair: `say({ en: 'Check', ru: 'Проверить' })`. */
export function useSay(): (text: Text) => string {
  const { i18n } = useDocusaurusContext()
  return (text) => (i18n.currentLocale === 'ru' ? bindProse(text.ru) : text.en)
}
