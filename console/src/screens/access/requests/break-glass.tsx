// Breaking the glass: giving oneself a role where nobody can be waited for. It is loud, short, and reviewed afterwards by somebody else.
import type { ReactElement } from 'react'
import { Act } from '../../../design/act.tsx'
import { Notice } from '../../../design/conditions.tsx'
import { Select } from '../../../design/field.tsx'
import { useGo } from '../../../design/link.tsx'
import { When } from '../../../design/when.tsx'
import { useView } from '../../../shell/view.ts'
import { AccessPage } from '../access-page.tsx'
import { scopeTypes, shippedRoles, wordsIn } from '../grants/grant-terms.ts'
import { EnvironmentFields, ScopeFields } from '../grants/terms-fields.tsx'
import { useDirectory } from '../names.ts'

const roles = shippedRoles.filter((one) => one !== 'admin')
const lengths = [
  { id: '5', name: '5 minutes' },
  { id: '15', name: '15 minutes' },
  { id: '30', name: '30 minutes' },
  { id: '60', name: 'One hour' },
] as const

/** The screen. */
export function BreakGlass(): ReactElement {
  const [search, change] = useView()
  const of = useDirectory(true, false)
  const go = useGo()
  const role = roles.find((one) => one === search.role)
  const minutes = Number(lengths.find(({ id }) => id === search.minutes)?.id ?? '15')
  const scopeType = scopeTypes.find((one) => one === search.scopeType) ?? 'Organization'
  const isWhole = role !== undefined && (scopeType === 'Organization' || search.scope !== undefined)
  return (
    <AccessPage title="Break the glass" below="/access/requests" line="Where something burns and nobody can be waited for.">
      <div className="max-w-xl">
        <Notice tone="warn" title="It is loud.">
          Everybody who could have approved it is told at once, and one of them reviews it afterwards. What was not justified ends, and
          stays on the record.
        </Notice>
        <div className="flex max-w-xs flex-col gap-4">
          <Select label="Role" value={role} onChange={(id) => change({ role: id })} choices={roles.map((id) => ({ id, name: id }))} />
          <ScopeFields search={search} change={change} of={of} />
          <EnvironmentFields search={search} change={change} of={of} />
          <Select label="For how long" value={String(minutes)} onChange={(id) => change({ minutes: id })} choices={lengths} />
          {isWhole ? (
            <Act
              action="grant:break-glass"
              label="Break the glass"
              weight="danger"
              input={(reason) => ({
                role,
                scopeType,
                ...(scopeType === 'Organization' || search.scope === undefined ? {} : { scope: search.scope }),
                environments: [...wordsIn(search.environments)],
                minutes,
                reason,
              })}
              asked={{ role, reason: 'To see whether it would be allowed.' }}
              reason="What burns, in at least 20 letters. Whoever reviews it reads it, and it goes on the record."
              before={<p>You hold it at once, for {minutes} minutes, and everybody who could have approved it is told.</p>}
              after={({ expiresAt, reviewBy }) => (
                <p>
                  You hold it; it ends <When at={expiresAt} />. It is reviewed before <When at={reviewBy} />.
                </p>
              )}
              onDone={() => go('/access')}
            />
          ) : (
            <p className="text-small text-soft">Choose the role, and what it is on.</p>
          )}
        </div>
      </div>
    </AccessPage>
  )
}
