// What a run has written, as it comes. A file is read when it is opened, and not before: reading it is recorded.
import type { ReactElement } from 'react'
import { Drawer } from '../../design/because.tsx'
import { Empty, Partial } from '../../design/conditions.tsx'
import { Digest } from '../../design/id.tsx'
import { type Column, Table } from '../../design/table.tsx'
import { size } from '../../design/time.ts'
import { visible } from '../../design/visible.ts'
import { When } from '../../design/when.tsx'
import { useView } from '../../shell/view.ts'
import { OutputView } from './output-view.tsx'
import type { RunFile } from './story.ts'

/** Files that are listed at once, at most. */
export const filesMax = 500

const columns: readonly Column<RunFile>[] = [
  {
    id: 'path',
    title: 'File',
    by: ({ path }) => path,
    cell: ({ path, mediaType }) => (
      <span className="block">
        <bdi className="[overflow-wrap:anywhere]">{visible(path)}</bdi>
        <bdi className="block text-tiny text-faint">{visible(mediaType)}</bdi>
      </span>
    ),
  },
  {
    id: 'bytes',
    title: 'Size',
    align: 'end',
    by: ({ bytes }) => bytes,
    cell: ({ bytes }) => <span className="whitespace-nowrap">{size(bytes)}</span>,
  },
  { id: 'digest', title: 'Digest', from: 'md', cell: ({ digest }) => <Digest digest={digest} brief /> },
  { id: 'at', title: 'Written', by: ({ number }) => number, cell: ({ at }) => <When at={at} /> },
]

interface OutputsProps {
  readonly run: string
  readonly files: readonly RunFile[]
  readonly isLive: boolean
  readonly hasMore: boolean
}

/** The files of a run. */
export function Outputs({ run, files, isLive, hasMore }: OutputsProps): ReactElement {
  const [search, change] = useView()
  const opened = files.find(({ path }) => path === search.file)
  return (
    <>
      {hasMore || files.length > filesMax ? (
        <Partial title={`The first ${filesMax} files.`}>
          The artifact that was made of this run lists all of them; so does{' '}
          <code className="font-mono text-tiny">npx twinlock run outputs {run}</code>.
        </Partial>
      ) : null}
      <Table
        label="Files that the run wrote"
        rows={files.slice(0, filesMax)}
        idOf={({ path }) => path}
        columns={columns}
        onOpen={({ path }) => change({ file: path }, true)}
        empty={
          <Empty title={isLive ? 'It has written nothing yet.' : 'It wrote nothing.'}>
            {isLive ? 'Each file appears here as soon as it is whole.' : undefined}
          </Empty>
        }
      />
      {opened === undefined ? null : (
        <Drawer title={visible(opened.path)} isOpen onClose={() => change({ file: undefined })}>
          <OutputView run={run} file={opened} />
        </Drawer>
      )}
    </>
  )
}
