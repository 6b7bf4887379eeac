// Ids and digests: monospaced, copied by a button, whole where they are the subject.
import type { ReactElement } from 'react'
import { Copy } from './copy.tsx'
import { Link } from './link.tsx'

interface IdProps {
  readonly id: string
  /** Where its own view is. */
  readonly to?: string
  /** Without its button, in dense rows whose view has one. */
  readonly plain?: boolean
}

/** An id. */
export function Id({ id, to, plain = false }: IdProps): ReactElement {
  const text = <code className="font-mono text-tiny [overflow-wrap:anywhere]">{id}</code>
  return (
    <span className="inline-flex max-w-full items-center gap-0.5">
      {to === undefined ? text : <Link to={to}>{text}</Link>}
      {plain ? null : <Copy text={id} what={`the id ${id}`} />}
    </span>
  )
}

interface DigestProps {
  readonly digest: string
  /** Only its beginning, where it is not the subject: in tables. The whole is in the title and in the copy. */
  readonly brief?: boolean
}

const briefCharacters = 'sha256:'.length + 12

/** A digest: whole and wrapping, or brief in a table. */
export function Digest({ digest, brief = false }: DigestProps): ReactElement {
  return (
    <span className="inline-flex max-w-full items-start gap-0.5">
      <code className="min-w-0 font-mono text-tiny leading-6 break-all" title={brief ? digest : undefined}>
        {brief ? `${digest.slice(0, briefCharacters)}…` : digest}
      </code>
      <Copy text={digest} what="the digest" />
    </span>
  )
}
