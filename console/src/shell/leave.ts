// Signing out, from wherever it is asked for.
import { asProblem } from '../api/problem.ts'
import { signOut } from '../api/session.ts'
import { toast } from '../design/announcer.tsx'

/** Ends the session of this organization; a failure is shown, and the session stands. */
export async function leave(): Promise<void> {
  try {
    await signOut()
  } catch (error) {
    toast(asProblem(error).detail, 'bad')
  }
}
