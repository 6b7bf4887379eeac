// Every version of a scenario, newest first; each row leads to it.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { Digest } from '../../design/id.tsx'
import { Identity } from '../../design/identity.tsx'
import { place } from '../../design/link.tsx'
import { Section } from '../../design/page.tsx'
import { type Column, Table } from '../../design/table.tsx'
import { When } from '../../design/when.tsx'

/** A version as lists show it. */
export type ListedVersion = OutputOf<'scenario:list'>['items'][number]

const columnsOf = (shown: string): readonly Column<ListedVersion>[] => [
  {
    id: 'version',
    title: 'Version',
    by: ({ version }) => version,
    cell: ({ id, version, newest }) => (
      <span className="whitespace-nowrap">
        <span className="font-medium">{version}</span>{' '}
        <span className="text-faint">
          {newest ? 'newest' : ''}
          {newest && id === shown ? ', ' : ''}
          {id === shown ? 'shown here' : ''}
        </span>
      </span>
    ),
  },
  { id: 'digest', title: 'Digest', from: 'md', cell: ({ digest }) => <Digest brief digest={digest} /> },
  {
    id: 'author',
    title: 'Published by',
    by: ({ authorName, author }) => authorName ?? author,
    cell: ({ author, authorName }) => <Identity brief id={author} name={authorName} />,
  },
  { id: 'at', title: 'Published', from: 'sm', by: ({ createdAt }) => createdAt, cell: ({ createdAt }) => <When at={createdAt} /> },
]

/** The versions. */
export function Versions({ versions, shown }: { readonly versions: readonly ListedVersion[]; readonly shown: string }): ReactElement {
  return (
    <Section title="Versions" note={String(versions.length)}>
      <Table
        label="Versions"
        rows={versions}
        idOf={({ id }) => id}
        to={({ id }) => place('/scenarios/$scenario', { scenario: id })}
        columns={columnsOf(shown)}
      />
    </Section>
  )
}
