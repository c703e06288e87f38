/** What plugins/kafka-data.ts writes before the build; each component says what it expects. */
declare module '@generated/kafka-data/default/*.json' {
  const data: unknown
  export default data
}
