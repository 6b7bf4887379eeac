// Promotions as a table: what would leave, where to and as whom, how it stands, and who asked. Each row leads to the review.
import type { ReactElement, ReactNode } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { EnvironmentMark } from '../../design/environment-mark.tsx'
import { Identity } from '../../design/identity.tsx'
import { place } from '../../design/link.tsx'
import { State } from '../../design/state.tsx'
import { type Column, Table } from '../../design/table.tsx'
import { When } from '../../design/when.tsx'

/** A promotion as lists show it. */
export type ListedPromotion = OutputOf<'promotion:list'>['items'][number]

/** What a promotion is called: what crosses, and the channel that it crosses on. */
export function nameOf({ twinName, twin, channel, environmentSlug }: ListedPromotion): string {
  return `${twinName ?? twin} to ${channel}@${environmentSlug}`
}

function Name({ promotion }: { readonly promotion: ListedPromotion }): ReactElement {
  return (
    <span className="block min-w-0">
      <bdi className="font-medium [overflow-wrap:anywhere]">{nameOf(promotion)}</bdi>
      <code className="block font-mono text-tiny text-faint [overflow-wrap:anywhere]">{promotion.id}</code>
    </span>
  )
}

const columns: readonly Column<ListedPromotion>[] = [
  { id: 'promotion', title: 'Promotion', cell: (promotion) => <Name promotion={promotion} />, by: nameOf },
  {
    id: 'state',
    title: 'State',
    by: ({ state }) => state,
    cell: ({ state, approvalsGiven, approvalsNeeded }) => (
      <span className="block">
        <State is={state} />
        {state === 'in_review' ? (
          <span className="block pl-5 text-tiny text-faint">
            {approvalsGiven} of {approvalsNeeded} approvals
          </span>
        ) : null}
      </span>
    ),
  },
  {
    id: 'to',
    title: 'Environment',
    from: 'sm',
    by: ({ environmentSlug }) => environmentSlug,
    cell: ({ environmentClass, environmentSlug }) => <EnvironmentMark of={environmentClass} name={environmentSlug} />,
  },
  {
    id: 'service',
    title: 'Service',
    from: 'md',
    by: ({ serviceName, service }) => serviceName ?? service,
    cell: ({ service, serviceName }) => <Identity brief id={service} name={serviceName} />,
  },
  {
    id: 'by',
    title: 'Requested by',
    from: 'lg',
    by: ({ requestedByName, requestedBy }) => requestedByName ?? requestedBy,
    cell: ({ requestedBy, requestedByName }) => <Identity brief id={requestedBy} name={requestedByName} />,
  },
  {
    id: 'asked',
    title: 'Requested',
    from: 'md',
    by: ({ requestedAt }) => requestedAt,
    cell: ({ requestedAt }) => <When at={requestedAt} />,
  },
]

interface PromotionTableProps {
  readonly promotions: readonly ListedPromotion[]
  readonly empty?: ReactNode
}

/** A table of promotions. */
export function PromotionTable({ promotions, empty }: PromotionTableProps): ReactElement {
  return (
    <Table
      label="Promotions"
      rows={promotions}
      idOf={({ id }) => id}
      to={({ id }) => place('/promotions/$promotion', { promotion: id })}
      columns={columns}
      empty={empty}
    />
  )
}
