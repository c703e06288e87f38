/**
 * `npm run labs:check`: is the grader right? Runs every right solution, every wrong one and the starter of
 * every lab, and writes what the site shows.
 *
 *   npm run labs:check                  all labs as `npm test` does it, on other seeds: wrong ones in the tests that they name
 *   npm run labs:check -- 02            one lab
 *   npm run labs:check -- 02 --whole    wrong ones in all tests: none but the named ones may fail. Writes the kill matrix
 *   npm run labs:check -- --rounds 20   the whole matrix on more seeds, to hunt for flakes (3, if only --whole is given)
 *   npm run labs:check -- 02 --mutants  and small changes to the solution: does a test notice each?
 *
 * A lab with a `waived.ts` is held to the probe lists and the census of constants too (engine/check/handed.ts).
 */
import { parseArgs } from 'node:util'
import { findLab, labs } from '../engine/catalog.ts'
import { staleData, writeChecks, writeMatrix } from '../engine/check/data.ts'
import { waivedOf } from '../engine/check/handed.ts'
import { checkMutants } from '../engine/check/mutant-runs.ts'
import { checkRuns, quickPlan, wholePlan } from '../engine/check/runs.ts'
import { checkTexts, labFiles } from '../engine/check/texts.ts'
import type { LabText } from '../engine/lab.ts'

const { isWhole, rounds, hasMutants, chosen } = readOptions()

/** What was asked for. Ends the process with 3 and the usage, when a lab or a flag does not exist. */
function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        whole: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        mutants: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return endWithUsage(0)
    const rounds = Number(values.rounds ?? 3)
    if (!Number.isInteger(rounds) || rounds < 1)
      throw new Error(`--rounds ${values.rounds}: a whole number from 1 on`)
    const named = positionals.map((name) => {
      const lab = findLab(name)
      if (!lab) throw new Error(`no lab ${name}; there are ${labs.map(({ id }) => id).join(', ')}`)
      return lab
    })
    return {
      isWhole: values.whole || values.rounds !== undefined,
      rounds,
      hasMutants: values.mutants,
      chosen: named.length === 0 ? labs : named,
    }
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    return endWithUsage(3)
  }
}

function endWithUsage(code: number): never {
  const out = code === 0 ? process.stdout : process.stderr
  out.write('npm run labs:check -- [lab …] [--whole] [--rounds N] [--mutants]\n')
  process.exit(code)
}

/** Seeds other than those of `npm test`. */
const firstSeed = 501
let count = 0
const proven: LabText[] = []
for (const lab of chosen) {
  const startedAt = performance.now()
  const files = await labFiles(lab)
  const plan = isWhole ? wholePlan(lab, rounds) : quickPlan(lab, firstSeed)
  const dot = () => void (process.stdout.isTTY === true && process.stdout.write('.'))
  const waived = await waivedOf(lab)
  const faults = [...checkTexts(lab, files), ...(await checkRuns(lab, files, plan, waived, dot))]
  if (isWhole && faults.length === 0) proven.push(lab)
  if (hasMutants) {
    const score = await checkMutants(lab, waived ?? {}, plan.wrong[0] ?? 1, dot)
    process.stdout.write(`lab ${lab.id}: ${score.noticed} of ${score.mutants} mutants are noticed\n`)
    faults.push(...score.faults)
  }
  count += faults.length
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  const seeds = isWhole ? `all tests, ${rounds} seeds` : 'named tests'
  const what = `${files.right.length} right, ${files.wrong.length} wrong, ${seeds}, ${seconds} s`
  process.stdout.write(`lab ${lab.id} (${what}): ${faults.length === 0 ? 'ok' : `${faults.length} faults`}\n`)
  for (const fault of faults) process.stdout.write(`  ${fault}\n`)
}
writeChecks()
await writeMatrix(proven)
const stale = (await staleData()).filter((fault) => chosen.some(({ id }) => fault.includes(` ${id} `)))
for (const fault of stale) process.stdout.write(`${fault}\n`)
process.exitCode = count + stale.length === 0 ? 0 : 1
