// Acting in another organization. What is shown here means nothing there, so one arrives at the list of the same kind, without its filters.
import { withinConsole } from '../api/came-from.ts'
import { chooseOrganization, organizationHere } from '../api/session.ts'
import { useGo } from '../design/link.tsx'
import { placeOf } from './place-of.ts'
import { screens } from './screen.ts'

/** Switches to an organization by its id. */
export function useSwitch(): (organization: string) => void {
  const go = useGo()
  return (organization) => {
    if (organization === organizationHere()) return
    go(placeOf(withinConsole(window.location.pathname), screens) ?? '/')
    chooseOrganization(organization)
  }
}
