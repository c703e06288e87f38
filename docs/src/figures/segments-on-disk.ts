import { offsetOfFile } from '../../../broker/src/log/files'

export interface SegmentOnDisk {
  baseOffset: number
  bytes: Uint8Array
}

/** The .log files of a partition's folder among those of a simulation, oldest first. Files that wait to be removed are left out. */
export function segmentsOf(
  files: readonly { path: string; bytes: Uint8Array }[],
  folder: string,
): SegmentOnDisk[] {
  const found: SegmentOnDisk[] = []
  for (const { path, bytes } of files) {
    const [name = '', within = ''] = path.split('/').toReversed()
    const baseOffset = within === folder ? offsetOfFile(name, 'log') : undefined
    if (baseOffset !== undefined) found.push({ baseOffset, bytes })
  }
  return found.toSorted((a, b) => a.baseOffset - b.baseOffset)
}
