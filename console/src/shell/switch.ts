// Acting in another organization. What is shown here means nothing there, so one arrives at the list of the same kind, without its filters.
import { withinConsole } from '../api/came-from.ts'
import { chooseOrganization, organizationHere } from '../api/session.ts'
import { useGo } from '../design/link.tsx'
import { places } from './screen.ts'

/** The place of the navigation that a path lies in. */
export function placeOf(path: string): string {
  const within = withinConsole(path)
  return places.find(({ path: one }) => one !== '/' && (within === one || within.startsWith(`${one}/`)))?.path ?? '/'
}

/** Switches to an organization by its id. */
export function useSwitch(): (organization: string) => void {
  const go = useGo()
  return (organization) => {
    if (organization === organizationHere()) return
    go(placeOf(window.location.pathname))
    chooseOrganization(organization)
  }
}
