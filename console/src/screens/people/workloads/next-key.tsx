// Bringing the next key of a workload: the public half is pasted here, or the key is made where it will live, by one command. Beside it which key is good until
// when, before anything happens.
import { type ReactElement, useState } from 'react'
import { Act } from '../../../design/act.tsx'
import { Code } from '../../../design/code.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Select } from '../../../design/field.tsx'
import { Digest } from '../../../design/id.tsx'
import { counted, exact } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { useNow, When } from '../../../design/when.tsx'
import { useView } from '../../../shell/view.ts'
import { Beside, FormSection } from '../form-section.tsx'
import { Lacks } from '../fresh.tsx'
import { KeyField, useThumbprint } from './key-field.tsx'
import { noKey, type PublicKey } from './public-key.ts'
import type { ShownWorkload } from './workload-words.tsx'

const overlaps = [
  { id: '0', name: 'No overlap: it ends at once' },
  { id: '1', name: 'One hour' },
  { id: '8', name: 'Eight hours' },
  { id: '24', name: 'One day' },
  { id: '72', name: 'Three days' },
  { id: '168', name: 'One week' },
] as const

interface ForetoldProps {
  readonly workload: ShownWorkload
  readonly next: string | undefined
  readonly hours: number
}

function Foretold({ workload: { thumbprint, former, tokens }, next, hours }: ForetoldProps): ReactElement {
  const now = useNow()
  return (
    <Facts>
      <Fact name="The next key">{next === undefined ? <span className="text-faint">not pasted yet</span> : <Digest digest={next} />}</Fact>
      <Fact name="The one in force">
        {thumbprint === null ? <span className="text-soft">none</span> : <Digest digest={thumbprint} />}
        {hours === 0 ? (
          <span className="block text-warn">ends at once: until the workload has the next one, it gets no token</span>
        ) : (
          <span className="block">
            good for {counted(hours, 'hour')} more, until {exact(now + hours * 3_600_000)}; then it gets no token any more
          </span>
        )}
      </Fact>
      {former === null ? null : (
        <Fact name="The one before it">
          <Digest digest={former.thumbprint} />
          <span className="block text-warn">ends at once: two keys are good at most</span>
        </Fact>
      )}
      <Fact name="Tokens that hold">
        {tokens === 0 ? (
          <span className="text-soft">none now</span>
        ) : hours === 0 ? (
          <span className="text-warn">{counted(tokens, 'token')}, which end at once</span>
        ) : (
          <>{counted(tokens, 'token')}, which go on to their own ends</>
        )}
      </Fact>
    </Facts>
  )
}

interface NextKeyProps {
  readonly workload: ShownWorkload
  readonly onDone: () => void
}

/** The section. */
export function NextKey({ workload, onDone }: NextKeyProps): ReactElement {
  const [search, change] = useView()
  const [key, setKey] = useState<PublicKey>()
  const hours = Number(overlaps.find(({ id }) => id === search.overlap)?.id ?? '24')
  const next = useThumbprint(key)
  const input = { workload: workload.id, overlapHours: hours }
  return (
    <FormSection title="Bring its next key" onDone={onDone}>
      <Beside
        beside={
          <>
            <Foretold workload={workload} next={next} hours={hours} />
            <p className="mt-5 mb-1 text-small text-soft">
              Or make it where it will live, and put it into the workload’s key file in one step:
            </p>
            <Code
              text={`npx twinlock workload rotate ${workload.id} --key-file <file>${hours === 24 ? '' : ` --overlap-hours ${hours}`}`}
            />
          </>
        }
      >
        <KeyField label="Its next public key" onKey={setKey} />
        <Select
          label="The one in force stays good for"
          value={String(hours)}
          onChange={(id) => change({ overlap: id === '24' ? undefined : id })}
          choices={overlaps}
          hint="Long enough for whatever still uses it to get the next one. None where it was stolen."
        />
        {key === undefined ? (
          <Lacks>Paste the public key first.</Lacks>
        ) : (
          <Act
            action="workload:rotate"
            label="Bring it"
            title={`Bring the next key of ${visible(workload.slug)}`}
            weight={hours === 0 ? 'danger' : 'primary'}
            input={() => ({ ...input, jwk: key })}
            asked={{ ...input, jwk: noKey }}
            before={
              <p>
                {hours === 0
                  ? 'The key in force ends at once, and every token that the workload has: until it has the next one, nothing of it is admitted.'
                  : 'Both keys are good until the overlap is over. Put the next one where the workload runs before that.'}
              </p>
            }
            after={({ formerUntil, tokensEnded }) => (
              <p>
                It is in force.{' '}
                {hours === 0 ? (
                  `The one before is over, with ${counted(tokensEnded, 'token')}.`
                ) : (
                  <>
                    The one before is good until <When at={formerUntil} />.
                  </>
                )}
              </p>
            )}
            onDone={onDone}
          />
        )}
      </Beside>
    </FormSection>
  )
}
