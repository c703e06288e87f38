import SearchPage from '@theme-original/SearchPage'
import { type ReactNode, useEffect } from 'react'

/** The search plugin's page has no main landmark; screen readers jump to it. It gets one here. */
export default function SearchPageWithMain(): ReactNode {
  useEffect(() => {
    document.getElementById('__docusaurus_skipToContent_fallback')?.setAttribute('role', 'main')
  }, [])
  return <SearchPage />
}
