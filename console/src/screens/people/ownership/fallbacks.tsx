// Who answers where an owner is gone: a group for the organization, and for projects that have another one. Without any, the administrators do.
import type { ReactElement } from 'react'
import { Act } from '../../../design/act.tsx'
import { Button } from '../../../design/button.tsx'
import { Section } from '../../../design/page.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { visible } from '../../../design/visible.ts'
import { useView } from '../../../shell/view.ts'
import { Thing } from '../../audit/thing.tsx'
import { type Fallbacks, SetFallback } from './set-fallback.tsx'

interface Line {
  /** A project's id; `organization` for what lies in none that has a group of its own. */
  readonly id: string
  readonly project: { readonly id: string; readonly name: string } | null
  readonly group: { readonly id: string; readonly name: string } | null
}

/** A line for the organization, whether it has a group or not, and one for each project that has its own. */
function linesOf(items: Fallbacks): readonly Line[] {
  const whole = items.find(({ scope }) => scope === 'organization')
  const projects = items.flatMap(({ project, group }) => (project === null ? [] : [{ id: project.id, project, group }]))
  return [{ id: 'organization', project: null, group: whole?.group ?? null }, ...projects]
}

function TheUsual({ of: { project } }: { readonly of: Line }): ReactElement {
  const usual = project === null ? 'the administrators' : 'whoever answers in the organization'
  return (
    <Act
      action="ownership:set-fallback"
      label="The usual again"
      title={project === null ? 'The administrators answer again' : `The usual again in ${visible(project.name)}`}
      input={(reason) => ({ ...(project === null ? {} : { project: project.id }), group: null, reason })}
      reason="Why this group answers no more; goes on the record."
      before={<p>From then on it is {usual} who answers where an owner is gone. Nothing changes hands by that.</p>}
      after={() => <p>It is {usual} now.</p>}
    />
  )
}

function columnsOf(onChange: (scope: string) => void): readonly Column<Line>[] {
  return [
    {
      id: 'scope',
      title: 'For what lies in',
      by: ({ project }) => project?.name ?? '',
      cell: ({ project }) =>
        project === null ? <span className="font-medium">the organization</span> : <Thing id={project.id} name={visible(project.name)} />,
    },
    {
      id: 'group',
      title: 'Who answers',
      by: ({ group }) => group?.name ?? '',
      cell: ({ group }) =>
        group === null ? <span className="text-soft">the administrators</span> : <Thing id={group.id} name={visible(group.name)} linked />,
    },
    {
      id: 'change',
      title: 'Change',
      align: 'end',
      cell: (line) => (
        <span className="inline-flex flex-wrap justify-end gap-2">
          <Button
            onPress={() => onChange(line.id)}
            label={`Change who answers in ${line.project === null ? 'the organization' : visible(line.project.name)}`}
          >
            Change…
          </Button>
          {line.group === null ? null : <TheUsual of={line} />}
        </span>
      ),
    },
  ]
}

/** The section. */
export function FallbackGroups({ items }: { readonly items: Fallbacks }): ReactElement {
  const [{ edit }, change] = useView()
  const close = (): void => change({ edit: undefined, project: undefined, group: undefined })
  return (
    <>
      {edit === 'organization' || edit === 'project' ? (
        <SetFallback key={edit} isProject={edit === 'project'} items={items} onDone={close} />
      ) : null}
      <Section
        title="Who answers where an owner is gone"
        actions={<Button onPress={() => change({ edit: 'project', project: undefined, group: undefined }, true)}>For one project…</Button>}
      >
        <Table
          label="Who answers where an owner is gone"
          rows={linesOf(items)}
          idOf={({ id }) => id}
          columns={columnsOf((scope) =>
            change(
              scope === 'organization'
                ? { edit: 'organization', project: undefined, group: undefined }
                : { edit: 'project', project: scope, group: undefined },
              true,
            ),
          )}
        />
      </Section>
    </>
  )
}
