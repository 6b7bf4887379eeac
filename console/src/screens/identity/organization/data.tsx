// Taking along everything that is kept of the organization: at once into a file, or kept here, sealed, for whoever asked until it ends. No secret is in it. Whoever takes
// it is cleared for the most sensitive thing in it, and each page is recorded before its first byte.
import { type ReactElement, useEffect, useRef, useState } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useMay } from '../../../api/may.ts'
import { asProblem, type Problem } from '../../../api/problem.ts'
import { useRead } from '../../../api/queries.ts'
import { Act, Withheld } from '../../../design/act.tsx'
import { announce } from '../../../design/announcer.tsx'
import { Button } from '../../../design/button.tsx'
import { Failed, Partial, Shown } from '../../../design/conditions.tsx'
import { Section } from '../../../design/page.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { counted, size } from '../../../design/time.ts'
import { Countdown, When } from '../../../design/when.tsx'
import { type Directory, useDirectory } from '../../access/names.ts'
import { Who } from '../../access/who.tsx'
import { save } from '../../artifacts/read-file.ts'
import { type Progress, takeAlong } from './take-along.ts'

type Archive = OutputOf<'archive:list'>['items'][number]

type Taking =
  | { readonly state: 'not' }
  | { readonly state: 'reading'; readonly progress: Progress }
  | { readonly state: 'taken'; readonly progress: Progress; readonly isWhole: boolean }
  | { readonly state: 'failed'; readonly problem: Problem }

/** Takes it along on request; leaving the view ends it. */
function useTaking(slug: string): readonly [Taking, () => Promise<void>] {
  const [taking, setTaking] = useState<Taking>({ state: 'not' })
  const under = useRef<AbortController>(undefined)
  useEffect(() => () => under.current?.abort(), [])
  const take = async (): Promise<void> => {
    const own = new AbortController()
    under.current = own
    setTaking({ state: 'reading', progress: { rows: 0, bytes: 0 } })
    try {
      const { parts, isWhole, ...progress } = await takeAlong(own.signal, (now) => setTaking({ state: 'reading', progress: now }))
      const whole = new Uint8Array(progress.bytes)
      let at = 0
      for (const part of parts) {
        whole.set(part, at)
        at += part.length
      }
      save(`${slug}.jsonl`, whole)
      announce(`Done: ${counted(progress.rows, 'row')} taken along.`)
      setTaking({ state: 'taken', progress, isWhole })
    } catch (error) {
      if (!own.signal.aborted) setTaking({ state: 'failed', problem: asProblem(error) })
    }
  }
  return [taking, take]
}

function TakeAlong({ slug }: { readonly slug: string }): ReactElement {
  const may = useMay('organization:export', {})
  const [taking, take] = useTaking(slug)
  const label = 'Take it along now'
  return (
    <>
      {may.state === 'no' && may.code !== 'step_up_required' ? (
        <Withheld label={label} may={may} />
      ) : (
        <Button onPress={() => void take()} isPending={taking.state === 'reading'}>
          {taking.state === 'reading' ? `Reading: ${counted(taking.progress.rows, 'row')}…` : label}
        </Button>
      )}
      {taking.state === 'failed' ? (
        <div className="mt-3">
          <Failed problem={taking.problem} />
        </div>
      ) : null}
      {taking.state === 'taken' ? (
        <p className="mt-2 text-small text-soft">
          {counted(taking.progress.rows, 'row')}, {size(taking.progress.bytes)}, in{' '}
          <code className="font-mono text-tiny">{slug}.jsonl</code>.
        </p>
      ) : null}
      {taking.state === 'taken' && !taking.isWhole ? (
        <div className="mt-2">
          <Partial title="Not all of it is in the file.">
            It is more than a browser holds. The command line writes it as it comes: npx twinlock organization export --out {slug}.jsonl
          </Partial>
        </div>
      ) : null}
    </>
  )
}

function columnsOf(of: Directory): readonly Column<Archive>[] {
  return [
    {
      id: 'asker',
      title: 'Kept for',
      cell: ({ asker, rows, bytes }) => (
        <span className="block min-w-0">
          <Who id={asker} of={of} />
          <span className="block pl-[18px] text-tiny text-soft">
            {counted(rows, 'row')}, {size(bytes)}
          </span>
        </span>
      ),
    },
    { id: 'made', title: 'Created', from: 'sm', by: ({ createdAt }) => createdAt, cell: ({ createdAt }) => <When at={createdAt} /> },
    {
      id: 'ends',
      title: 'Ends in',
      by: ({ expiresAt }) => expiresAt,
      cell: ({ expiresAt }) => <Countdown until={expiresAt} over="over" />,
    },
    {
      id: 'delete',
      title: 'Delete',
      align: 'end',
      cell: ({ id, rows }) => (
        <Act
          action="archive:delete"
          label="Delete it"
          title="Delete the archive"
          weight="danger"
          input={() => ({ archive: id })}
          before={<p>{counted(rows, 'row')} that were kept for whoever asked are gone; nothing else changes.</p>}
          after={() => <p>It is gone.</p>}
        />
      ),
    },
  ]
}

function Archives(): ReactElement {
  const archives = useRead('archive:list', {})
  const of = useDirectory(archives.state === 'ready' && archives.data.items.length > 0)
  return (
    <Shown of={archives} what="archives" rows={2}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="py-1 text-soft">
            No archive is kept here. <code className="font-mono text-tiny">npx twinlock archive create --help</code> keeps one, sealed,
            until it ends.
          </p>
        ) : (
          <Table label="Archives" rows={items} idOf={({ id }) => id} columns={columnsOf(of)} also={[of]} />
        )
      }
    </Shown>
  )
}

/** The section. */
export function TakenAlong({ slug }: { readonly slug: string }): ReactElement {
  return (
    <Section title="What is kept of it" note="without any secret; the ledger is exported apart">
      <div className="mb-4">
        <p className="mb-3 max-w-prose text-soft">
          Every row, one a line, into a file. Only a person of the organization who is cleared for the most sensitive thing in it takes it
          along, and that goes on the record.
        </p>
        <TakeAlong slug={slug} />
      </div>
      <Archives />
    </Section>
  )
}
