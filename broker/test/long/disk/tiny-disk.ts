/**
 * A separate disk of a few megabytes: a tmpfs, which only root may mount, and only on Linux.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export class TinyDisk {
  readonly path: string

  /** Throws when this machine does not let us mount. */
  constructor(megabytes: number) {
    this.path = mkdtempSync(join(tmpdir(), 'offset-zero-disk-'))
    try {
      mount('-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', this.path)
    } catch (error) {
      rmSync(this.path, { recursive: true })
      throw error
    }
  }

  /** `ro` fails while a file is open for writing, by the kernel's rule; with `force` it succeeds, as on a disk with errors. */
  remount(mode: 'ro' | 'rw'): void {
    mount('-o', `remount,${mode}`, this.path)
  }

  end(): void {
    execFileSync('umount', ['-l', this.path])
    rmSync(this.path, { recursive: true, force: true })
  }
}

function mount(...args: string[]): void {
  execFileSync('mount', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

/** Undefined when disks can be mounted here, or why they can't. */
export function whyNoTinyDisk(): string | undefined {
  try {
    new TinyDisk(1).end()
    return undefined
  } catch (error) {
    return `a disk cannot be mounted here (${error instanceof Error ? error.message.split('\n').at(-2) : error})`
  }
}
