// Grants: who holds what, on what, until when, who gave it and why. Narrowed in the URL; a grant opens beside the list.
import type { ReactElement } from 'react'
import type { InputOf, OutputOf } from '../../../api/call.ts'
import { useList } from '../../../api/queries.ts'
import { Button } from '../../../design/button.tsx'
import { Choose } from '../../../design/choose.tsx'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { Search, Select } from '../../../design/field.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { type SearchChange, useView } from '../../../shell/view.ts'
import { AccessPage } from '../access-page.tsx'
import { ByGlass, Ends, Gives } from '../grant-facts.tsx'
import { LinkButton } from '../link-button.tsx'
import { type Directory, useDirectory } from '../names.ts'
import { Environments, Scope, Who } from '../who.tsx'
import { GrantDrawer } from './grant-drawer.tsx'
import { shippedRoles } from './grant-terms.ts'

type Grant = OutputOf<'grant:list'>['items'][number]

const pageSize = 100

const states = [
  { id: 'live', name: 'Live' },
  { id: 'over', name: 'Over' },
  { id: 'all', name: 'All' },
] as const

function columnsOf(of: Directory): readonly Column<Grant>[] {
  return [
    {
      id: 'who',
      title: 'Who',
      className: 'min-w-40',
      by: ({ principalName, principal }) => principalName ?? principal,
      cell: (grant) => (
        <span className="block min-w-0">
          <Who id={grant.principal} name={grant.principalName} of={of} />
          <span className="block pl-[18px] text-tiny text-soft beside-md:hidden">
            <span className="block">
              on <Scope scope={grant.scope} of={of} />
            </span>
            <Environments ids={grant.environments} of={of} none="everywhere" />
            <span className="block beside-sm:hidden">{grant.revokedAt === null ? <Ends grant={grant} /> : 'taken away'}</span>
            <span className="block">
              given by <Who id={grant.givenBy} name={grant.givenByName} of={of} />
            </span>
          </span>
        </span>
      ),
    },
    {
      id: 'what',
      title: 'Holds',
      className: 'min-w-28',
      by: ({ role, customRole, actions }) => role ?? customRole ?? actions.join(' '),
      cell: (grant) => (
        <>
          <Gives grant={grant} />
          {grant.breakGlass ? (
            <span className="block">
              <ByGlass />
            </span>
          ) : null}
        </>
      ),
    },
    { id: 'on', title: 'Scope', from: 'md', by: ({ scope }) => scope.type, cell: ({ scope }) => <Scope scope={scope} of={of} /> },
    {
      id: 'where',
      title: 'Environments',
      from: 'md',
      cell: ({ environments }) => <Environments ids={environments} of={of} none="everywhere" />,
    },
    {
      id: 'until',
      title: 'Ends',
      from: 'sm',
      by: ({ expiresAt }) => expiresAt ?? '9',
      cell: (grant) => (grant.revokedAt === null ? <Ends grant={grant} /> : <span className="text-soft">taken away</span>),
    },
    {
      id: 'by',
      title: 'Given by',
      from: 'md',
      className: 'min-w-28',
      by: ({ givenByName, givenBy }) => givenByName ?? givenBy,
      cell: ({ givenBy, givenByName }) => <Who id={givenBy} name={givenByName} of={of} />,
    },
    {
      id: 'why',
      title: 'Reason',
      from: 'lg',
      className: 'min-w-40',
      cell: ({ reason }) =>
        reason === null ? (
          <span className="text-faint">none on file</span>
        ) : (
          <bdi className="text-soft [overflow-wrap:anywhere]">{visible(reason)}</bdi>
        ),
    },
  ]
}

function matches(grant: Grant, words: readonly string[], of: Directory): boolean {
  const { id, principal, principalName, role, customRole, actions, scope, givenBy, givenByName, reason } = grant
  const said = [
    id,
    principal,
    principalName,
    role,
    customRole,
    ...actions,
    scope.type,
    scope.id,
    of.nameOf(scope.id),
    givenBy,
    givenByName,
    reason,
  ]
  const text = said.join(' ').toLowerCase()
  return words.every((word) => text.includes(word))
}

