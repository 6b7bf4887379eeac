// What `identity` needs of a later room: that what people hold by what their directory says of them follows what it says.
import type { OrgId, Ports, Tx } from '../kernel/index.ts'

/** People of whom a directory has said something, or says nothing any more. */
export interface Said {
  readonly tx: Tx
  readonly ports: Ports
  readonly org: OrgId
  readonly people: readonly string[]
}

/** What came of it: how many grants were made, ended, and held back because duties would come together; how many live runs ended. */
export interface Followed {
  readonly made: number
  readonly ended: number
  readonly withheld: number
  readonly runs: number
}

/** Nothing came of it. */
export const nothingFollowed: Followed = { made: 0, ended: 0, withheld: 0, runs: 0 }

/** Knows what is given by what a directory says. */
export interface Following {
  /** Ends what these people are no longer given, and gives what they are now. Whoever calls it says that something was taken away when anything ended. */
  follow(said: Said): Promise<Followed>
  /** The same for people who have only just come, so that nothing of theirs can end: what came of it for each of them; nobody, where nothing is given by what is said. */
  welcome(said: Said): Promise<ReadonlyMap<string, Followed>>
}

declare module '../kernel/action.ts' {
  interface Ports {
    readonly following: Following
  }
}
