// Runs cases in worker threads, one at a time each. A worker that dies fails the case that it had, and the sweep with it.

import { Worker } from 'node:worker_threads'
import { EngineError } from '../errors.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import type { CaseRunner, RunOutcome } from './sweep.ts'

/** A runner that must be closed. */
export interface WorkerPool extends CaseRunner {
  close(): Promise<void>
}

type Answer = { readonly outcome: RunOutcome } | { readonly error: string; readonly code: string | null }

function ask(worker: Worker, scenario: Scenario): Promise<RunOutcome> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.off('message', onMessage)
      worker.off('error', onError)
      worker.off('exit', onExit)
      act()
    }
    const onMessage = (answer: Answer): void =>
      settle(() =>
        'outcome' in answer ? resolve(answer.outcome) : reject(new EngineError('run/bad-input', answer.error, { code: answer.code ?? '' })),
      )
    const onError = (error: Error): void => settle(() => reject(error))
    const onExit = (code: number): void =>
      settle(() => reject(new EngineError('run/ended', `A worker ended with code ${code} within a case`)))
    worker.on('message', onMessage)
    worker.on('error', onError)
    worker.on('exit', onExit)
    worker.postMessage(scenario)
  })
}

/** Starts `width` workers. */
export function createWorkerPool(width: number): WorkerPool {
  const idle = Array.from({ length: width }, () => new Worker(new URL('case-worker.ts', import.meta.url)))
  const all = [...idle]
  const waiting: ((worker: Worker) => void)[] = []
  const take = (): Promise<Worker> => {
    const worker = idle.pop()
    return worker === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(worker)
  }
  const give = (worker: Worker): void => {
    const next = waiting.shift()
    if (next === undefined) idle.push(worker)
    else next(worker)
  }
  return {
    width,
    run: async (scenario) => {
      const worker = await take()
      try {
        return await ask(worker, scenario)
      } finally {
        give(worker)
      }
    },
    close: async () => {
      await Promise.all(all.map((worker) => worker.terminate()))
    },
  }
}
