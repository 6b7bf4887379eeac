// An entry's proof: its receipt, verified in this browser; what was verified, with which key; and what that does not prove. A proof that does not hold is the
// loudest thing on the page.
import { type ReactElement, type ReactNode, useEffect, useState } from 'react'
import { useRead } from '../../api/queries.ts'
import { Because } from '../../design/because.tsx'
import { Button } from '../../design/button.tsx'
import { Code } from '../../design/code.tsx'
import { Loading, Notice, Shown } from '../../design/conditions.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { TextField } from '../../design/field.tsx'
import { Icon } from '../../design/icon.tsx'
import { Digest } from '../../design/id.tsx'
import { Verdict } from '../../design/state.tsx'
import { counted } from '../../design/time.ts'
import { type Proof, prove, type Receipt, type ShownEntry } from './verify.ts'

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

function useProof(entry: ShownEntry, receipt: Receipt, verifierKey: string): Proof {
  const [proof, setProof] = useState<Proof>({ state: 'checking' })
  useEffect(() => {
    let isCurrent = true
    setProof({ state: 'checking' })
    void prove(entry, receipt, verifierKey).then((now) => isCurrent && setProof(now))
    return () => {
      isCurrent = false
    }
  }, [entry, receipt, verifierKey])
  return proof
}

/** What went wrong, in the words of whoever has to act on it. */
const meanings: Readonly<Record<string, string>> = {
  'inclusion-mismatch': 'The text of this entry is not the one that the log holds at this number.',
  'signature-invalid': 'The checkpoint was not signed by the key of this log.',
  'note-unsigned': 'The checkpoint is not signed by the key that it is held against.',
  'origin-mismatch': 'The checkpoint is of another log than the key.',
  'key-malformed': 'The key is no verifier key: a name, an id of eight digits and the key itself, joined by +.',
  'key-id-mismatch': 'The key does not fit its own id: it was copied incompletely, or changed.',
  'receipt-malformed': 'The receipt cannot be read.',
  'shown-differs': 'What is shown above is not what was recorded.',
  'index-differs': 'The entry stands elsewhere in the log than is shown above.',
}

function NotHeld({ proof, isOwnKey }: { readonly proof: Extract<Proof, { state: 'failed' }>; readonly isOwnKey: boolean }): ReactElement {
  return (
    <div role="alert" className="mb-4 max-w-prose border-l-4 border-bad bg-bad-ground px-4 py-3">
      <p className="flex items-center gap-1.5 font-semibold text-bad">
        <Icon name="warn" />
        This proof does not hold. Do not rely on this entry.
      </p>
      <p className="mt-1 font-medium">{meanings[proof.code] ?? 'A part of the proof does not fit the others.'}</p>
      <p className="mt-1 text-soft [overflow-wrap:anywhere]">{proof.why}</p>
      <p className="mt-2 text-soft">
        {isOwnKey ? 'If your key is the right one, keep' : 'Keep'} the receipt below as it is, tell whoever answers for this log, and verify
        an export of the whole log without this server.
      </p>
      <p className="mt-2 text-small text-soft">
        code <code className="font-mono text-tiny">{proof.code}</code>
      </p>
    </div>
  )
}

function Held({ proof, isOwnKey }: { readonly proof: Extract<Proof, { state: 'held' }>; readonly isOwnKey: boolean }): ReactElement {
  const { index, checkpoint, signatures } = proof.proved
  const forged = proof.texts.filter(({ holds }) => !holds)
  return (
    <>
      <div role="status" className="mb-3 max-w-prose border-l-2 border-good py-1 pl-4">
        <p className="flex items-center gap-1.5 font-medium text-good">
          <Icon name="check" />
          Verified in this browser, just now
        </p>
        <p className="mt-1">
          This very entry is No. {index.toLocaleString('en-US')} of the log. The log signed for it when it had{' '}
          {counted(checkpoint.size, 'entry', 'entries')}: the root below commits to all of them, in their order.
        </p>
      </div>
      {forged.length === 0 ? null : (
        <Notice tone="bad" title="A text beside the entry is not the one that was committed to.">
          {forged.map(({ name }) => name).join(', ')}: it was changed afterwards. The entry itself holds.
        </Notice>
      )}
      <Facts>
        <Fact name="Inclusion">
          <Verdict is="passed" /> the hash of the entry’s text leads to the root below (RFC 6962)
        </Fact>
        <Fact name="Signature">
          <Verdict is="passed" /> {counted(signatures.length, 'signature')} of {isOwnKey ? 'the key that you gave' : 'the key below'}
        </Fact>
        <Fact name="What is shown">
          <Verdict is="passed" /> action, outcome, time, actor, resource and policies above are those of the text in the log
        </Fact>
        {proof.texts.length === 0 ? null : (
          <Fact name="Texts">
            <Verdict is={forged.length === 0 ? 'passed' : 'failed'} /> {proof.texts.length - forged.length} of {proof.texts.length} lead to
            what the entry committed to
          </Fact>
        )}
        <Fact name="Witnesses">
          <Verdict is="not_assessed" /> no independent witness was asked: the log’s own key alone counted
        </Fact>
        <Fact name="Root">
          <Digest digest={`sha256:${hex(checkpoint.root)}`} />
        </Fact>
      </Facts>
    </>
  )
}

