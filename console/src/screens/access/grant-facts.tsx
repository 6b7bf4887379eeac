// A grant in facts: what it gives, on what, where, through which group, by whom, and from when to when.
import type { ReactElement } from 'react'
import { Fact, Facts } from '../../design/facts.tsx'
import { Icon } from '../../design/icon.tsx'
import { Id } from '../../design/id.tsx'
import { Link, place } from '../../design/link.tsx'
import { When } from '../../design/when.tsx'
import type { Directory } from './names.ts'
import { Environments, Scope, Who } from './who.tsx'

/** What views know of a grant. */
export interface KnownGrant {
  readonly id: string
  readonly role: string | null
  readonly actions: readonly string[]
  readonly customRole?: string | null
  readonly scope: { readonly type: string; readonly id: string }
  readonly environments: readonly string[]
  readonly notBefore: string | null
  readonly expiresAt: string | null
  readonly untilRun?: string | null
  readonly untilBatch?: string | null
  /** Whether its holder gave it to himself. */
  readonly breakGlass?: boolean
  /** The group that it was given to. */
  readonly through?: string | null
  readonly givenBy: string | null
  readonly givenByName?: string | null
}

/** What a grant gives: a role, or actions. */
export function Gives({
  grant: { role, customRole, actions },
}: {
  readonly grant: Pick<KnownGrant, 'role' | 'customRole' | 'actions'>
}): ReactElement {
  const name = role ?? customRole
  if (name !== null && name !== undefined)
    return (
      <span>
        <span className="text-soft">{role === null ? 'own role ' : 'role '}</span>
        <span className="font-medium">{name}</span>
      </span>
    )
  return (
    <span className="block min-w-0">
      {actions.map((one) => (
        <code key={one} className="mr-2 font-mono text-tiny [overflow-wrap:anywhere]">
          {one}
        </code>
      ))}
    </span>
  )
}

/** Says that somebody gave it to himself, and where that is reviewed. */
export function ByGlass(): ReactElement {
  return (
    <Link to={place('/access/requests', {}, { which: 'glass' })} className="inline-flex items-center gap-1 text-tiny text-warn">
      <Icon name="warn" className="size-3" />
      by break-glass
    </Link>
  )
}

/** When a grant ends: at a moment, with a run or a batch, or when somebody takes it away. */
export function Ends({
  grant: { expiresAt, untilRun, untilBatch },
}: {
  readonly grant: Pick<KnownGrant, 'expiresAt' | 'untilRun' | 'untilBatch'>
}): ReactElement {
  if (untilBatch)
    return (
      <span>
        when the last run of its <Link to={place('/batches/$batch', { batch: untilBatch })}>batch</Link> ends
      </span>
    )
  if (untilRun)
    return (
      <span>
        when its <Link to={place('/runs/$run', { run: untilRun })}>run</Link> ends
      </span>
    )
  if (expiresAt === null) return <span className="text-soft whitespace-nowrap">no end</span>
  return <When at={expiresAt} />
}

interface GrantFactsProps {
  readonly grant: KnownGrant
  readonly of: Directory
}

/** The facts. */
export function GrantFacts({ grant, of }: GrantFactsProps): ReactElement {
  const { id, through, scope, environments, notBefore, givenBy, givenByName } = grant
  return (
    <Facts>
      <Fact name="Grant">
        <Id id={id} />
      </Fact>
      <Fact name="Gives">
        <Gives grant={grant} />
        {grant.breakGlass === true ? (
          <span className="block">
            <ByGlass />
          </span>
        ) : null}
      </Fact>
      {through ? (
        <Fact name="Through the group">
          <Who id={through} of={of} />
        </Fact>
      ) : null}
      <Fact name="On">
        <Scope scope={scope} of={of} />
      </Fact>
      <Fact name="In">
        <Environments ids={environments} of={of} none="every environment" />
      </Fact>
      {notBefore === null ? null : (
        <Fact name="From">
          <When at={notBefore} />
        </Fact>
      )}
      <Fact name="Ends">
        <Ends grant={grant} />
      </Fact>
      {givenBy === null ? null : (
        <Fact name="Given by">
          <Who id={givenBy} name={givenByName} of={of} />
        </Fact>
      )}
    </Facts>
  )
}
