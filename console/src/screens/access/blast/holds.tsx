// What a stolen identity holds: calls that it could make outside, credentials and runs that would have to end, what it answers for, what it could give to others.
import type { ReactElement } from 'react'
import { Icon } from '../../../design/icon.tsx'
import { Link, place } from '../../../design/link.tsx'
import { State } from '../../../design/state.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import type { Directory } from '../names.ts'
import { Environments, Scope, Who } from '../who.tsx'
import type { Told } from './told.ts'

const row = 'flex flex-wrap items-baseline gap-x-4 gap-y-0.5 border-b border-line/70 py-1.5 last:border-b-0'
const shown = 100

/** How many there are beyond those that are shown. */
function More({ all }: { readonly all: readonly unknown[] }): ReactElement | null {
  return all.length > shown ? <p className="py-1.5 text-small text-soft">and {counted(all.length - shown, 'more')}</p> : null
}

interface Of<T> {
  readonly of: readonly T[]
  readonly directory: Directory
}

/** Rules of what it could call outside. */
export function Calls({ of: calls, directory }: Of<Told['calls'][number]>): ReactElement {
  if (calls.length === 0) return <p className="text-soft">Nothing outside of Twinlock.</p>
  return (
    <>
      <ul>
        {calls.slice(0, shown).map(({ connection, environment, access, methods, path, holder }) => (
          <li key={`${connection.id} ${holder} ${methods.join()} ${path}`} className={row}>
            <Who id={connection.id} name={connection.name} of={directory} strong />
            <Environments ids={[environment]} of={directory} none="" />
            <span className={access === 'control' ? 'font-medium text-warn' : ''}>{access}</span>
            <code className="font-mono text-tiny [overflow-wrap:anywhere]">
              {methods.join(' ')} {visible(path)}
            </code>
            <span className="inline-flex items-baseline gap-1.5 text-small text-soft">
              as <Who id={holder} of={directory} />
            </span>
          </li>
        ))}
      </ul>
      <More all={calls} />
    </>
  )
}

/** Live credentials, and runs that act for it. */
export function Credentials({
  of: { credentials, runs },
  directory,
}: {
  readonly of: Told['holds']
  readonly directory: Directory
}): ReactElement {
  return (
    <>
      {credentials.length + runs.length === 0 ? <p className="py-1 text-soft">No live credential, and no live run.</p> : null}
      <ul>
        {credentials.slice(0, shown).map(({ kind, id, holder, environment, since, until }) => (
          <li key={`${kind} ${id} ${holder} ${since}`} className={row}>
            <span className="inline-flex items-center gap-1.5">
              <Icon name="key" className="text-soft" />
              {kind}
            </span>
            <span className="inline-flex items-baseline gap-1.5 text-small text-soft">
              of <Who id={holder} of={directory} />
            </span>
            {environment === null ? null : <Environments ids={[environment]} of={directory} none="" />}
            <span className="text-small text-soft">
              {until === null ? (
                'no end'
              ) : (
                <>
                  ends <When at={until} />
                </>
              )}
            </span>
          </li>
        ))}
        {runs.slice(0, shown).map(({ id, environment, state, as, twin }) => (
          <li key={id} className={row}>
            <Link to={place('/runs/$run', { run: id })}>
              <Who id={id} of={directory} />
            </Link>
            <span className="text-small text-soft">as its {as}</span>
            <State is={state} />
            <Who id={twin} of={directory} />
            <Environments ids={[environment]} of={directory} none="" />
          </li>
        ))}
      </ul>
      <More all={credentials} />
    </>
  )
}

/** What it answers for. */
export function Owns({ of: things, directory }: Of<Told['holds']['owns'][number]>): ReactElement | null {
  if (things.length === 0) return null
  return (
    <div className="mt-3">
      <p className="text-small text-soft">It answers for</p>
      <ul className="flex flex-wrap gap-x-5 gap-y-1 py-1">
        {things.slice(0, shown).map(({ id, name }) => (
          <li key={id}>
            <Who id={id} name={name} of={directory} />
          </li>
        ))}
      </ul>
      <More all={things} />
    </div>
  )
}

/** What it could give to others: how a theft goes on. */
export function Onward({ of: grants, directory }: Of<Told['onward'][number]>): ReactElement {
  if (grants.length === 0) return <p className="text-soft">Nothing: it can give nobody anything.</p>
  return (
    <ul>
      {grants.slice(0, shown).map(({ grant, roles, actions, scope }) => (
        <li key={grant} className={row}>
          <span>
            {roles.length > 0 ? `the ${roles.length === 1 ? 'role' : 'roles'} ${roles.join(', ')}` : counted(actions.length, 'action')}
          </span>
          <span className="inline-flex items-baseline gap-1.5">
            on <Scope scope={scope} of={directory} />
          </span>
          <Link to={place('/access/grants', {}, { grant })} className="text-small">
            by this grant
          </Link>
        </li>
      ))}
    </ul>
  )
}
