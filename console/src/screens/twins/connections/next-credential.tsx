// The next credential of a connection: in its field until it is sealed, and nowhere else.
import { type ReactElement, useState } from 'react'
import { Act } from '../../../design/act.tsx'
import { TextField } from '../../../design/field.tsx'
import { Fields } from '../../people/form-section.tsx'
import { Lacks } from '../../people/fresh.tsx'
import { useFaults } from '../faults.tsx'
import { noCredential, rewritten } from './credential-terms.ts'

/** What is asked to learn whether somebody may: never what he wrote. */
export const someRotation = (connection: string) => ({ connection, value: 'asked-beforehand' })

/** The field, and the act. */
export function NextCredential({ connection }: { readonly connection: string }): ReactElement {
  const [next, setNext] = useState(noCredential)
  const value = next.value.trim()
  const faults = useFaults({ value: next.written })
  return (
    <Fields>
      <TextField
        label="Credential"
        type="password"
        value={next.value}
        onChange={(text) => setNext(rewritten(next, { value: text }))}
        hint="The whole value of the header that carries it. Sealed at once and never shown again."
        error={faults.at('value')}
        maxLength={4_000}
      />
      {value.length < 8 ? (
        <Lacks>{value === '' ? 'Write it first.' : 'A credential has at least eight characters.'}</Lacks>
      ) : (
        <span>
          <Act
            action="connection:rotate"
            label="Rotate it"
            title="Rotate the credential"
            weight="primary"
            input={() => ({ connection, value })}
            asked={someRotation(connection)}
            before={
              <ul className="list-disc space-y-1 pl-5">
                <li>Each call that is decided from now on carries the next credential.</li>
                <li>The one before is destroyed here. Take it away at the other end as well.</li>
              </ul>
            }
            after={({ version }) => <p>It has version {version} of its credential now; the one before is destroyed.</p>}
            onDone={() => setNext(noCredential)}
            onRefused={faults.onRefused}
          />
        </span>
      )}
    </Fields>
  )
}
