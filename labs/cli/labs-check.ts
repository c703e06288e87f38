/**
 * `npm run labs:check`: is the grader right? Runs every right solution, every wrong one and the starter of
 * every lab, and writes what the site shows. `npm test` does the same with fewer seeds (labs-check.test.ts).
 *
 *   npm run labs:check                  all labs, three seeds
 *   npm run labs:check -- 02            one lab
 *   npm run labs:check -- --rounds 20   more seeds, to hunt for flakes
 *   npm run labs:check -- 02 --mutants  and small changes to the solution: does a test notice each?
 *
 * A lab with a `waived.ts` is held to the probe lists and the census of constants too (engine/check/handed.ts).
 */
import { findLab, labs } from '../engine/catalog.ts'
import { writeData } from '../engine/check/data.ts'
import { checkHanded, waivedOf } from '../engine/check/handed.ts'
import { checkMutants } from '../engine/check/mutant-runs.ts'
import { checkRuns } from '../engine/check/runs.ts'
import { checkTexts, labFiles } from '../engine/check/texts.ts'
import { Session } from '../engine/grader.ts'

const argv = process.argv.slice(2)
const at = argv.indexOf('--rounds')
const rounds = at === -1 ? 3 : Number(argv[at + 1])
const named = argv.filter((word, i) => !word.startsWith('-') && i !== at + 1).map(findLab)
const chosen = named.length === 0 ? labs : named.filter((lab) => lab !== undefined)
if (chosen.length === 0 || !(rounds > 0)) {
  process.stderr.write('npm run labs:check -- [lab …] [--rounds N] [--mutants]\n')
  process.exit(3)
}

let count = 0
for (const lab of chosen) {
  const startedAt = performance.now()
  const files = await labFiles(lab)
  const seeds = Array.from({ length: rounds }, (_, i) => 1000 * Number(lab.id) + 7 * i + 1)
  const dot = () => void (process.stdout.isTTY === true && process.stdout.write('.'))
  const faults = [
    ...checkTexts(lab, files),
    ...(await checkRuns(lab, files, { seeds, wrongSeeds: rounds }, dot)),
  ]
  const waived = await waivedOf(lab)
  if (waived !== undefined) {
    const session = new Session(lab, { patienceMs: 8_000 })
    faults.push(...(await checkHanded(session, files.right[0] ?? '', seeds, waived)))
    session.stop()
  }
  if (argv.includes('--mutants')) {
    const score = await checkMutants(lab, waived ?? {}, seeds[0] ?? 1, dot)
    process.stdout.write(`lab ${lab.id}: ${score.noticed} of ${score.mutants} mutants are noticed\n`)
    faults.push(...score.faults)
  }
  count += faults.length
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  const what = `${files.right.length} right, ${files.wrong.length} wrong, ${rounds} seeds, ${seconds} s`
  process.stdout.write(`lab ${lab.id} (${what}): ${faults.length === 0 ? 'ok' : `${faults.length} faults`}\n`)
  for (const fault of faults) process.stdout.write(`  ${fault}\n`)
}
await writeData()
process.exitCode = count === 0 ? 0 : 1
