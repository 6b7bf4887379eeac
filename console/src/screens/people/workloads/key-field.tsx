// The field that a public key is pasted into, and the thumbprint by which it is known. A private half that is pasted goes nowhere, and the field says so.
import { type ReactElement, useEffect, useState } from 'react'
import { TextField } from '../../../design/field.tsx'
import { type PastedKey, type PublicKey, readPublicKey, thumbprintOf } from './public-key.ts'

/** The thumbprint of a key, once it is known. */
export function useThumbprint(key: PublicKey | undefined): string | undefined {
  const [known, setKnown] = useState<{ readonly of: PublicKey; readonly print: string }>()
  useEffect(() => {
    if (key === undefined) return
    let isWanted = true
    void thumbprintOf(key).then((print) => isWanted && setKnown({ of: key, print }))
    return () => {
      isWanted = false
    }
  }, [key])
  return known?.of === key ? known?.print : undefined
}

interface KeyFieldProps {
  readonly label: string
  /** The key that is pasted; undefined while it is none. */
  readonly onKey: (key: PublicKey | undefined) => void
}

/** The field. */
export function KeyField({ label, onKey }: KeyFieldProps): ReactElement {
  const [text, setText] = useState('')
  const [pasted, setPasted] = useState<PastedKey>()
  return (
    <TextField
      label={label}
      value={text}
      onChange={(typed) => {
        const read = readPublicKey(typed)
        setText(typed)
        setPasted(read)
        onKey(read !== undefined && 'key' in read ? read.key : undefined)
      }}
      hint="A P-256 JWK: kty, crv, x and y. The private half stays where it was made."
      error={pasted !== undefined && 'error' in pasted ? pasted.error : undefined}
      lines={6}
      maxLength={4_000}
      isRequired
      mono
    />
  )
}
