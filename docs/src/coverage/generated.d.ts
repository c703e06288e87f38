/** What plugins/coverage.ts writes before the build. */
declare module '@generated/coverage/default/coverage.json' {
  const data: unknown
  export default data
}
