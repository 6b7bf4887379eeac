// Where things have their own view, by the prefix of their id. Ids may be anybody's text: one that is none has no view.
import { place } from '../design/link.tsx'

const patterns: Readonly<Record<string, string>> = {
  run: '/runs/$id',
  bat: '/batches/$id',
  twn: '/twins/$id',
  scn: '/scenarios/$id',
  art: '/artifacts/$id',
  prm: '/promotions/$id',
  ent: '/audit/$id',
  grt: '/access/grants?grant=$id',
  per: '/people/$id',
  pip: '/people/workloads/$id',
  svc: '/people/workloads/$id',
  agt: '/people/workloads/$id',
  grp: '/people/groups/$id',
  gst: '/people/guests/$id',
  eng: '/people/engagements/$id',
  con: '/connections/$id',
  map: '/people/mappings/$id',
  sso: '/identity/$id',
  dir: '/identity/directories/$id',
  lnk: '/identity/links/$id',
}

/** The view of a thing by its id; undefined for an id whose thing has none. */
export function viewOf(id: string): string | undefined {
  const pattern = patterns[id.slice(0, 3)]
  return pattern === undefined || !/^[a-z]{3}_[0-9a-z]{26}$/.test(id) ? undefined : place(pattern, { id })
}
