// The three columns: who can change what goes in, who can observe what comes out, who can move it into production. Each way is a line that opens its because.
import type { ReactElement } from 'react'
import { Icon } from '../../../design/icon.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import type { Directory } from '../names.ts'
import { briefWay } from '../ways.tsx'
import { Environments, Who } from '../who.tsx'
import { ToxicBadge } from './badge.tsx'
import { type Holder, holdersIn, keyOf, type Leg, legs, meanings, type Path, type Toxic } from './narrow.ts'

interface ColumnsProps {
  readonly paths: readonly Path[]
  readonly toxic: readonly Toxic[]
  readonly of: Directory
  readonly onOpen: (key: string) => void
  /** Whether the filters leave something out, so that an empty column does not mean nobody. */
  readonly isNarrowed: boolean
  /** Whether it is about breaking the glass, so that those ways lie open. */
  readonly isGlass: boolean
}

/** Through what somebody has a way, in few words. */
export function via({ grants, policies, ways }: Path): string {
  const more = Math.max(ways.length, grants.length) - 1
  const others = more > 0 ? `, and ${counted(more, 'other way')}` : ''
  const said = briefWay(ways)
  if (said !== undefined) return `${said}${others}`
  const [first] = grants
  if (first === undefined) return policies[0] ?? 'its own'
  const what = first.role === null ? counted(first.actions.length, 'single action') : `role ${first.role}`
  return `${first.through === null ? '' : 'in a group, '}${what}${others}`
}

/** When somebody last went a way, or that nobody ever did. */
export function LastUsed({ at }: { readonly at: string | null }): ReactElement {
  if (at === null) return <span className="text-faint">never used</span>
  return (
    <span>
      used <When at={at} />
    </span>
  )
}

function Way({ path, of, onOpen }: { readonly path: Path; readonly of: Directory; readonly onOpen: (key: string) => void }): ReactElement {
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 border-t border-line/70 py-1.5">
      <div className="min-w-0">
        <span className="block">{meanings[path.action] ?? path.action}</span>
        <span className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5 text-tiny text-soft">
          <span>{via(path)}</span>
          <LastUsed at={path.lastUsed} />
        </span>
        <span className="mt-0.5 block">
          {path.environments.length > 0 ? <Environments ids={path.environments} of={of} none="" /> : null}
        </span>
      </div>
      <button
        type="button"
        data-item=""
        onClick={() => onOpen(keyOf(path))}
        className="self-start rounded-mark px-1.5 py-0.5 text-small font-medium text-accent hover:bg-hover"
        aria-label={`Why can ${visible(path.principal.name)} ${meanings[path.action] ?? path.action}?`}
      >
        Why?
      </button>
    </li>
  )
}

function HolderPart({
  holder,
  leg,
  of,
  onOpen,
  isOpen,
}: Pick<ColumnsProps, 'of' | 'onOpen'> & { readonly holder: Holder; readonly leg: Leg; readonly isOpen: boolean }): ReactElement {
  const { id, name, owner, toxic, held, byGlass } = holder
  const ways = (paths: readonly Path[]): ReactElement => (
    <ul className="pl-[18px]">
      {paths.map((path) => (
        <Way key={keyOf(path)} path={path} of={of} onOpen={onOpen} />
      ))}
    </ul>
  )
  return (
    <li className="py-2.5">
      <div className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5 pb-1">
        <Who id={id} name={name} of={of} strong />
        {toxic === undefined ? null : <ToxicBadge of={toxic} here={leg} />}
        {owner === null ? null : (
          <span className="inline-flex items-baseline gap-1.5 text-tiny text-soft">
            owned by <Who id={owner} of={of} />
          </span>
        )}
      </div>
      {held.length === 0 ? null : ways(held)}
      {byGlass.length === 0 ? null : (
        <details className="mt-0.5" open={isOpen}>
          <summary className="ml-[18px] w-fit rounded-mark py-0.5 text-small text-accent">
            {held.length === 0 ? counted(byGlass.length, 'way') : counted(byGlass.length, 'more way')} by breaking the glass
          </summary>
          {ways(byGlass)}
        </details>
      )}
    </li>
  )
}

/** How many there are in a column: those who can as it is, and those who would have to break the glass first. */
function howMany(holders: readonly Holder[]): string {
  const held = holders.filter((one) => one.held.length > 0).length
  const glass = holders.length - held
  const some = held === 0 && glass > 0 ? 'nobody' : counted(held, 'identity', 'identities')
  return glass === 0 ? some : `${some}, ${glass} by breaking the glass alone`
}

/** The columns, side by side where there is room. */
export function Columns({ paths, toxic, of, onOpen, isNarrowed, isGlass }: ColumnsProps): ReactElement {
  return (
    <div className="grid gap-x-8 gap-y-7 md:grid-cols-3">
      {legs.map(({ leg, title, nobody }) => {
        const holders = holdersIn(leg, paths, toxic)
        return (
          <section key={leg} aria-label={title} className="min-w-0">
            <h2 className="flex flex-wrap items-baseline gap-x-2 border-b border-line pb-1.5 text-small font-semibold">
              {title}
              <span className="font-normal text-faint">{holders.length === 0 ? 'nobody' : howMany(holders)}</span>
            </h2>
            {holders.length === 0 ? (
              <p className={`flex items-start gap-1.5 py-3 ${isNarrowed ? 'text-soft' : 'text-good'}`}>
                {isNarrowed ? null : <Icon name="check" className="mt-0.5" />}
                {isNarrowed ? 'Nobody is left by these filters.' : nobody}
              </p>
            ) : (
              <ul className="divide-y divide-line">
                {holders.map((holder) => (
                  <HolderPart key={holder.id} holder={holder} leg={leg} of={of} onOpen={onOpen} isOpen={isGlass} />
                ))}
              </ul>
            )}
          </section>
        )
      })}
    </div>
  )
}
