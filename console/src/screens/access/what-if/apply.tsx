// Making the change that was asked about: the same act as anywhere else, decided by the server when it is done. What has a view of its own is done there.
import type { ReactElement } from 'react'
import { useRead } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { Link, place } from '../../../design/link.tsx'
import { visible } from '../../../design/visible.ts'
import { TakeAway } from '../grants/grant-drawer.tsx'
import type { Change, ChangeOf } from './change.ts'

function Join({ change: { kind, group, member } }: { readonly change: ChangeOf<'join'> | ChangeOf<'leave'> }): ReactElement {
  const isJoining = kind === 'join'
  return (
    <Act
      action={isJoining ? 'group:add' : 'group:remove'}
      label={isJoining ? 'Put into the group' : 'Take out of the group'}
      weight={isJoining ? 'primary' : 'danger'}
      input={() => ({ group, member })}
      before={
        <p>
          {isJoining
            ? 'Everything that the group holds is given, from the moment that the answer is there.'
            : 'Nothing is admitted through the group any more, from the moment that the answer is there.'}
        </p>
      }
      after={({ name, memberCount }) => (
        <p>
          <bdi>{visible(name)}</bdi> has {memberCount} in it now.
        </p>
      )}
    />
  )
}

/** Where a change that has a view of its own is made. */
function Elsewhere({ to, children }: { readonly to: string; readonly children: string }): ReactElement {
  return (
    <p>
      <Link to={to}>{children}</Link>
    </p>
  )
}

interface ApplyProps {
  readonly change: Change
  /** The query of the view: what a grant is made from. */
  readonly search: Readonly<Record<string, string | undefined>>
}

/** The way to make the change. */
export function Apply({ change, search }: ApplyProps): ReactElement {
  switch (change.kind) {
    case 'give': {
      const { change: _change, ...terms } = search
      return <Elsewhere to={place('/access/new-grant', {}, terms)}>Go on to give it</Elsewhere>
    }
    case 'take':
      return <TakeAway grant={change.grant} />
    case 'join':
    case 'leave':
      return <Join change={change} />
    case 'role':
      return <ApplyRole change={change} />
    case 'policy':
      return <ApplyPolicy change={change} />
    case 'owner':
      return <Offer change={change} />
    case 'dissolve':
      return <p className="text-small text-soft">A group is dissolved by taking everybody out of it, and its grants away.</p>
    case 'mapping':
      return <EndMapping change={change} />
    default:
      return <p className="text-small text-soft">This is done where the thing is.</p>
  }
}

/** Changing a role as it was asked about: what it holds now, with what it gains and without what it loses. */
function ApplyRole({ change: { role, add = [], remove = [], retire } }: { readonly change: ChangeOf<'role'> }): ReactElement {
  const roles = useRead('role:list', {}, { every: false })
  if (roles.state !== 'ready') return <p className="text-small text-soft">Reading the role…</p>
  const own = roles.data.items.find((one) => one.role === role)
  if (own === undefined) return <p className="text-small text-soft">A role that ships with the product does not change.</p>
  const actions = [...new Set([...own.actions.filter((one) => !remove.includes(one)), ...add])]
  if (retire === true)
    return (
      <Act
        action="role:retire"
        label="Retire the role"
        weight="danger"
        input={(reason) => ({ role, reason })}
        reason="Why it ends; goes on the record."
        before={<p>Every grant of it ends.</p>}
        after={({ ended }) => <p>It is retired; {ended} grants ended with it.</p>}
      />
    )
  return (
    <Act
      action="role:change"
      label="Change the role"
      weight="primary"
      input={(reason) => ({ role, actions, reason })}
      asked={{ role, reason: 'To see whether it is allowed.' }}
      reason="Why it changes; goes on the record."
      before={<p>Everybody who holds it follows it at once.</p>}
      after={({ version }) => <p>It is version {version} now.</p>}
    />
  )
}

/** Changing, or ending, a guardrail as it was asked about; one that is not there yet is drafted. */
function ApplyPolicy({
  change: { guardrail, policy, retire, environmentClasses, sensitivity },
}: {
  readonly change: ChangeOf<'policy'>
}): ReactElement {
  if (guardrail === undefined) return <Elsewhere to={place('/access/new-guardrail', {}, { policy })}>Go on to draft it</Elsewhere>
  if (retire === true)
    return (
      <Act
        action="guardrail:retire"
        label="Retire the guardrail"
        weight="danger"
        input={(reason) => ({ guardrail, reason })}
        reason="Why it ends; goes on the record."
        before={<p>It forbids nothing any more.</p>}
        after={() => <p>It is retired.</p>}
      />
    )
  const held = {
    ...(environmentClasses === undefined ? {} : { environmentClasses }),
    ...(sensitivity === undefined ? {} : { sensitivity }),
  }
  if (policy === undefined && Object.keys(held).length === 0)
    return <Elsewhere to={place('/access/guardrails/$guardrail', { guardrail })}>Go on to the guardrail, to put it into force</Elsewhere>
  return (
    <Act
      action="guardrail:change"
      label="Change the guardrail"
      weight="primary"
      input={(reason) => ({ guardrail, ...(policy === undefined ? {} : { policy }), ...held, reason })}
      asked={{ guardrail, reason: 'To see whether it is allowed.' }}
      reason="Why it changes; goes on the record."
      before={<p>One that is in force stays so, with the new policy at once. It is refused when an example breaks.</p>}
      after={({ version }) => <p>It is version {version} now.</p>}
    />
  )
}

/** Ending a mapping, and with it everything that it gives. */
function EndMapping({ change: { mapping } }: { readonly change: ChangeOf<'mapping'> }): ReactElement {
  return (
    <Act
      action="mapping:retire"
      label="End the mapping"
      weight="danger"
      input={(reason) => ({ mapping, reason })}
      reason="Why it ends; goes on the record."
      before={<p>Everything that it gives ends with it.</p>}
      after={() => <p>It has ended.</p>}
    />
  )
}

/** Offering a thing to somebody who would answer for it; he accepts. */
function Offer({ change: { of, to } }: { readonly change: ChangeOf<'owner'> }): ReactElement {
  return (
    <Act
      action="ownership:offer"
      label="Offer it"
      title="Offer what is answered for"
      weight="primary"
      input={(reason) => ({ things: [of], to, reason })}
      reason="Why it is handed over; goes on the record."
      before={<p>It passes on when it is accepted; until then nothing changes.</p>}
      after={() => <p>It is offered.</p>}
    />
  )
}
