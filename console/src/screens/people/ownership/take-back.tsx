// Taking an offer of something back before it is answered: by whoever answers for the thing, or an administrator.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { Act } from '../../../design/act.tsx'
import type { Column } from '../../../design/table.tsx'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { Thing } from '../../audit/thing.tsx'

/** A standing thing, with who answers for it and to whom it is offered. */
export type Owned = OutputOf<'ownership:list'>['items'][number]

/** The act; nothing where nothing is offered. */
function TakeBack({ of: { id, kind, name, offer } }: { readonly of: Owned }): ReactElement | null {
  if (offer === null) return null
  return (
    <Act
      action="ownership:withdraw"
      label="Take it back"
      title={`Take back the offer of ${visible(name)}`}
      input={(reason) => ({ things: [id], reason })}
      reason="Why it is not offered any more; goes on the record."
      before={
        <p>
          <bdi className="font-medium">{visible(offer.to.name)}</bdi> is no longer asked to answer for this {kind}. Whoever answers for it
          now goes on to, and what stands still goes on standing still.
        </p>
      }
      after={() => <p>It is offered to nobody.</p>}
    />
  )
}

/** To whom it is offered, since when; or who was asked last and did not take it over. */
function Offered({ of: owned }: { readonly of: Owned }): ReactElement {
  const { offer, declined } = owned
  if (offer !== null)
    return (
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="inline-flex min-w-0 flex-wrap items-baseline gap-x-1.5">
          <Thing id={offer.to.id} name={visible(offer.to.name)} linked /> <When at={offer.at} />
        </span>
        <TakeBack of={owned} />
      </span>
    )
  if (declined === null) return <span className="text-faint">nobody</span>
  return (
    <span className="block min-w-0">
      <span className="inline-flex min-w-0 flex-wrap items-baseline gap-x-1.5">
        <span className="text-warn">{declined.hasLeft ? 'nobody any more' : 'declined'}</span>
        <span>{declined.hasLeft ? 'asked was' : 'by'}</span>
        <Thing id={declined.by.id} name={visible(declined.by.name)} linked /> <When at={declined.at} />
      </span>
      {declined.reason === null ? null : (
        <bdi className="block text-small text-soft [overflow-wrap:anywhere]">{visible(declined.reason)}</bdi>
      )}
    </span>
  )
}

/** To whom each is offered, since when; and taking that back. */
export const offeredColumn: Column<Owned> = {
  id: 'offer',
  title: 'Offered to',
  by: ({ offer }) => offer?.to.name ?? '',
  cell: (owned) => <Offered of={owned} />,
}