type Query = Readonly<Record<string, string | undefined>>

const nothingAsked = { state: undefined, principal: undefined, scope: undefined, role: undefined, find: undefined }

function Filters({ search, change }: { readonly search: Query; readonly change: (to: SearchChange) => void }): ReactElement {
  const set = (name: string) => (id: string) => change({ [name]: id === '' || id === 'any' ? undefined : id })
  const { role } = search
  const own = role === undefined || shippedRoles.some((one) => one === role) ? [] : [{ id: role, name: role }]
  return (
    <div className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-2">
      <Choose
        label="Which grants"
        value={stateIn(search)}
        onChange={(id) => change({ state: id === 'live' ? undefined : id })}
        choices={states}
      />
      <Select
        label="Role"
        value={role ?? 'any'}
        onChange={set('role')}
        choices={[{ id: 'any', name: 'Any' }, ...shippedRoles.map((id) => ({ id, name: id })), ...own]}
        inRow
      />
      <Search label="Filter by name, role, scope or reason" value={search.find ?? ''} onChange={set('find')} />
    </div>
  )
}

const stateIn = (search: Query): (typeof states)[number]['id'] => states.find(({ id }) => id === search.state)?.id ?? 'live'

/** The texts of the URL that the server narrows by; it parses them. */
function askedIn(search: Query): InputOf<'grant:list'> {
  const state = stateIn(search)
  const named = (['principal', 'scope', 'role'] as const).flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]]]))
  return { limit: pageSize, ...(state === 'all' ? {} : { state }), ...Object.fromEntries(named) }
}

/** To whom and on what alone, where the URL says so. */
function Narrowed({
  search,
  of,
  onAll,
}: {
  readonly search: Query
  readonly of: Directory
  readonly onAll: () => void
}): ReactElement | null {
  const { principal, scope } = search
  if (principal === undefined && scope === undefined) return null
  return (
    <p className="mb-3 flex flex-wrap items-baseline gap-x-2 border-l-2 border-line pl-3 text-small">
      Only what was given
      {principal === undefined ? null : (
        <span className="inline-flex items-baseline gap-1.5">
          to <Who id={principal} of={of} />
        </span>
      )}
      {scope === undefined ? null : (
        <span className="inline-flex items-baseline gap-1.5">
          on <Who id={scope} of={of} />
        </span>
      )}
      <Button weight="word" onPress={onAll}>
        Show all
      </Button>
    </p>
  )
}

/** The screen. */
export function Grants(): ReactElement {
  const [search, change] = useView()
  const grants = useList('grant:list', askedIn(search), { keepFormer: true })
  const of = useDirectory(grants.state === 'ready')
  const words = (search.find ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const showAll = (): void => change(nothingAsked, true)
  return (
    <AccessPage
      title="Grants"
      line="Who holds what: given by somebody, for a reason, until an end."
      actions={
        <LinkButton to="/access/new-grant" weight="primary">
          Give access
        </LinkButton>
      }
    >
      <Filters search={search} change={change} />
      <Narrowed search={search} of={of} onAll={showAll} />
      <Shown of={grants} what="grants">
        {({ items, more, isReadingMore }) => {
          const found = items.filter((one) => matches(one, words, of))
          return (
            <>
              <Table
                label="Grants"
                rows={found}
                idOf={({ id }) => id}
                columns={columnsOf(of)}
                also={[of]}
                onOpen={({ id }) => change({ grant: id }, true)}
                empty={
                  <Empty title="No grant is like that.">
                    <Button onPress={showAll}>Show all live grants</Button>
                  </Empty>
                }
              />
              <p className="mt-3 flex flex-wrap items-center gap-3 text-small text-faint">
                {more === undefined ? counted(found.length, 'grant') : `The first ${counted(items.length, 'grant')}`}
                {more === undefined ? null : (
                  <Button onPress={more} isPending={isReadingMore}>
                    Read more
                  </Button>
                )}
              </p>
            </>
          )
        }}
      </Shown>
      {search.grant === undefined ? null : <GrantDrawer id={search.grant} of={of} onClose={() => change({ grant: undefined })} />}
    </AccessPage>
  )
}
