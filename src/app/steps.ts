// Steps: the named moments between which a process may die. Whoever composes the product may watch them, and end the process there: that is how
// crashes are tried. Nothing of a request, a setting or the environment reaches this port, and without a watcher a step costs one comparison.
import type { Capability } from '../kernel/index.ts'

/** Around the transaction of an act: everything is written and nothing committed; and committed, while nothing that follows from it has happened. */
const doorMoments = ['recorded', 'committed'] as const

/** Between what is committed, where more than one transaction or something outside belongs together. */
const looseSteps = [
  'sequencer/numbered', // entries have their numbers, the head is moved, nothing is committed
  'sequencer/appended', // the head is committed, no signature covers it
  'sequencer/signed', // a signature exists and is not committed
  'sequencer/released', // the checkpoint is committed, and nobody who waits for it was told
  'cell/launched', // a cell executes for a run that has not begun
  'cell/started', // the program was told to start
  'cell/gone', // the identity has ended and the cell is gone; nothing is sealed
  'broker/answered', // the upstream has acted and answered; the outcome is not recorded
] as const

/** A moment at which a process may die. */
export type Step = (typeof looseSteps)[number] | `${string}:${string}/${(typeof doorMoments)[number] | 'included'}`

/** Watches steps as they are reached. What it throws fails the step, as a fault there would. */
export type Watch = (step: Step) => void

/** Whether the door's transaction for an action can change anything: reads of metadata leave nothing behind. */
function isStep({ effect }: Capability): boolean {
  return effect !== 'read'
}

/** Every step of a product with these actions: two moments for each act, one more for a consequence, and the loose ones. */
export function stepsOf(catalogue: readonly Capability[]): Step[] {
  const acts = catalogue.filter(isStep).flatMap(({ name, effect }) => {
    const moments: readonly string[] = effect === 'consequence' ? [...doorMoments, 'included'] : doorMoments
    return moments.map((moment) => `${name}/${moment}` as Step) // a name is noun:verb, as `action` checks
  })
  return [...acts, ...looseSteps]
}
