// The smallest supervisor: starts a cell's program and answers its requests by plain functions. The probe uses it, and tests do;
// a run of the product is supervised by the runs room and the broker instead.
import { CodedError, fail } from '../../kernel/index.ts'
import type {
  AssetMessage,
  AssetValue,
  CallMessage,
  CallValue,
  Cell,
  CellExit,
  ChildMessage,
  CredentialMessage,
  CredentialValue,
  OutputMessage,
  OutputValue,
  RequestMessage,
  StartMessage,
} from '../../runs/index.ts'

/** How to answer each kind of request. What is left out is `denied`; a thrown `CodedError` becomes the problem. */
export interface CellAnswers {
  call?(message: CallMessage): Promise<CallValue>
  asset?(message: AssetMessage): Promise<AssetValue>
  output?(message: OutputMessage): Promise<OutputValue>
  credential?(message: CredentialMessage): Promise<CredentialValue>
  /** Sees every message that waits for no answer. */
  notice?(message: ChildMessage): void
}

/** What a served cell came to. `finish` is missing where the run never said it. */
export interface ServedRun {
  readonly finish?: Extract<ChildMessage, { type: 'finish' }>
  readonly exit: CellExit
}

/** Starts the program and answers until the cell is gone. */
export async function serveCell(cell: Cell, start: StartMessage, answers: CellAnswers): Promise<ServedRun> {
  let finish: Extract<ChildMessage, { type: 'finish' }> | undefined
  const open: Promise<void>[] = []
  open.push(sendIfThere(cell, start))
  for await (const message of cell.messages) {
    if ('id' in message) open.push(reply(cell, message, answers))
    else answers.notice?.(message)
    if (message.type === 'finish') finish ??= message
  }
  await Promise.all(open)
  const exit = await cell.exited
  return { ...(finish === undefined ? {} : { finish }), exit }
}

async function reply(cell: Cell, message: RequestMessage, answers: CellAnswers): Promise<void> {
  try {
    const value = await answer(message, answers)
    await sendIfThere(cell, { type: 'reply', id: message.id, ok: true, value: { ...value } })
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    await sendIfThere(cell, { type: 'reply', id: message.id, ok: false, problem: { code: error.code, detail: error.message } })
  }
}

function answer(message: RequestMessage, answers: CellAnswers): Promise<CallValue | AssetValue | OutputValue | CredentialValue> {
  const none = () => Promise.reject(fail('denied', 'This run has no such request.'))
  switch (message.type) {
    case 'call':
      return answers.call?.(message) ?? none()
    case 'asset':
      return answers.asset?.(message) ?? none()
    case 'output':
      return answers.output?.(message) ?? none()
    case 'credential':
      return answers.credential?.(message) ?? none()
  }
}

// A cell that is gone needs no answer; its exit is the answer.
async function sendIfThere(cell: Cell, message: Parameters<Cell['send']>[0]): Promise<void> {
  try {
    await cell.send(message)
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'stale') throw error
  }
}
