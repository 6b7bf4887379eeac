// Of whom a mapping speaks: a group, or people of whom a directory says something.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { visible } from '../../../design/visible.ts'
import { Thing } from '../../audit/thing.tsx'
import type { Attribute } from './draft.ts'

type Source = OutputOf<'mapping:show'>['source']

/** What people call the attributes that mappings ask for. */
export const attributeWords: Readonly<Record<Attribute, string>> = {
  title: 'title',
  userType: 'user type',
  department: 'department',
  division: 'division',
  costCenter: 'cost center',
  organization: 'organization',
}

interface SourceProps {
  readonly source: Source
  readonly linked?: boolean
}

/** Of whom. */
export function SourceOf({ source, linked = false }: SourceProps): ReactElement {
  if (source.kind === 'group')
    return (
      <span className="inline-flex flex-wrap items-baseline gap-x-1.5">
        <span className="text-soft">in</span>
        <Thing id={source.group} name={source.name === null ? null : visible(source.name)} linked={linked} brief />
        {source.directory === null ? null : <span className="text-tiny text-soft">said by a directory</span>}
      </span>
    )
  return (
    <span className="block">
      {source.when.map(({ attribute, oneOf }, at) => (
        <span key={attribute} className="block">
          <span className="text-soft">
            {at === 0 ? '' : 'and '}
            {attributeWords[attribute]}
          </span>{' '}
          {oneOf.map((value, place) => (
            <span key={value}>
              {place === 0 ? '' : <span className="text-soft"> or </span>}
              <bdi className="font-medium">{visible(value)}</bdi>
            </span>
          ))}
        </span>
      ))}
      <span className="block text-tiny text-soft">
        {source.directory === null ? 'whoever says so' : 'one directory’s, or connection’s, word alone'}
      </span>
    </span>
  )
}
