/**
 * The learner's file as one module of JavaScript, ready to be imported by a thread that knows no TypeScript.
 *
 *   partitioner.ts, ./helper.ts, ./words --esbuild--> one module, with a source map --import--> worker
 *
 * tsx would do the same by hooks in each thread, and start a compiler for each: threads that are ready at once are what lets
 * a check start instances of its own. The result is the same, for tsx is esbuild: enums, decorators, imports with and
 * without extension. Stacks name the lines of the source, by the source map.
 *
 * - packages stay outside, and are the ones that the thread itself uses
 * - a module's name is the hash of its text: what was made before is not written again
 *
 * BUNDLE-1  what esbuild cannot read is reported with file, line and column, and no module is made
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type BuildFailure, build } from 'esbuild'

/** Where and why a file cannot be read. */
export interface BuildTrouble {
  /** Absolute path; line and column from 1. Left out when esbuild names no place. */
  readonly place?: { readonly file: string; readonly line: number; readonly column: number }
  readonly message: string
}

const dayMs = 86_400_000
const folder = fileURLToPath(new URL('../../../node_modules/.cache/offset-zero-labs/', import.meta.url))
let isSwept = false

/** The folder of modules that were made; those of another day are removed. */
function modulesFolder(): string {
  if (isSwept) return folder
  isSwept = true
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const writtenMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    if (Date.now() - writtenMs > dayMs) rmSync(path, { force: true })
  }
  return folder
}

/** Makes a module of a file and all that it imports. Gives its URL, or what keeps it from being read. */
export async function bundled(
  file: string,
  of: 'learner' | 'worker' = 'learner',
): Promise<{ readonly url: string } | { readonly trouble: BuildTrouble }> {
  const mapped = {
    sourcemap: 'inline',
    sourcesContent: false,
    // The file lies elsewhere than its bundle.
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(file).href) },
  } as const
  try {
    const { outputFiles } = await build({
      entryPoints: [file],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      target: `node${process.versions.node}`,
      outfile: join(modulesFolder(), 'module.mjs'),
      logLevel: 'silent',
      ...(of === 'learner' ? mapped : {}),
    })
    const text = outputFiles[0]?.text ?? ''
    const path = join(modulesFolder(), `${createHash('sha1').update(text).digest('hex')}.mjs`)
    if (!existsSync(path)) {
      const temporary = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}`
      writeFileSync(temporary, text)
      renameSync(temporary, path)
    }
    return { url: pathToFileURL(path).href }
  } catch (error) {
    return { trouble: troubleOf(error) }
  }
}

let worker: Promise<URL> | undefined

/** The thread's own program as a module; made once. */
export function workerModule(): Promise<URL> {
  worker ??= bundled(fileURLToPath(new URL('./worker.ts', import.meta.url)), 'worker').then((made) => {
    if ('url' in made) return new URL(made.url)
    throw new Error(`worker: ${made.trouble.message}`)
  })
  return worker
}

function troubleOf(error: unknown): BuildTrouble {
  const [first] = (error as Partial<BuildFailure>).errors ?? []
  if (first === undefined) return { message: error instanceof Error ? error.message : String(error) }
  const { location, text } = first
  if (location === null) return { message: text }
  const { file, line, column } = location
  return { message: text, place: { file: resolve(file), line, column: column + 1 } }
}
