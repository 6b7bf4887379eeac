// Which projects somebody from elsewhere may reach, by name, and choosing them: nothing reaches farther, whatever else is given to him.
import type { ReactElement } from 'react'
import { visible } from '../../design/visible.ts'
import { wordsIn } from '../access/grants/grant-terms.ts'
import type { Directory } from '../access/names.ts'
import { Ticks } from '../access/tick.tsx'
import { Thing } from '../audit/thing.tsx'

interface ProjectsProps {
  readonly ids: readonly string[]
  readonly of: Directory
}

/** The projects, by name where that is known. */
export function Projects({ ids, of }: ProjectsProps): ReactElement {
  if (ids.length === 0) return <span className="text-faint">choose projects</span>
  return (
    <span className="inline-flex flex-wrap gap-x-4">
      {ids.map((id) => {
        const name = of.nameOf(id)
        return <Thing key={id} id={id} name={name === undefined ? null : visible(name)} brief />
      })}
    </span>
  )
}

interface ProjectsFieldProps {
  /** Ids with a space between them. */
  readonly value: string | undefined
  readonly onChange: (value: string | undefined) => void
  readonly of: Directory
  /** Only these can be chosen; all of them where it is left out. */
  readonly within?: readonly string[] | undefined
}

/** The field. */
export function ProjectsField({ value, onChange, of, within }: ProjectsFieldProps): ReactElement {
  return (
    <Ticks
      label="Projects"
      value={wordsIn(value)}
      onChange={(all) => onChange(all.length === 0 ? undefined : all.join(' '))}
      choices={of.projects
        .filter(({ id }) => within === undefined || within.includes(id))
        .map(({ id, name }) => ({ id, shown: <bdi>{visible(name)}</bdi> }))}
      hint="Nothing reaches farther than these, whatever else is given."
    />
  )
}
