/**
 * What each kind of system does by itself, need by need. A table of judgements, without a broker: what has to be built
 * on top counts as half, what works against the system as no.
 */

/** What a case may need. */
export const NEEDS = [
  'readers',
  'replay',
  'keyOrder',
  'throughput',
  'tasks',
  'delay',
  'reply',
  'devices',
  'lookup',
  'large',
  'fewMessages',
] as const
export type Need = (typeof NEEDS)[number]

/** Kinds of systems, not products. */
export const TOOLS = ['kafka', 'queue', 'database', 'http', 'mqtt', 'objects'] as const
export type Tool = (typeof TOOLS)[number]

export type Fit = 'yes' | 'half' | 'no'

/** For each need the fit of each tool, in the order of TOOLS. */
const FITS: Readonly<Record<Need, readonly [Fit, Fit, Fit, Fit, Fit, Fit]>> = {
  readers: ['yes', 'half', 'half', 'no', 'yes', 'half'],
  replay: ['yes', 'no', 'yes', 'no', 'no', 'yes'],
  keyOrder: ['yes', 'half', 'yes', 'no', 'half', 'no'],
  throughput: ['yes', 'half', 'half', 'half', 'half', 'no'],
  tasks: ['half', 'yes', 'yes', 'half', 'no', 'no'],
  delay: ['no', 'yes', 'yes', 'no', 'no', 'no'],
  reply: ['no', 'half', 'no', 'yes', 'half', 'no'],
  devices: ['no', 'half', 'no', 'yes', 'yes', 'no'],
  lookup: ['no', 'no', 'yes', 'half', 'no', 'half'],
  large: ['no', 'no', 'half', 'yes', 'no', 'yes'],
  fewMessages: ['half', 'yes', 'yes', 'yes', 'yes', 'half'],
}

/** How well the tool serves this need. */
export function fitOf(need: Need, tool: Tool): Fit {
  return FITS[need][TOOLS.indexOf(tool)] ?? 'no'
}

/** The tools that serve all of these needs at least by half, best first: fewer halves first, then the order of TOOLS. */
export function candidates(needs: readonly Need[]): Tool[] {
  const halves = (tool: Tool) => needs.filter((need) => fitOf(need, tool) === 'half').length
  return TOOLS.filter((tool) => needs.every((need) => fitOf(need, tool) !== 'no')).sort(
    (a, b) => halves(a) - halves(b),
  )
}
