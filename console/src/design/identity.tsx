// An identity: shape, colour and name, and its SPIFFE id whole. Names are chosen by people and programs: they are text.
import { Fragment, type ReactElement, type ReactNode } from 'react'
import { Copy } from './copy.tsx'
import { type Kind, KindMark, kindOf } from './kind.tsx'
import { Link } from './link.tsx'
import { visible } from './visible.ts'

interface IdentityProps {
  readonly kind?: Kind | undefined
  /** What people call it. */
  readonly name?: string | null | undefined
  /** Its id, or its SPIFFE id where that is the only one. */
  readonly id: string
  readonly spiffeId?: string | null | undefined
  /** Where its own view is. */
  readonly to?: string
  /** On one line, without the SPIFFE id: in tables. */
  readonly brief?: boolean
  /** What stands beside the name: `you`, an end. */
  readonly children?: ReactNode
}

/** Who it is. */
export function Identity({ kind, name, id, spiffeId, to, brief = false, children }: IdentityProps): ReactElement {
  const shape = kind ?? kindOf(spiffeId ?? id) ?? 'service'
  const label = name ?? spiffeId?.split('/').slice(-1)[0] ?? id
  const said = <bdi className="font-medium [overflow-wrap:anywhere]">{visible(label)}</bdi>
  return (
    <span className="inline-flex max-w-full min-w-0 flex-col align-top">
      <span className="inline-flex min-w-0 items-baseline gap-1.5">
        <span className="relative top-px flex h-[1lh] items-center self-start">
          <KindMark kind={shape} />
        </span>
        {to === undefined ? (
          said
        ) : (
          <Link to={to} quiet>
            {said}
          </Link>
        )}
        {children}
      </span>
      {brief || !spiffeId ? null : <SpiffeId id={spiffeId} />}
    </span>
  )
}

/** The parts of a SPIFFE id, each with the dot or the slash behind it: it wraps between them as long as they fit. */
const partsOf = (id: string): readonly string[] => id.match(/^spiffe:\/\/[^./]*[./]?|[^./]+[./]*|[./]+/g) ?? [id]

/** A SPIFFE id, whole: it wraps and is never cut. */
export function SpiffeId({ id }: { readonly id: string }): ReactElement {
  return (
    <span className="flex min-w-0 items-start gap-1 pl-[18px] text-soft">
      <code className="min-w-0 font-mono text-tiny leading-5 [overflow-wrap:anywhere]">
        {partsOf(id).map((part, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one id have no other identity than their order.
          <Fragment key={at}>
            {part}
            <wbr />
          </Fragment>
        ))}
      </code>
      <Copy text={id} what="the SPIFFE id" />
    </span>
  )
}
