// Which projects somebody from elsewhere may reach: nothing reaches farther, whatever else is given to him.
import type { ReactElement } from 'react'
import { visible } from '../../design/visible.ts'
import { wordsIn } from '../access/grants/grant-terms.ts'
import type { Directory } from '../access/names.ts'
import { Ticks } from '../access/tick.tsx'

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
