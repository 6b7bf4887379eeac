// What stands against a grant: what is not yours to give, and duties that are kept apart and that somebody would hold together. What was declared apart stops it,
// unless it is passed over by name; that goes on the record.
import type { ReactElement } from 'react'
import { Icon } from '../../../design/icon.tsx'
import { Id } from '../../../design/id.tsx'
import { place } from '../../../design/link.tsx'
import { counted } from '../../../design/time.ts'
import type { Directory } from '../names.ts'
import { Tick } from '../tick.tsx'
import { Who } from '../who.tsx'

/** Duties that somebody would hold together. */
export interface Conflict {
  readonly name: string
  readonly stops: boolean
  readonly holder: string
  readonly grant: string
}

/** What somebody else has to give: whose key the asker brought, and how far it reaches. */
export interface OtherHand {
  readonly workloads: readonly string[]
  readonly stakes: readonly string[]
}

interface ConflictsProps {
  readonly of: { readonly missing?: readonly string[]; readonly otherHand?: OtherHand | null; readonly conflicts: readonly Conflict[] }
  readonly despite: readonly string[]
  readonly onDespite?: (names: readonly string[]) => void
  readonly directory: Directory
  /** Whether it is asked for, and not given: whose it is to give is said elsewhere. */
  readonly isAsked?: boolean
}

interface ConflictLineProps extends Omit<ConflictsProps, 'of' | 'isAsked'> {
  readonly name: string
  /** Who would hold both sides of it. */
  readonly met: readonly Conflict[]
}

function ConflictLine({ name, met, despite, onDespite, directory }: ConflictLineProps): ReactElement {
  const stops = met.some((one) => one.stops)
  // The product's own are named by their two roles, and never stop.
  const shipped = name.startsWith('shipped/') && !stops ? name.slice('shipped/'.length).split('-') : undefined
  return (
    <li className="border-b border-line/70 py-2 last:border-b-0">
      <p className={`flex items-baseline gap-x-1.5 ${stops ? 'text-bad' : 'text-warn'}`}>
        <Icon name={stops ? 'stop' : 'warn'} className="mt-0.5 self-start" />
        <span>
          <bdi className="font-medium">{shipped === undefined ? name : shipped.join(' and ')}</bdi>{' '}
          {stops ? 'is declared apart, and stops it' : 'are better held by two people'}
        </span>
      </p>
      <ul className="pl-[22px] text-small text-soft">
        {[...Map.groupBy(met, ({ holder }) => holder)].map(([holder, by]) => (
          <li key={holder} className="flex flex-wrap items-baseline gap-x-1.5">
            <Who id={holder} of={directory} /> holds the other side by
            <span className="inline-flex min-w-0 flex-wrap gap-x-2">
              {by.map(({ grant }) => (
                <Id key={grant} plain id={grant} to={place('/access/grants', {}, { grant })} />
              ))}
            </span>
          </li>
        ))}
      </ul>
      {stops && onDespite !== undefined ? (
        <div className="mt-1 ml-[22px]">
          <Tick on={despite.includes(name)} onChange={(on) => onDespite(on ? [...despite, name] : despite.filter((one) => one !== name))}>
            Give it in spite of that; it goes on the record
          </Tick>
        </div>
      ) : null}
    </li>
  )
}

function OtherHandLine({ of: { workloads, stakes }, directory }: { readonly of: OtherHand; readonly directory: Directory }): ReactElement {
  return (
    <div className="py-1">
      <p className="flex items-center gap-1.5 text-bad">
        <Icon name="stop" />
        It takes another administrator’s hand
      </p>
      <p className="flex flex-wrap items-baseline gap-x-1.5 pl-[22px] text-small text-soft">
        This reaches far: {stakes.join(', ')}. You brought the key of
        {workloads.map((id) => (
          <Who key={id} id={id} of={directory} />
        ))}
      </p>
    </div>
  )
}

/** What stands against it, or that nothing does. */
export function Conflicts({ of: { missing = [], otherHand = null, conflicts }, isAsked = false, ...rest }: ConflictsProps): ReactElement {
  return (
    <>
      {otherHand === null ? null : <OtherHandLine of={otherHand} directory={rest.directory} />}
      {isAsked ? null : missing.length === 0 ? (
        <p className="flex items-center gap-1.5 py-1 text-good">
          <Icon name="check" />
          All of it is yours to give.
        </p>
      ) : (
        <div className="py-1">
          <p className="flex items-center gap-1.5 text-bad">
            <Icon name="stop" />
            {counted(missing.length, 'action')} of it {missing.length === 1 ? 'is' : 'are'} not yours to give
          </p>
          <p className="pl-[22px]">
            {missing.map((one) => (
              <code key={one} className="mr-2 font-mono text-tiny">
                {one}
              </code>
            ))}
          </p>
        </div>
      )}
      {conflicts.length === 0 ? (
        <p className="flex items-center gap-1.5 py-1 text-good">
          <Icon name="check" />
          It brings no duties together that are kept apart.
        </p>
      ) : (
        <ul>
          {[...Map.groupBy(conflicts, ({ name }) => name)].map(([name, met]) => (
            <ConflictLine key={name} name={name} met={met} {...rest} />
          ))}
        </ul>
      )}
    </>
  )
}
