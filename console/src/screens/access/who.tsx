// Who holds something, and where it holds: the marks of their kinds with their names, or ids where no name is known.
import type { ReactElement } from 'react'
import { EnvironmentMark } from '../../design/environment-mark.tsx'
import { visible } from '../../design/visible.ts'
import { Thing } from '../audit/thing.tsx'
import type { Directory } from './names.ts'

interface WhoProps {
  readonly id: string
  readonly name?: string | null | undefined
  readonly of: Pick<Directory, 'nameOf'>
  /** Whether the name stands out: at the head of what is said of it. */
  readonly strong?: boolean
}

/** A person, workload, group or thing: shape, colour and name. */
export function Who({ id, name, of, strong = false }: WhoProps): ReactElement {
  const known = of.nameOf(id) ?? name // what somebody is called now, the same in every view
  return (
    <span className={strong ? 'font-semibold' : undefined}>
      <Thing id={id} name={known === undefined || known === null ? undefined : visible(known)} brief />
    </span>
  )
}

interface EnvironmentsProps {
  readonly ids: readonly string[]
  readonly of: Pick<Directory, 'nameOf' | 'classOf'>
  /** What an empty list means. */
  readonly none: string
}

/** Environments by their marks: those of simulation in one, each of production by itself. */
export function Environments({ ids, of, none }: EnvironmentsProps): ReactElement {
  if (ids.length === 0) return <span className="text-faint">{none}</span>
  const known = ids.flatMap((id) => {
    const kind = of.classOf(id)
    return kind === undefined ? [] : [{ id, kind, name: of.nameOf(id) ?? id }]
  })
  const simulation = known.filter(({ kind }) => kind !== 'production').map(({ name }) => name)
  return (
    <span className="inline-flex flex-wrap gap-1">
      {simulation.length === 0 ? null : <EnvironmentMark of="simulation" name={simulation.join(', ')} />}
      {known.map(({ id, kind, name }) => (kind === 'production' ? <EnvironmentMark key={id} of={kind} name={name} /> : null))}
      {ids.map((id) =>
        of.classOf(id) === undefined ? (
          <code key={id} className="font-mono text-tiny">
            {id}
          </code>
        ) : null,
      )}
    </span>
  )
}

interface ScopeProps {
  readonly scope: { readonly type?: string; readonly kind?: string; readonly id: string; readonly name?: string }
  readonly of: Pick<Directory, 'nameOf'>
}

/** On what it was given: the word of its kind, and its name. */
export function Scope({ scope, of }: ScopeProps): ReactElement {
  const word = (scope.type ?? scope.kind ?? '').toLowerCase()
  if (word === 'organization') return <span className="whitespace-nowrap">the organization</span>
  return (
    <span className="inline-flex min-w-0 flex-wrap items-baseline gap-x-1.5">
      <span className="text-soft">{word}</span>
      <Who id={scope.id} name={scope.name} of={of} />
    </span>
  )
}
