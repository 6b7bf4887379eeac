// What a change would come to: who loses what and who gains what, before anything is done; now, and when something that it is about begins. The server reads the store
// as if the change had been made.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useRead } from '../../../api/queries.ts'
import { Partial, Shown } from '../../../design/conditions.tsx'
import { Icon } from '../../../design/icon.tsx'
import { Section } from '../../../design/page.tsx'
import { counted } from '../../../design/time.ts'
import { When } from '../../../design/when.tsx'
import type { Directory } from '../names.ts'
import { Environments, Scope, Who } from '../who.tsx'
import type { Change } from './change.ts'
import { byPrincipal, type DifferenceLine, type Differer, type Differing } from './differences.ts'

const actionsShown = 6
const differersShown = 50

function Line({
  line: { scope, environments, actions, from, through },
  of,
}: {
  readonly line: DifferenceLine
  readonly of: Directory
}): ReactElement {
  const [some, rest] = [actions.slice(0, actionsShown), actions.slice(actionsShown)]
  const list = (names: readonly string[]): ReactElement[] =>
    names.map((one) => (
      <code key={one} className="mr-2.5 inline-block font-mono text-tiny">
        {one}
      </code>
    ))
  return (
    <li className="py-1">
      <span className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5 text-small text-soft">
        <span className="inline-flex flex-wrap items-baseline gap-x-1.5">
          on <Scope scope={scope} of={of} />
        </span>
        {environments.length === 0 ? null : <Environments ids={environments} of={of} none="" />}
        {from === null || from === 'public' ? null : <span>for what is {from} and above</span>}
        {through === null ? null : (
          <span className="inline-flex items-baseline gap-1.5">
            through <Who id={through} of={of} />
          </span>
        )}
      </span>
      <span className="block">{list(some)}</span>
      {rest.length === 0 ? null : (
        <details className="text-small">
          <summary className="w-fit rounded-mark text-accent">{counted(rest.length, 'more action')}</summary>
          {list(rest)}
        </details>
      )}
    </li>
  )
}

function Ones({
  all,
  of,
  sign,
}: {
  readonly all: readonly Differer[]
  readonly of: Directory
  readonly sign: 'gains' | 'loses'
}): ReactElement {
  return (
    <ul>
      {all.slice(0, differersShown).map(({ id, name, lines }) => (
        <li key={id} className={`mb-2 border-l-2 py-1 pl-3 ${sign === 'gains' ? 'border-good' : 'border-bad'}`}>
          <span className="flex flex-wrap items-baseline gap-x-2">
            <Who id={id} name={name} of={of} strong />
            <span className={`inline-flex items-baseline gap-1 text-small ${sign === 'gains' ? 'text-good' : 'text-bad'}`}>
              <Icon name={sign === 'gains' ? 'plus' : 'dash'} className="size-3 self-center" />
              {sign}
            </span>
          </span>
          <ul className="pl-[18px]">
            {lines.map((line) => (
              <Line key={line.key} line={line} of={of} />
            ))}
          </ul>
        </li>
      ))}
      {all.length > differersShown ? <li className="text-small text-soft">and {counted(all.length - differersShown, 'more')}</li> : null}
    </ul>
  )
}

interface ChangesProps {
  readonly gains: readonly Differing[]
  readonly loses: readonly Differing[]
  readonly cut: boolean
  readonly of: Directory
  /** Where there is a difference at another moment as well: which of them this is. */
  readonly moment?: string
}

/** Both sides of a difference. */
export function Changes({ gains, loses, cut, of, moment }: ChangesProps): ReactElement {
  const sides = [
    { sign: 'loses', title: 'Who loses', none: 'Nobody loses anything.', all: byPrincipal(loses), count: loses.length },
    { sign: 'gains', title: 'Who gains', none: 'Nobody gains anything.', all: byPrincipal(gains), count: gains.length },
  ] as const
  return (
    <>
      {cut ? <Partial title="There is more than is shown.">The first differences are shown; the change makes more.</Partial> : null}
      <div className={`grid gap-x-10 gap-y-6 ${sides.every(({ all }) => all.length > 0) ? 'md:grid-cols-2' : ''}`}>
        {sides.map(({ sign, title, none, all, count }) =>
          all.length === 0 ? (
            <p key={sign} className="text-soft">
              {none}
            </p>
          ) : (
            <section key={sign} aria-label={moment === undefined ? title : `${title} ${moment}`} className="min-w-0">
              <h3 className="mb-2 flex items-baseline gap-x-2 text-small font-semibold">
                {title}
                <span className="font-normal text-faint">
                  {counted(all.length, 'identity', 'identities')}, {counted(count, 'difference')}
                </span>
              </h3>
              <Ones all={all} of={of} sign={sign} />
            </section>
          ),
        )}
      </div>
      {gains.length + loses.length === 0 && moment === undefined ? (
        <p className="mt-1 text-small text-faint">Whoever it touches can do the same by something else, or could not do it either way.</p>
      ) : null}
    </>
  )
}

interface DifferenceProps {
  readonly change: Change
  readonly of: Directory
}

type Foreseen = OutputOf<'access:whatif'>

const looks: Readonly<Record<Foreseen['looksAt'][number], string>> = {
  time: 'at the clock, and this is how it is now',
  address: 'at the address, and this is how it is from none that is known',
  'sign-in': 'at the sign-in, and this is how it is right after one',
}

/** What it comes to now, and what comes besides when something begins that has not begun. */
function Told({ told: { gains, loses, later, looksAt, cut }, of }: { readonly told: Foreseen; readonly of: Directory }): ReactElement {
  return (
    <>
      {looksAt.map((one) => (
        <p key={one} className="mb-2 text-small text-soft">
          The guardrail looks {looks[one]}.
        </p>
      ))}
      <Changes gains={gains} loses={loses} cut={cut} of={of} {...(later.length === 0 ? {} : { moment: 'now' })} />
      {later.map((then) => (
        <div key={then.at} className="mt-6">
          <p className="mb-2 text-small font-semibold">
            Besides, from <When at={then.at} /> on
          </p>
          <Changes gains={then.gains} loses={then.loses} cut={false} of={of} moment={`from ${then.at} on`} />
        </div>
      ))}
    </>
  )
}

/** The difference that a change would make, asked of the server. */
export function Difference({ change, of }: DifferenceProps): ReactElement {
  const reading = useRead('access:whatif', { change }, { every: false, keepFormer: true })
  return (
    <Section title="What it would come to" note="nothing is changed by asking">
      <Shown of={reading} what="what it would come to" rows={3}>
        {(told) => <Told told={told} of={of} />}
      </Shown>
    </Section>
  )
}
