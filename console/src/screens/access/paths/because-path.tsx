// Why somebody has a way: from the action down to the grant, the group that it came through, and the line of policy that the decision was made by.
import type { ReactElement, ReactNode } from 'react'
import { useRead } from '../../../api/queries.ts'
import { Drawer } from '../../../design/because.tsx'
import { Code } from '../../../design/code.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Icon } from '../../../design/icon.tsx'
import { Link, place } from '../../../design/link.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { GrantFacts } from '../grant-facts.tsx'
import type { Directory } from '../names.ts'
import { Ways } from '../ways.tsx'
import { Environments, Who } from '../who.tsx'
import { legs, legWord, meanings, type Path, type Toxic } from './narrow.ts'

interface BecausePathProps {
  readonly path: Path
  readonly toxic: Toxic | undefined
  readonly of: Directory
  readonly onClose: () => void
}

/** A part of the drawer, below a hairline. */
function Part({ title, note, children }: { readonly title: string; readonly note?: string; readonly children: ReactNode }): ReactElement {
  return (
    <section className="mt-5">
      <h3 className="mb-1.5 border-b border-line pb-1 text-small font-semibold">
        {title} {note === undefined ? null : <span className="font-normal text-faint">{note}</span>}
      </h3>
      {children}
    </section>
  )
}

function TogetherWith({ toxic: { legs: on, workloads }, of }: { readonly toxic: Toxic; readonly of: Directory }): ReactElement {
  return (
    <div className="mb-4 border-l-2 border-bad pl-3">
      <p className="flex items-center gap-1.5 font-medium text-bad">
        <Icon name="warn" />
        Toxic: {on.map((leg) => legWord[leg]).join(' and ')} in one hand
      </p>
      <p className="mt-0.5 text-small">
        Whoever holds this identity can do {on.length === 3 ? 'all three' : 'both'} without anybody else.
        {workloads.length === 0 ? null : ' It takes the workloads that it owns:'}
      </p>
      {workloads.length === 0 ? null : (
        <ul className="mt-1">
          {workloads.map((id) => (
            <li key={id}>
              <Who id={id} of={of} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Elsewhere({ path }: { readonly path: Path }): ReactElement {
  const { principal, grants } = path
  const [first] = grants
  return (
    <p className="mt-5 flex flex-wrap gap-x-4 gap-y-1">
      {first === undefined ? null : (
        <Link to={place('/access/what-if', {}, { change: 'take', grant: first.id })}>Who would lose what without this grant</Link>
      )}
      <Link to={place('/access/blast', {}, { of: principal.id })}>What it reaches if it is stolen</Link>
      <Link to={place('/audit', {}, { principal: principal.id })}>What it did</Link>
    </p>
  )
}

/** The drawer. */
export function BecausePath({ path, toxic, of, onClose }: BecausePathProps): ReactElement {
  const { principal, owner, action, grants, policies, conditions, environments, lastUsed } = path
  const others = policies.filter((id) => !grants.some((grant) => grant.id === id))
  return (
    <Drawer
      title={`Why ${visible(principal.name)} can ${legs.find(({ leg }) => leg === path.leg)?.does ?? 'do this'}`}
      isOpen
      onClose={onClose}
    >
      {toxic === undefined ? null : <TogetherWith toxic={toxic} of={of} />}
      <Facts>
        <Fact name="Who">
          <Who id={principal.id} name={principal.name} of={of} strong />
        </Fact>
        {owner === null ? null : (
          <Fact name="Owned by">
            <Who id={owner} of={of} />
          </Fact>
        )}
        <Fact name="Can">
          {meanings[action] ?? action} <code className="font-mono text-tiny text-soft">{action}</code>
        </Fact>
        <Fact name="Where">
          <Environments ids={environments} of={of} none="it happens in no environment" />
        </Fact>
        <Fact name="Last used">
          <When at={lastUsed} none="never, by the ledger" />
        </Fact>
      </Facts>
      {path.ways.length === 0 ? null : (
        <Part title={path.ways.length === 1 ? 'The way' : `${path.ways.length} ways`}>
          <Ways from={principal} ways={path.ways} of={of} />
        </Part>
      )}
      {grants.map((grant, at) => (
        <Part key={grant.id} title={grants.length === 1 ? 'Because of this grant' : `Because of grant ${at + 1} of ${grants.length}`}>
          <GrantFacts grant={grant} of={of} />
          <GrantPolicy grant={grant.id} />
        </Part>
      ))}
      {others.length === 0 ? null : (
        <Part title="Because of what ships with the product" note={counted(others.length, 'policy', 'policies')}>
          {others.map((id) => (
            <div key={id} className="py-1">
              <code className="font-mono text-tiny [overflow-wrap:anywhere]">{id}</code>
            </div>
          ))}
        </Part>
      )}
      <Part title="Under which conditions" {...(conditions.length === 0 ? {} : { note: 'what guardrails hold back all the same' })}>
        {conditions.length === 0 ? (
          <p className="text-soft">None: no guardrail speaks of this action.</p>
        ) : (
          <ul className="list-disc space-y-0.5 pl-5">
            {conditions.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        )}
      </Part>
      <Elsewhere path={path} />
    </Drawer>
  )
}

/** The line of policy that a grant is; nothing where this person may not read grants. */
function GrantPolicy({ grant }: { readonly grant: string }): ReactElement | null {
  const reading = useRead('grant:show', { grant }, { every: false })
  if (reading.state !== 'ready') return null
  return (
    <div className="mt-2">
      <p className="mb-1 text-small text-soft">The line of policy that permits it:</p>
      <Code text={visible(reading.data.policy)} label="the policy" />
    </div>
  )
}
