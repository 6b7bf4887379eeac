// Projects: the folders of twins that access is given on. Whoever may not list all of them has those that he holds a role in.
import type { ReactElement } from 'react'
import { useMay } from '../../../api/may.ts'
import { usePlaces } from '../../../api/places.ts'
import { type Reading, useList } from '../../../api/queries.ts'
import { useStore } from '../../../api/store.ts'
import { Button } from '../../../design/button.tsx'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { useGo } from '../../../design/link.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { visible } from '../../../design/visible.ts'
import { chooseProject, project } from '../../../shell/project.ts'
import { More } from '../../people/more.tsx'
import { Somebody } from '../../people/somebody.tsx'
import { NewLink, useMe } from '../may-make.tsx'
import { TwinsPage } from '../twins-page.tsx'

interface Row {
  readonly id: string
  readonly name: string
  readonly slug?: string
  readonly owner?: string
}

/** Looking at what lies in one alone. */
function Narrow({ id }: { readonly id: string }): ReactElement {
  const go = useGo()
  const here = useStore(project)
  const isHere = here === id
  return (
    <Button
      weight="quiet"
      onPress={() => {
        chooseProject(isHere ? undefined : id)
        if (!isHere) go('/twins')
      }}
    >
      {isHere ? 'Show every project again' : 'Show this one alone'}
    </Button>
  )
}

const columns: readonly Column<Row>[] = [
  {
    id: 'project',
    title: 'Project',
    by: ({ name }) => name.toLowerCase(),
    cell: ({ id, name, slug }) => (
      <span className="block min-w-0">
        <bdi className="font-medium [overflow-wrap:anywhere]">{visible(name)}</bdi>
        {slug === undefined ? null : <bdi className="block text-tiny text-soft">{slug}</bdi>}
        <code className="block max-w-[12rem] truncate font-mono text-tiny text-faint sm:max-w-none">{id}</code>
      </span>
    ),
  },
  {
    id: 'owner',
    title: 'Owner',
    from: 'md',
    cell: ({ owner }) => (owner === undefined ? <span className="text-faint">not told</span> : <Somebody id={owner} />),
  },
  { id: 'narrow', title: 'In every list', align: 'end', cell: ({ id }) => <Narrow id={id} /> },
]

/** What is asked to learn whether somebody may make one. */
export const someProject = (me: string | undefined) => (me === undefined ? undefined : { slug: 'project', name: 'Project', owner: me })

/** All of them; for whoever may not list them, those that he holds a role in. */
function useProjects(): {
  readonly reading: Reading<{ readonly items: readonly Row[]; readonly more?: (() => void) | undefined; readonly isReadingMore?: boolean }>
  readonly isOwn: boolean
} {
  const may = useMay('project:list', {})
  const all = useList('project:list', { limit: 200 }, { when: may.state === 'yes' || may.state === 'unknown' })
  const held = usePlaces(may.state === 'no')
  if (may.state !== 'no') return { reading: all, isOwn: false }
  if (held.state !== 'ready') return { reading: held, isOwn: true }
  return { reading: { ...held, data: { items: held.data.filter(({ kind }) => kind === 'project') } }, isOwn: true }
}

/** The screen. */
export function Projects(): ReactElement {
  const me = useMe()
  const { reading, isOwn } = useProjects()
  return (
    <TwinsPage
      title="Projects"
      line="The folders that twins lie in. Access is given on a project, and reaches everything in it."
      actions={
        <NewLink action="project:create" asked={someProject(me?.id)} to="/projects/new">
          New project
        </NewLink>
      }
    >
      <Shown of={reading} what="projects">
        {({ items, more, isReadingMore = false }) => (
          <>
            {isOwn && items.length > 0 ? <p className="mb-3 text-small text-soft">Those that you hold a role in.</p> : null}
            <Table
              label="Projects"
              rows={items}
              idOf={({ id }) => id}
              columns={columns}
              empty={
                isOwn ? (
                  <Empty title="You hold a role in no project." />
                ) : (
                  <Empty title="There are no projects yet." command="npx twinlock project create --help">
                    A twin lies in a project. Make one first, here or on the command line:
                  </Empty>
                )
              }
            />
            {items.length === 0 ? null : <More of={{ items, more, isReadingMore }} one="project" />}
          </>
        )}
      </Shown>
    </TwinsPage>
  )
}
