// Where the console begins: the one-time token leaves the address first, then the page is drawn for whoever is signed in.
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { type ReactElement, StrictMode, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { makeQueryClient } from './api/queries.ts'
import { chooseOrganization, findSession, organizationHere, organizationIn, session } from './api/session.ts'
import { useStore } from './api/store.ts'
import { loadAgainWhenNewer } from './shell/newer-version.ts'
import { makeRouter } from './shell/router.tsx'
import { begin, SignIn } from './shell/sign-in.tsx'
import { wearKeptTheme } from './shell/theme.ts'

const beginning = begin()
wearKeptTheme()
loadAgainWhenNewer()
/** A step back may lead to what was seen in another organization. */
function followAddress(): void {
  const organization = organizationIn(window.location.search)
  if (organization !== undefined && organization !== organizationHere()) chooseOrganization(organization)
}
// The router is there first: drawn anew, it shows where it is, and would otherwise lead back to where it was.
window.addEventListener('popstate', () => setTimeout(followAddress))
const queries = makeQueryClient()
const router = makeRouter()
// What one organization showed is never shown in another: it is forgotten before any view of the other reads.
let shown: string | undefined
session.subscribe(() => {
  if (shown !== undefined && shown !== organizationHere()) queries.clear()
  shown = organizationHere()
})
// The view is loaded while it is looked who is signed in.
void router.preloadRoute({ to: window.location.pathname.replace(/^\/console/, '') || '/' }).catch(() => undefined)

/** Looks again whether somebody is signed in when the tab is looked at: a link may have been opened in another one. */
function useReturn(): void {
  useEffect(() => {
    const look = (): void => {
      const now = session.get()
      // A look that fails changes nothing: the page already says that nobody is signed in.
      if (!document.hidden && now.state === 'nobody') void findSession(now.why).catch(() => undefined)
    }
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
}

function Console(): ReactElement {
  const now = useStore(session)
  const here = now.state === 'somebody' ? now.here.id : undefined
  useReturn()
  if (here === undefined) return <SignIn beginning={beginning} />
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider key={here} router={router} />
    </QueryClientProvider>
  )
}

const place = document.getElementById('console')
if (place !== null)
  createRoot(place).render(
    <StrictMode>
      <Console />
    </StrictMode>,
  )
