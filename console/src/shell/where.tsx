// Where one acts and as whom: the organization, the project that lists are narrowed to, and the way out.
import type { ReactElement } from 'react'
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from 'react-aria-components'
import { useMay } from '../api/may.ts'
import { usePlaces } from '../api/places.ts'
import { useRead } from '../api/queries.ts'
import { session } from '../api/session.ts'
import { useStore } from '../api/store.ts'
import { Brand } from '../design/brand.tsx'
import { Icon } from '../design/icon.tsx'
import { KindMark } from '../design/kind.tsx'
import { leave } from './leave.ts'
import { chooseProject, project } from './project.ts'
import { useSwitch } from './switch.ts'

const item = 'flex min-h-8 cursor-default items-center gap-2 rounded-mark px-2 py-1 outline-none hover:bg-hover focus:bg-accent-ground'

/** The head of the frame. */
export function Where(): ReactElement | null {
  const now = useStore(session)
  const here = useStore(project)
  const switchTo = useSwitch()
  const may = useMay('project:list', {})
  const projects = useRead('project:list', {}, { when: may.state === 'yes', every: false })
  // Whoever may not list all of them has those that he holds something in.
  const own = usePlaces(may.state === 'no')
  if (now.state !== 'somebody') return null
  const places = own.state === 'ready' ? own.data.filter(({ kind }) => kind === 'project') : []
  const known = projects.state === 'ready' ? projects.data.items : places
  const narrowed = known.find(({ id }) => id === here)
  const choose = (key: string): void => {
    if (key === 'out') void leave()
    else if (key === 'every-project') chooseProject(undefined)
    else if (key.startsWith('prj_')) chooseProject(key)
    else switchTo(key)
  }
  return (
    <MenuTrigger>
      <Button className="flex min-w-0 items-center gap-2 rounded-field px-1 py-1 text-left hover:bg-hover md:-mx-1">
        <Brand />
        <span className="min-w-0 flex-1">
          <span className="block truncate leading-4 font-semibold">
            <bdi>{now.here.name}</bdi>
          </span>
          <span className="block truncate text-tiny text-faint">
            <bdi>{narrowed === undefined ? now.here.person.name : narrowed.name}</bdi>
          </span>
        </span>
        <Icon name="down" className="text-faint" />
        <span className="sr-only">Change where you act</span>
      </Button>
      <Popover
        placement="bottom start"
        className="fade-in max-h-[80vh] w-72 overflow-auto rounded-field border border-edge bg-raised p-1.5"
      >
        <Menu onAction={(key) => choose(String(key))} className="outline-none">
          <MenuSection>
            <Header className="px-2 pt-1 pb-0.5 text-tiny text-faint">Organization</Header>
            {now.all.map(({ id, name, slug, person }) => (
              <MenuItem key={id} id={id} textValue={name} className={item}>
                <Icon name={id === now.here.id ? 'check' : 'dash'} className={id === now.here.id ? 'text-accent' : 'text-transparent'} />
                <span className="min-w-0">
                  <span className="flex items-baseline gap-2">
                    <bdi className="truncate">{name}</bdi>
                    <code className="shrink-0 font-mono text-tiny text-faint">{slug}</code>
                  </span>
                  <span className="flex items-center gap-1.5 text-tiny text-faint">
                    <KindMark kind="person" />
                    <bdi className="truncate">{person.name}</bdi>
                  </span>
                </span>
              </MenuItem>
            ))}
          </MenuSection>
          {known.length > 0 ? (
            <MenuSection>
              <Header className="px-2 pt-2 pb-0.5 text-tiny text-faint">Project</Header>
              <MenuItem id="every-project" textValue="Every project" className={item}>
                <Icon name="check" className={narrowed === undefined ? 'text-accent' : 'text-transparent'} />
                Every project
              </MenuItem>
              {known.map(({ id, name }) => (
                <MenuItem key={id} id={id} textValue={name} className={item}>
                  <Icon name="check" className={id === here ? 'text-accent' : 'text-transparent'} />
                  <bdi className="truncate">{name}</bdi>
                </MenuItem>
              ))}
            </MenuSection>
          ) : null}
          <Separator className="my-1 border-t border-line" />
          <MenuItem id="out" textValue="Sign out" className={item}>
            <Icon name="out" className="text-soft" />
            Sign out of this organization
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
