// A person of whom an answer tells the id alone, by name, with the way to him.
import type { ReactElement } from 'react'
import { Thing } from '../audit/thing.tsx'
import { useNameOf } from './names.ts'

/** The person. */
export function Somebody({ id }: { readonly id: string }): ReactElement {
  return <Thing id={id} name={useNameOf(id)} linked brief />
}
