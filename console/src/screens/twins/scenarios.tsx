// The scenarios of a twin, each with its newest version, who published it, and the way to every older one and to what changed since.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { Digest } from '../../design/id.tsx'
import { Identity } from '../../design/identity.tsx'
import { Link, place } from '../../design/link.tsx'
import { When } from '../../design/when.tsx'

type ScenarioOfTwin = OutputOf<'twin:show'>['scenarios'][number]
const olderMax = 12

const at = (scenario: string, against?: string): string => place('/scenarios/$scenario', { scenario }, { against })

function Older({ versions }: { readonly versions: ScenarioOfTwin['versions'] }): ReactElement | null {
  if (versions.length === 0) return <span className="text-small text-faint">no older version</span>
  return (
    <span className="flex flex-wrap items-baseline gap-x-2 text-small text-soft">
      older:
      {versions.slice(0, olderMax).map(({ id, version }) => (
        <Link key={id} to={at(id)}>
          v{version}
        </Link>
      ))}
      {versions.length > olderMax ? <span className="text-faint">and {versions.length - olderMax} more</span> : null}
    </span>
  )
}

function Row({ scenario: { slug, versions } }: { readonly scenario: ScenarioOfTwin }): ReactElement | null {
  const sorted = [...versions].sort((one, other) => other.version - one.version)
  const [newest, ...older] = sorted
  if (newest === undefined) return null
  const [former] = older
  return (
    <li className="grid gap-x-6 gap-y-1 border-b border-line/70 py-2 last:border-b-0 md:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,2fr)]">
      <span className="min-w-0">
        <Link to={at(newest.id)} item className="font-medium">
          <bdi>{slug}</bdi>
        </Link>{' '}
        <span className="text-soft">version {newest.version}</span>
        <span className="block">
          <Digest brief digest={newest.digest} />
        </span>
      </span>
      <span className="min-w-0 text-small text-soft">
        <Identity brief id={newest.author} name={newest.authorName} />
        <span className="block">
          published <When at={newest.createdAt} />
        </span>
      </span>
      <span className="min-w-0">
        <Older versions={older} />
        {former === undefined ? null : (
          <Link to={at(newest.id, former.id)} className="text-small">
            What changed since v{former.version}
          </Link>
        )}
      </span>
    </li>
  )
}

/** The scenarios. */
export function Scenarios({ of: scenarios }: { readonly of: readonly ScenarioOfTwin[] }): ReactElement {
  return (
    <ul>
      {scenarios.map((scenario) => (
        <Row key={scenario.slug} scenario={scenario} />
      ))}
    </ul>
  )
}
