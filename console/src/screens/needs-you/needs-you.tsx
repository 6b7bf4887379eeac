// What waits for the person who looks: to be decided, to be put right, and what ends soon. Only what this person can answer is here; the server decides it.
import { lazy, type ReactElement, type ReactNode, Suspense } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { useRead } from '../../api/queries.ts'
import { Empty, Loading, Partial, Shown } from '../../design/conditions.tsx'
import { Icon, type IconName } from '../../design/icon.tsx'
import { Link, place } from '../../design/link.tsx'
import { Page, Section } from '../../design/page.tsx'
import { counted, exact } from '../../design/time.ts'
import { visible } from '../../design/visible.ts'
import { Countdown, When } from '../../design/when.tsx'
import { viewOf } from '../../shell/view-of.ts'
import { firstSteps } from './first-steps.ts'
import { Line } from './line.tsx'

// Nobody waits for it.
const LastRuns = lazy(async () => ({ default: (await import('./last-runs.tsx')).LastRuns }))
// Nearly nobody ever needs it.
const KeepOrganization = lazy(async () => ({ default: (await import('./keep-organization.tsx')).KeepOrganization }))

type Item = OutputOf<'attention:list'>['items'][number]

interface Look {
  readonly icon: IconName
  readonly tone: string
  /** What is asked of the person, as a word. */
  readonly ask: string
}

const looks: Readonly<Record<string, Look>> = {
  promotion_to_review: { icon: 'gate', tone: 'font-medium text-ink', ask: 'Review' },
  promotion_to_cross: { icon: 'gate', tone: 'font-medium text-ink', ask: 'Cross' },
  promotion_blocked: { icon: 'stop', tone: 'text-bad', ask: 'Blocked' },
  run_failed: { icon: 'cross', tone: 'text-bad', ask: 'Failed' },
  run_frozen: { icon: 'snow', tone: 'text-warn', ask: 'Frozen' },
  request_to_decide: { icon: 'person', tone: 'font-medium text-ink', ask: 'Decide' },
  request_answered: { icon: 'check', tone: 'text-soft', ask: 'Answered' },
  break_glass_to_review: { icon: 'broken', tone: 'text-bad', ask: 'Review' },
  grant_expiring: { icon: 'clock', tone: 'text-warn', ask: 'Ends soon' },
  workload_key_missing: { icon: 'key', tone: 'text-warn', ask: 'No key' },
  secret_taken_along: { icon: 'key', tone: 'text-bad', ask: 'Renew it' },
  broken_glass: { icon: 'broken', tone: 'text-bad', ask: 'Break-glass' },
  recovery_code_used: { icon: 'key', tone: 'text-warn', ask: 'Code used' },
  passkey_copied: { icon: 'key', tone: 'text-bad', ask: 'Copied' },
  passkey_added: { icon: 'key', tone: 'text-warn', ask: 'Was it you?' },
  recovery_codes_made: { icon: 'key', tone: 'text-warn', ask: 'Was it you?' },
  provider_changed: { icon: 'lock', tone: 'text-bad', ask: 'Ask why' },
  provider_not_required: { icon: 'broken', tone: 'text-bad', ask: 'Ask why' },
  directory_token_shown: { icon: 'key', tone: 'text-warn', ask: 'Ask why' },
  address_changed: { icon: 'person', tone: 'text-warn', ask: 'Ask why' },
  provider_certificate_ending: { icon: 'clock', tone: 'text-warn', ask: 'Ends soon' },
  domain_proof_missing: { icon: 'broken', tone: 'text-warn', ask: 'Record gone' },
  set_up_to_accept: { icon: 'lock', tone: 'font-medium text-ink', ask: 'Accept' },
  ownership_offered: { icon: 'person', tone: 'font-medium text-ink', ask: 'Take over' },
  ownership_declined: { icon: 'person', tone: 'text-warn', ask: 'Declined' },
  organization_closing: { icon: 'stop', tone: 'text-bad', ask: 'Closing' },
  orphan_found: { icon: 'person', tone: 'text-bad', ask: 'No owner' },
  guest_to_accept: { icon: 'person', tone: 'font-medium text-ink', ask: 'Accept' },
  guest_paused: { icon: 'stop', tone: 'text-warn', ask: 'No sponsor' },
  guest_ending: { icon: 'clock', tone: 'text-warn', ask: 'Ends soon' },
  engagement_to_confirm: { icon: 'person', tone: 'font-medium text-ink', ask: 'Confirm' },
  engagement_paused: { icon: 'stop', tone: 'text-warn', ask: 'No sponsor' },
  engagement_ending: { icon: 'clock', tone: 'text-warn', ask: 'Ends soon' },
}

/** What waits in another way than is known here waits all the same. */
const unknown: Look = { icon: 'bell', tone: 'text-warn', ask: 'Look at it' }

