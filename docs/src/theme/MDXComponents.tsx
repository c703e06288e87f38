import Glossary from '@site/src/components/Glossary'
import Interview from '@site/src/components/Interview'
import KillMatrix from '@site/src/components/KillMatrix'
import LabChecks from '@site/src/components/LabChecks'
import Myth from '@site/src/components/Myth'
import Playground from '@site/src/components/Playground'
import Quiz from '@site/src/components/Quiz'
import Term from '@site/src/components/Term'
import WideTable from '@site/src/components/WideTable'
import LogFigure from '@site/src/figures/log/LogFigure'
import MDXComponents from '@theme-original/MDXComponents'

/** Components that every page may use without an import. docs/README.md lists them. */
export default {
  ...MDXComponents,
  Glossary,
  Interview,
  KillMatrix,
  LabChecks,
  LogFigure,
  Myth,
  Playground,
  Quiz,
  Term,
  table: WideTable,
}
