// A thing that the ledger speaks of, by its id: the shape of its kind, its name, and where its own view is. Names are those of now; ids are what was recorded.
import type { ReactElement } from 'react'
import { session } from '../../api/session.ts'
import { useStore } from '../../api/store.ts'
import { Icon, type IconName } from '../../design/icon.tsx'
import { KindMark, kindOf, kindWord } from '../../design/kind.tsx'
import { Link, place } from '../../design/link.tsx'
import { visible } from '../../design/visible.ts'
import { viewOf } from '../../shell/view-of.ts'

const others: Readonly<Record<string, readonly [word: string, icon: IconName]>> = {
  org: ['organization', 'screen'],
  prj: ['project', 'menu'],
  env: ['environment', 'screen'],
  scn: ['scenario', 'play'],
  ast: ['asset', 'book'],
  bat: ['batch', 'stack'],
  con: ['connection', 'out'],
  cal: ['call', 'right'],
  art: ['artifact', 'box'],
  exp: ['export', 'out'],
  prm: ['promotion', 'gate'],
  grp: ['group', 'person'],
  eng: ['engagement', 'gate'],
  map: ['mapping', 'right'],
  grt: ['grant', 'key'],
  req: ['request', 'person'],
  ent: ['entry', 'book'],
  ses: ['session', 'lock'],
  sso: ['provider', 'lock'],
  dir: ['directory', 'book'],
  dom: ['domain', 'screen'],
  lnk: ['admin link', 'key'],
}

const otherOf = (id: string): readonly [word: string, icon: IconName] | undefined =>
  /^[a-z]{3}_/.test(id) ? others[id.slice(0, 3)] : undefined

/** The word of a thing's kind: by its id, else by the type that the entry gives it. */
export function thingWord(id: string, type = 'thing'): string {
  const kind = kindOf(id)
  return kind === undefined ? (otherOf(id)?.[0] ?? type.toLowerCase()) : kindWord(kind)
}

/** Whether an id can be traced through the ledger. */
export const isTraceable = (id: string): boolean => /^[a-z]{3}_[0-9a-z]{26}$/.test(id)

/** The mark of a thing's kind. The word is beside it, or is said to those who hear the page. */
export function ThingMark({ id, named = true }: { readonly id: string; readonly named?: boolean }): ReactElement {
  const kind = kindOf(id)
  if (kind !== undefined) return <KindMark kind={kind} named={named} />
  return (
    <span className="inline-flex shrink-0 text-soft">
      <Icon name={otherOf(id)?.[1] ?? 'dash'} className="size-3" />
      {named ? <span className="sr-only">{thingWord(id)} </span> : null}
    </span>
  )
}

interface ThingProps {
  readonly id: string
  readonly name: string | null | undefined
  /** Whether it leads to its view; in rows that lead elsewhere it does not. */
  readonly linked?: boolean
  /** In rows whose view says the whole: an id without a name as its kind and its last six places. */
  readonly brief?: boolean
}

const idTail = 6

/** What it is called here; undefined when only its id tells. The organization in which one is has the name that the shell shows. */
function useName(id: string, name: string | null | undefined): string | undefined {
  const now = useStore(session)
  if (name !== null && name !== undefined) return name
  return now.state === 'somebody' && now.here.id === id ? now.here.name : undefined
}

function Said({ id, name, brief }: { readonly id: string; readonly name: string | undefined; readonly brief: boolean }): ReactElement {
  if (name !== undefined) return <bdi className="[overflow-wrap:anywhere]">{visible(name)}</bdi>
  if (!isTraceable(id)) return <bdi className="[overflow-wrap:anywhere]">{id}</bdi>
  if (!brief) return <code className="font-mono text-tiny [overflow-wrap:anywhere]">{id}</code>
  return (
    <span className="whitespace-nowrap">
      {thingWord(id)} <code className="font-mono text-tiny text-soft">…{id.slice(-idTail)}</code>
    </span>
  )
}

/** A thing: its mark and its name, or its id where it has none. */
export function Thing({ id, name, linked = false, brief = false }: ThingProps): ReactElement {
  const known = useName(id, name)
  const to = linked ? viewOf(id) : undefined
  const said = <Said id={id} name={known} brief={brief} />
  return (
    <span className="inline-flex max-w-full min-w-0 items-baseline gap-1.5">
      <span className="relative top-px flex h-[1lh] items-center self-start">
        <ThingMark id={id} />
      </span>
      {to === undefined ? said : <Link to={to}>{said}</Link>}
    </span>
  )
}

/** Where else a thing is spoken of: its entries, and its lineage. */
export function Trails({ id }: { readonly id: string }): ReactElement {
  return (
    <span className="inline-flex flex-wrap gap-x-3 text-small">
      <Link to={place('/audit', {}, { resource: id })} className="inline-block py-1">
        Entries
      </Link>
      {isTraceable(id) ? (
        <Link to={place('/lineage/$subject', { subject: id })} className="inline-block py-1">
          Lineage
        </Link>
      ) : null}
    </span>
  )
}