const limits: readonly (readonly [title: string, text: ReactNode])[] = [
  ['That the key is the right one.', 'It came from the same server. Hold it against a copy that reached you another way, above.'],
  [
    'That everybody sees the same log.',
    'A server could show you one history and others another. Witnesses, or comparing roots with others, rule that out.',
  ],
  ['That what the entry says is true.', 'It proves what was recorded, and that it was not changed since.'],
  ['That everything was recorded.', 'A proof is about this entry. Names and states on this page are those of now, and are not part of it.'],
]

function NotProved({ isOwnKey }: { readonly isOwnKey: boolean }): ReactElement {
  return (
    <>
      <h3 className="mt-5 mb-1 text-small text-soft">What this does not prove</h3>
      <ul className="grid gap-x-8 md:grid-cols-2">
        {limits.slice(isOwnKey ? 1 : 0).map(([title, text]) => (
          <li key={title} className="border-b border-line/70 py-1.5">
            <span className="font-medium">{title}</span> <span className="text-soft">{text}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

function Receipted({ entry, receipt }: { readonly entry: ShownEntry; readonly receipt: Receipt }): ReactElement {
  const [own, setOwn] = useState('')
  const isOwnKey = own.trim() !== ''
  const proof = useProof(entry, receipt, isOwnKey ? own : receipt.verifierKey)
  return (
    <>
      {proof.state === 'checking' ? <Loading what="the proof" rows={2} /> : null}
      {proof.state === 'unable' ? (
        <Notice tone="warn" title="Not assessed: this browser cannot verify it.">
          {proof.why} Take the receipt below, and verify it elsewhere.
        </Notice>
      ) : null}
      {proof.state === 'failed' ? <NotHeld proof={proof} isOwnKey={isOwnKey} /> : null}
      {proof.state === 'held' ? <Held proof={proof} isOwnKey={isOwnKey} /> : null}
      <Facts>
        <Fact name="Log">
          <code className="font-mono text-tiny break-all">{receipt.origin}</code>
        </Fact>
        <Fact name="Key">
          <Code text={receipt.verifierKey} label="the key of the log" />
        </Fact>
      </Facts>
      <div className="mt-3 flex flex-wrap items-end gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-72 md:max-w-xl">
          <TextField
            label="Verify with your own copy of the key"
            value={own}
            onChange={setOwn}
            hint="Instead of the one that this server told. It stays in this page."
            mono
          />
        </div>
        <Because title="The receipt" label="Show the receipt" weight="plain">
          <p className="mb-3 text-soft">
            A C2SP tlog-proof and the exact text that it is about: with the key, all that is needed to verify it anywhere.
          </p>
          <Code text={receipt.receipt} label="the receipt" tall />
          <p className="mt-3 mb-1 text-small text-soft">The entry, as the log holds it</p>
          <Code text={receipt.body} label="the text of the entry" tall />
        </Because>
      </div>
      {proof.state === 'held' ? <NotProved isOwnKey={isOwnKey} /> : null}
    </>
  )
}

/** The proof of an entry. */
export function EntryProof({ entry, again }: { readonly entry: ShownEntry; readonly again: () => void }): ReactElement {
  const receipt = useRead('ledger:receipt', { entry: entry.id }, { every: false, when: entry.isProvable })
  if (!entry.isProvable)
    return (
      <Notice tone="warn" title="Not in a signed checkpoint yet." action={<Button onPress={again}>Look again</Button>}>
        It is recorded, and cannot be proved to others before the next checkpoint; one is signed within seconds.
      </Notice>
    )
  return (
    <Shown of={receipt} what="the receipt" rows={3}>
      {(data) => <Receipted entry={entry} receipt={data} />}
    </Shown>
  )
}
