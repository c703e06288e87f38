/**
 * What a lab does not try, with the reason for each: `labs/NN-slug/waived.ts` exports it as `waived`. labs:check asks
 * for all else, and complains about a reason that is not needed any more.
 */
export interface Waived {
  /** Places among the arguments whose numbers are offsets: `createLog.0`. */
  readonly offsets?: readonly string[]
  /** `murmur2.0: 1 MB` or, for all of a place, `movedKeys.1: *`. */
  readonly probes?: Readonly<Record<string, string>>
  /** Places that are handed over and never vary: `createPartitioner().0.partitionMetadata[].leader`. */
  readonly constants?: Readonly<Record<string, string>>
  /** Mutants of the solution that pass: `count < 1 -> count <= 1`. */
  readonly mutants?: Readonly<Record<string, string>>
}
