// One grant beside the list: its facts, the reason that was written, the line of policy that it is; and taking it away, with who would lose what.
import type { ReactElement } from 'react'
import { useRead } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { Drawer } from '../../../design/because.tsx'
import { Code } from '../../../design/code.tsx'
import { Shown } from '../../../design/conditions.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Link, place } from '../../../design/link.tsx'
import { visible } from '../../../design/visible.ts'
import { useNow, When } from '../../../design/when.tsx'
import { GrantFacts } from '../grant-facts.tsx'
import type { Directory } from '../names.ts'
import { Who } from '../who.tsx'

interface GrantDrawerProps {
  readonly id: string
  readonly of: Directory
  readonly onClose: () => void
}

/** The drawer. */
export function GrantDrawer({ id, of, onClose }: GrantDrawerProps): ReactElement {
  const reading = useRead('grant:show', { grant: id }, { every: false })
  const now = useNow()
  return (
    <Drawer title="Grant" isOpen onClose={onClose}>
      <Shown of={reading} what="the grant">
        {(grant) => {
          const { principal, principalName, reason, createdAt, revokedAt, expiresAt, policy } = grant
          const isOver = revokedAt !== null || (expiresAt !== null && Date.parse(expiresAt) <= now)
          return (
            <>
              <Facts>
                <Fact name="To">
                  <Who id={principal} name={principalName} of={of} strong />
                </Fact>
              </Facts>
              <GrantFacts grant={grant} of={of} />
              <Facts>
                <Fact name="Given">
                  <When at={createdAt} />
                </Fact>
                <Fact name="Why">
                  {reason === null ? (
                    <span className="text-faint">None on file: it was erased, or a mapping or an invitation gave this and says why.</span>
                  ) : (
                    <bdi>{visible(reason)}</bdi>
                  )}
                </Fact>
                {revokedAt === null ? null : (
                  <Fact name="Taken away">
                    <When at={revokedAt} />
                  </Fact>
                )}
              </Facts>
              <p className="mt-5 mb-1 text-small text-soft">The line of policy that permits it:</p>
              <Code text={visible(policy)} label="the policy" />
              <p className="mt-5 flex flex-wrap gap-x-4 gap-y-1">
                {isOver ? null : (
                  <Link to={place('/access/what-if', {}, { change: 'take', grant: id })}>Who would lose what without it</Link>
                )}
                <Link to={place('/access/blast', {}, { of: principal })}>What its holder reaches</Link>
                <Link to={place('/audit', {}, { resource: id })}>Entries about it</Link>
              </p>
              <div className="mt-5">
                <TakeAway grant={id} notNow={isOver ? 'It is over.' : undefined} onDone={onClose} />
              </div>
            </>
          )
        }}
      </Shown>
    </Drawer>
  )
}

interface TakeAwayProps {
  readonly grant: string
  readonly notNow?: string | undefined
  readonly onDone?: () => void
}

/** Taking a grant away. */
export function TakeAway({ grant, notNow, onDone }: TakeAwayProps): ReactElement {
  return (
    <Act
      action="grant:revoke"
      label="Take it away"
      title="Take the grant away"
      weight="danger"
      input={(reason) => ({ grant, reason })}
      reason="Why it is taken away; goes on the record."
      notNow={notNow}
      before={<p>Nothing is admitted under it any more, from the moment that the answer is there. It is not given back: give it anew.</p>}
      after={({ revokedAt }) => (
        <p>
          It is taken away, <When at={revokedAt} />.
        </p>
      )}
      {...(onDone === undefined ? {} : { onDone })}
    />
  )
}
