// A person of whom an answer tells the id alone, by name, with the way to him.
import type { ReactElement } from 'react'
import { Thing } from '../audit/thing.tsx'
import { useNameOf } from './names.ts'

interface SomebodyProps {
  readonly id: string
  /** In rows that lead elsewhere he leads nowhere himself. */
  readonly plain?: boolean
}

/** The person. */
export function Somebody({ id, plain = false }: SomebodyProps): ReactElement {
  return <Thing id={id} name={useNameOf(id)} linked={!plain} brief />
}
