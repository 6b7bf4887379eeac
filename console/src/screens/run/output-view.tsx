// One file of a run, shown without ever being run: pictures in an `img`, in which no script runs and nothing is loaded; text as text; everything else is only
// saved. What is saved has no type that a browser would open. Reading a file is recorded.
import { type ReactElement, useMemo } from 'react'
import { type Reading, useRead } from '../../api/queries.ts'
import { Button } from '../../design/button.tsx'
import { Code } from '../../design/code.tsx'
import { Partial, Shown } from '../../design/conditions.tsx'
import { Digest } from '../../design/id.tsx'
import { size } from '../../design/time.ts'
import { visible, visibleLines } from '../../design/visible.ts'
import { isPicture, isText, plainType, safeName } from './series.ts'
import type { RunFile } from './story.ts'

/** A file with its content, base64. */
export interface FileContent {
  readonly path: string
  readonly mediaType: string
  readonly content: string
}

const charactersShownMax = 100_000

/** Reads a file of a run once. */
export function useFile(run: string, path: string | undefined): Reading<FileContent> {
  return useRead('run:output', { run, path: path ?? '' }, { once: true, when: path !== undefined })
}

/** The bytes of base64. */
export function bytesOf(content: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(content)
}

/** Saves a file under a plain name, with a type that no browser opens. */
function save({ path, content }: FileContent): void {
  const url = URL.createObjectURL(new Blob([bytesOf(content)], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = safeName(path)
  link.click()
  URL.revokeObjectURL(url)
}

/** The address of a picture. A `data:` address has no origin: opened by itself it is no page of ours. */
function pictureUrl({ mediaType, content }: FileContent): string {
  return `data:${plainType(mediaType)};base64,${content}`
}

function Text({ file }: { readonly file: FileContent }): ReactElement {
  const text = useMemo(() => visibleLines(new TextDecoder().decode(bytesOf(file.content))), [file.content])
  return (
    <>
      {text.length > charactersShownMax ? (
        <Partial title={`The first ${charactersShownMax.toLocaleString('en-US')} characters.`}>Save the file to read all of it.</Partial>
      ) : null}
      <Code text={text.slice(0, charactersShownMax)} label={`the content of ${file.path}`} tall />
    </>
  )
}

/** A picture on a plain ground. */
export function Picture({ file, alt }: { readonly file: FileContent; readonly alt: string }): ReactElement {
  return (
    <img
      src={pictureUrl(file)}
      alt={alt}
      className="max-h-[70vh] max-w-full rounded-mark border border-line bg-raised object-contain"
      draggable={false}
    />
  )
}

/** One file. */
export function OutputView({ run, file }: { readonly run: string; readonly file: RunFile }): ReactElement {
  const reading = useFile(run, file.path)
  return (
    <div className="space-y-4">
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-small text-soft">
        <span>
          <bdi>{visible(file.mediaType)}</bdi>, {size(file.bytes)}
        </span>
        <Digest digest={file.digest} />
      </p>
      <Shown of={reading} what="the file">
        {(content) => (
          <>
            <div className="mb-3">
              <Button onPress={() => save(content)}>Save</Button>
            </div>
            {isPicture(content) ? (
              <Picture file={content} alt={`${file.path}, as the run wrote it`} />
            ) : isText(content) ? (
              <Text file={content} />
            ) : (
              <p className="text-soft">It is not shown here. Save it to look at it.</p>
            )}
          </>
        )}
      </Shown>
    </div>
  )
}
