// The project that lists are narrowed to, chosen in this tab. It narrows what is shown and decides nothing.
import { organizationHere, session } from '../api/session.ts'
import { keep, kept, store } from '../api/store.ts'

const keyHere = (): string => `twinlock.project.${organizationHere() ?? ''}`

/** The id of the chosen project; undefined for every project. */
export const project = store<string | undefined>(undefined)

/** Narrows to a project, or to none. */
export function chooseProject(id: string | undefined): void {
  keep('sessionStorage', keyHere(), id)
  project.set(id)
}

// What was chosen in one organization means nothing in another: each gets back its own, before any view reads.
session.subscribe(() => project.set(kept('sessionStorage', keyHere())))
