/** A file as text: vitest runs a suite again when a file that it imports changes. */
declare module '*?raw' {
  const text: string
  export default text
}
