// No file reaches itself through imports: what goes in a circle cannot be read, tested or moved alone.
// Tarjan's strongly connected components over files; type imports count, augmentations and URL references do not.

import { at, type Check, type Code, type Project } from '../project.ts'

const edges = (file: Code, { code }: Project): readonly Code[] =>
  file.imports
    .filter(({ kind, node }) => kind === 'file' && node.type !== 'TSModuleDeclaration' && node.type !== 'NewExpression')
    .flatMap(({ target }) => code.get(target) ?? [])

interface State {
  readonly order: Map<Code, number>
  readonly low: Map<Code, number>
  readonly stack: Code[]
  readonly circles: Code[][]
}

const close = (file: Code, state: State): void => {
  if (state.low.get(file) !== state.order.get(file)) return
  const circle = state.stack.splice(state.stack.indexOf(file))
  if (circle.length > 1) state.circles.push(circle)
}

const visit = (file: Code, project: Project, state: State): void => {
  state.order.set(file, state.order.size)
  state.low.set(file, state.order.size - 1)
  state.stack.push(file)
  for (const next of edges(file, project)) {
    if (!state.order.has(next)) visit(next, project, state)
    if (state.stack.includes(next)) state.low.set(file, Math.min(state.low.get(file) ?? 0, state.low.get(next) ?? 0))
  }
  close(file, state)
}

/** No import cycle between files. */
export const noCycles: Check = (project) => {
  const state: State = { order: new Map(), low: new Map(), stack: [], circles: [] }
  for (const file of project.code.values()) if (!state.order.has(file)) visit(file, project, state)
  return state.circles.flatMap((circle) => {
    const [first] = circle
    const names = circle.map(({ path }) => path).join(', ')
    return first
      ? [at(first, first.program, `These files import each other in a circle: ${names}. Move what both need into a file of its own.`)]
      : []
  })
}
