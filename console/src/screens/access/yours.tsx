// What somebody holds himself: each grant with its reason and its end. What he lacks he can ask for; whatever is withheld elsewhere says who can give it.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { useRead } from '../../api/queries.ts'
import { Empty, Shown } from '../../design/conditions.tsx'
import { Id } from '../../design/id.tsx'
import { Identity } from '../../design/identity.tsx'
import { Section } from '../../design/page.tsx'
import { type Column, Table } from '../../design/table.tsx'
import { counted } from '../../design/time.ts'
import { visible } from '../../design/visible.ts'
import { Countdown, When } from '../../design/when.tsx'
import { AccessPage } from './access-page.tsx'
import { type Directory, useDirectory } from './names.ts'
import { Environments, Scope } from './who.tsx'

type Held = OutputOf<'session:show'>['grants'][number]

function columnsOf(of: Directory): readonly Column<Held>[] {
  return [
    {
      id: 'what',
      title: 'You hold',
      by: ({ role }) => role,
      cell: (held) => (
        <span className="block min-w-0">
          <span className="font-medium [overflow-wrap:anywhere]">{held.role}</span>
          <span className="block beside-md:hidden">
            on <Scope scope={held.scope} of={of} /> <Environments ids={held.environments} of={of} none="everywhere" />
          </span>
          {held.reason === null ? null : <bdi className="block text-tiny text-soft [overflow-wrap:anywhere]">{visible(held.reason)}</bdi>}
        </span>
      ),
    },
    { id: 'on', title: 'Scope', from: 'md', cell: ({ scope }) => <Scope scope={scope} of={of} /> },
    {
      id: 'in',
      title: 'Environments',
      from: 'md',
      cell: ({ environments }) => <Environments ids={environments} of={of} none="everywhere" />,
    },
    {
      id: 'from',
      title: 'From',
      from: 'lg',
      cell: ({ notBefore }) => (notBefore === null ? <span className="text-faint">at once</span> : <When at={notBefore} />),
    },
    {
      id: 'ends',
      title: 'Ends in',
      by: ({ notAfter }) => notAfter ?? '9',
      cell: ({ notAfter }) =>
        notAfter === null ? <span className="text-soft">no end</span> : <Countdown until={notAfter} soonMs={3_600_000} />,
    },
    { id: 'grant', title: 'Grant', from: 'lg', cell: ({ id }) => <Id id={id} /> },
  ]
}

/** The screen. */
export function Yours(): ReactElement {
  const reading = useRead('session:show', {})
  const of = useDirectory(reading.state === 'ready' && reading.data.grants.some(({ role }) => role === 'admin' || role === 'auditor'))
  return (
    <AccessPage title="Access" line="What you hold, who holds what, and every way to production.">
      <Shown of={reading} what="what you hold" rows={3}>
        {({ id, name, person, grants }) => (
          <Section
            title="What you hold"
            note={
              <>
                as <Identity brief id={id} name={visible(person?.name ?? name)} />, {counted(grants.length, 'grant')}
              </>
            }
          >
            <Table
              label="What you hold"
              rows={grants}
              idOf={(held) => held.id}
              columns={columnsOf(of)}
              also={[of]}
              empty={
                <Empty title="Nobody has given you anything.">
                  What is your own is yours all the same. Wherever something is withheld, it says what is missing and who can give it.
                </Empty>
              }
            />
          </Section>
        )}
      </Shown>
    </AccessPage>
  )
}