const titles = ['To decide', 'To put right', 'Ends soon', 'Answered'] as const

const toDecide: ReadonlySet<string> = new Set([
  'promotion_to_review',
  'promotion_to_cross',
  'request_to_decide',
  'break_glass_to_review',
  'ownership_offered',
  'set_up_to_accept',
  'guest_to_accept',
  'engagement_to_confirm',
])

function titleOf({ kind }: Item): (typeof titles)[number] {
  if (toDecide.has(kind)) return 'To decide'
  if (kind === 'request_answered') return 'Answered'
  return /_(expiring|ending)$/.test(kind) ? 'Ends soon' : 'To put right'
}

/** Where it is answered. Uses of break-glass are reviewed where requests are decided; what ends soon is among what one holds. */
function answeredAt({ kind, subject }: Item): string | undefined {
  if (kind === 'break_glass_to_review') return place('/access/requests', {}, { which: 'glass' })
  if (kind === 'grant_expiring') return '/access'
  if (kind === 'ownership_offered') return '/people/offers'
  if (kind === 'domain_proof_missing') return '/identity'
  if (kind === 'passkey_added' || kind === 'recovery_codes_made') return '/sessions'
  return subject.type === 'AccessRequest' ? place('/access/requests/$request', { request: subject.id }) : viewOf(subject.id)
}

function Row({ item }: { readonly item: Item }): ReactElement {
  const { icon, tone, ask } = looks[item.kind] ?? unknown
  const to = answeredAt(item)
  const title = <bdi className="font-medium [overflow-wrap:anywhere]">{visible(item.title)}</bdi>
  return (
    <Line
      lead={
        <span className={`flex items-center gap-1.5 self-start text-small md:mt-px ${tone}`}>
          <Icon name={icon} />
          {ask}
        </span>
      }
      at={
        item.until === null ? (
          <>
            since <When at={item.since} />
          </>
        ) : (
          <Countdown until={item.until} over="over" soonMs={3 * 86_400_000} after="left" />
        )
      }
    >
      {to === undefined ? (
        title
      ) : (
        <Link to={to} item>
          {title}
        </Link>
      )}
      <span className="block text-soft">
        <bdi>{visible(item.why)}</bdi>
      </span>
      {item.kind === 'organization_closing' ? (
        <Suspense>
          <KeepOrganization />
        </Suspense>
      ) : null}
    </Line>
  )
}

function Waiting({ items, checkedAt, truncated }: OutputOf<'attention:list'>): ReactElement {
  return (
    <>
      {truncated ? (
        <Partial title="Not everything was looked at.">
          {items.length === 0 ? 'The lists of each room show the rest.' : 'Answer some of these; what is older shows first.'}
        </Partial>
      ) : null}
      {titles.map((title) => {
        const own = items.filter((item) => titleOf(item) === title)
        return own.length === 0 ? null : (
          <Section key={title} title={title} note={own.length}>
            <ul>
              {own.map((item) => (
                <Row key={`${item.kind} ${item.subject.id}`} item={item} />
              ))}
            </ul>
          </Section>
        )
      })}
      {items.length === 0 ? <NothingWaits checkedAt={checkedAt} isAll={!truncated} /> : null}
    </>
  )
}

/** Nothing waits: what this person could begin with, by the roles that he has. */
function NothingWaits({ checkedAt, isAll }: { readonly checkedAt: string; readonly isAll: boolean }): ReactElement {
  const here = useRead('session:show', {}, { every: false })
  if (here.state === 'loading') return <Loading what="your roles" rows={2} />
  const steps = firstSteps(here.state === 'ready' ? here.data.grants.map(({ role }) => role) : [])
  const line = (children: ReactNode): ReactElement => <p className="mt-1">{children}</p>
  return (
    <Empty title={isAll ? 'Nothing waits for you.' : 'Nothing of what was looked at waits for you.'}>
      {line(`As of ${exact(Date.parse(checkedAt))}.`)}
      {steps.map(({ text, to, link }) => (
        <p key={text} className="mt-1">
          {text} <Link to={to}>{link}</Link>
        </p>
      ))}
    </Empty>
  )
}

/** The first screen. */
export function NeedsYou(): ReactElement {
  const waiting = useRead('attention:list', {})
  // An answer to oneself asks for nothing.
  const count = waiting.state === 'ready' ? waiting.data.items.filter(({ kind }) => kind !== 'request_answered').length : undefined
  return (
    <Page
      title="Needs you"
      line={
        count === undefined || count === 0 ? undefined : (
          <span>
            {counted(count, 'thing')} {count === 1 ? 'waits' : 'wait'} for you
          </span>
        )
      }
    >
      <Shown of={waiting} what="what waits for you">
        {(data) => <Waiting {...data} />}
      </Shown>
      <Suspense>
        <LastRuns />
      </Suspense>
    </Page>
  )
}
