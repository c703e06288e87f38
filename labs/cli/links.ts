/**
 * Addresses in a terminal. The address itself is always there to be read; where the terminal is known to take it, it is a
 * link as well (OSC 8), so that a click opens it.
 */
import { readRunning } from '../../scripts/running-file.mjs'
import type { LabText, Lang } from '../engine/lab.ts'

/** Terminals that say who they are and take OSC 8. Others make links of what looks like an address, or do nothing. */
export function takesLinks(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (env.FORCE_HYPERLINK !== undefined) return env.FORCE_HYPERLINK !== '0'
  if (!isTerminal || env.CI !== undefined || env.TERM === 'dumb') return false
  const program = env.TERM_PROGRAM ?? ''
  if (/^(iTerm\.app|vscode|WezTerm|Hyper|ghostty|WarpTerminal|Tabby|rio)$/.test(program)) return true
  if (/kitty|alacritty|ghostty|foot|wezterm/.test(env.TERM ?? '')) return true
  if (Number(env.VTE_VERSION ?? 0) >= 5000) return true
  return env.WT_SESSION !== undefined || env.KONSOLE_VERSION !== undefined || env.DOMTERM !== undefined
}

/** The text, as a link where that is possible. */
export const link = (text: string, address: string, isLink: boolean): string =>
  isLink ? `\u001b]8;;${address}\u0007${text}\u001b]8;;\u0007` : text

/** The site of `npm start` where one runs, else where it would be. */
export function siteAddress(lang: Lang): string {
  const site = readRunning()?.site ?? 'http://localhost:3000/'
  return lang === 'ru' ? `${site}ru/` : site
}

/** Whether a site of `npm start` runs that could answer there. */
export const isSiteUp = (): boolean => readRunning()?.site !== undefined

export const labAddress = (lab: LabText, lang: Lang): string =>
  `${siteAddress(lang)}labs/${lab.id}-${lab.slug}/`
