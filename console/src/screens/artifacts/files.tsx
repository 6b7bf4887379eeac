// The files of an artifact. Choosing one opens a drawer that says what it is; its bytes are read there when they are asked for. They
// leave the page by an export alone, with a reason.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { useMay } from '../../api/may.ts'
import { Act, Withheld } from '../../design/act.tsx'
import { Drawer } from '../../design/because.tsx'
import { Button } from '../../design/button.tsx'
import { Code } from '../../design/code.tsx'
import { Failed, Notice, Partial } from '../../design/conditions.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { Icon } from '../../design/icon.tsx'
import { Digest } from '../../design/id.tsx'
import { type Column, Table } from '../../design/table.tsx'
import { counted, size } from '../../design/time.ts'
import { visible } from '../../design/visible.ts'
import { useView } from '../../shell/view.ts'
import { bytesOf, type Content, readBytesMax } from './content.ts'
import { type ReadFile, save, useFile } from './read-file.ts'

type ShownArtifact = OutputOf<'artifact:show'>
type File = ShownArtifact['files'][number]

const columns: readonly Column<File>[] = [
  {
    id: 'file',
    title: 'File',
    by: ({ name }) => name,
    cell: ({ name, mediaType }) => (
      <span className="block min-w-0">
        <bdi className="font-medium [overflow-wrap:anywhere]">{visible(name)}</bdi>
        <span className="block text-tiny text-faint beside-sm:hidden">{visible(mediaType)}</span>
      </span>
    ),
  },
  {
    id: 'type',
    title: 'Declared type',
    from: 'sm',
    by: ({ mediaType }) => mediaType,
    cell: ({ mediaType }) => <bdi className="text-soft [overflow-wrap:anywhere]">{visible(mediaType)}</bdi>,
  },
  { id: 'digest', title: 'Digest', from: 'md', cell: ({ digest }) => <Digest brief digest={digest} /> },
  { id: 'bytes', title: 'Size', align: 'end', by: ({ bytes }) => bytes, cell: ({ bytes }) => size(bytes) },
]

/** The files, one of which may be chosen in the URL. */
export function Files({ artifact: { id, files } }: { readonly artifact: ShownArtifact }): ReactElement {
  const [search, change] = useView()
  const chosen = files.find(({ name }) => name === search.file)
  const close = (): void => change({ file: undefined })
  return (
    <>
      {search.file !== undefined && chosen === undefined ? (
        <Notice tone="warn" title="It has no such file." action={<Button onPress={close}>Show all files</Button>}>
          <bdi>{visible(search.file)}</bdi> is not among them.
        </Notice>
      ) : null}
      <Table label="Files" rows={files} idOf={({ name }) => name} onOpen={({ name }) => change({ file: name }, true)} columns={columns} />
      {chosen === undefined ? null : (
        <Drawer title={visible(chosen.name)} isOpen onClose={close}>
          <Panel key={chosen.name} artifact={id} file={chosen} />
        </Drawer>
      )}
    </>
  )
}

function Panel({ artifact, file }: { readonly artifact: string; readonly file: File }): ReactElement {
  const { name, digest, bytes, mediaType } = file
  const [reading, read] = useFile(artifact, name, digest)
  const isTooLarge = bytes > readBytesMax
  const may = useMay('artifact:read', isTooLarge ? undefined : { artifact, file: name })
  return (
    <>
      <Facts>
        <Fact name="Said to be">
          <bdi>{visible(mediaType)}</bdi>
        </Fact>
        <Fact name="Size">
          {size(bytes)} <span className="text-faint">({counted(bytes, 'byte')})</span>
        </Fact>
        <Fact name="Digest">
          <Digest digest={digest} />
        </Fact>
      </Facts>
      <div className="mt-4 flex flex-wrap items-center gap-2">
        {isTooLarge ? null : may.state === 'no' ? (
          <Withheld label="Read it" may={may} />
        ) : (
          <Button weight="primary" onPress={() => void read()} isPending={reading.state === 'reading'}>
            {reading.state === 'read' ? 'Read it again' : 'Read it'}
          </Button>
        )}
        <Export artifact={artifact} file={file} />
      </div>
      {isTooLarge ? (
        <div className="mt-4">
          <Partial title={`It is larger than ${size(readBytesMax)}, and not shown here.`}>The command line reads it into a file:</Partial>
          <Code text={`npx twinlock artifact read ${artifact} --file ${name}`} />
        </div>
      ) : (
        <p className="mt-2 text-small text-faint">Reading it is recorded, with your name.</p>
      )}
      <div className="mt-4" aria-live="polite">
        {reading.state === 'failed' ? <Failed problem={reading.problem} again={() => void read()} /> : null}
        {reading.state === 'read' ? <Shown file={reading.file} name={name} /> : null}
      </div>
    </>
  )
}

function SameBytes({ isSame }: Pick<ReadFile, 'isSame'>): ReactElement {
  if (isSame === undefined)
    return (
      <span className="inline-flex items-center gap-1 text-warn">
        <Icon name="question" />
        digest not assessed: this page is not served securely
      </span>
    )
  return isSame ? (
    <span className="inline-flex items-center gap-1 text-good">
      <Icon name="check" />
      these bytes have that digest, computed here
    </span>
  ) : (
    <span className="inline-flex items-center gap-1 font-medium text-bad">
      <Icon name="cross" />
      these bytes have another digest
    </span>
  )
}

function Shown({ file: { content, isSame }, name }: { readonly file: ReadFile; readonly name: string }): ReactElement {
  return (
    <div className="space-y-3">
      <p className="text-small">
        <SameBytes isSame={isSame} />
      </p>
      <Look content={content} name={name} />
    </div>
  )
}

function Look({ content: { image, text, hex, isCut }, name }: { readonly content: Content; readonly name: string }): ReactElement {
  return (
    <>
      {image === undefined ? null : (
        <img
          src={image}
          alt={`What is in ${visible(name)}`}
          className="max-h-96 max-w-full rounded-mark border border-line bg-sunken object-contain"
        />
      )}
      {isCut ? <Partial title="Only its beginning is shown.">An export has the whole.</Partial> : null}
      {text === undefined ? null : <Code text={text} label="the text of the file" tall />}
      {hex === undefined ? null : (
        <>
          <p className="text-small text-soft">It is no text. Its first bytes:</p>
          <Code text={hex} label="the first bytes" />
        </>
      )}
    </>
  )
}

function Export({ artifact, file: { name, bytes } }: { readonly artifact: string; readonly file: File }): ReactElement {
  return (
    <Act
      action="artifact:export"
      label="Export"
      title={`Export ${visible(name)}`}
      input={(reason) => ({ artifact, file: name, reason })}
      reason="Why it is taken out; goes on the record."
      before={
        <ul className="list-disc space-y-1 pl-5">
          <li>One file of {size(bytes)} leaves quarantine with you. It is saved on this computer.</li>
          <li>Your name and reason are in a signed checkpoint before it does.</li>
          <li>No production identity comes of it: only a promotion makes one.</li>
        </ul>
      }
      after={({ digest }) => (
        <>
          <p>It is saved as a file of this computer.</p>
          <Digest digest={digest} />
        </>
      )}
      onDone={({ content }) => save(name, bytesOf(content))}
    />
  )
}
