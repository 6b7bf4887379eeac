// What the process that is to die and the one that watches it say to each other, over the channel that Node gives a child. Both are ours.
import type { ActionRequest, BrokerCall, Step } from '../../src/app/index.ts'
import type { DatabaseConnection } from '../../src/host/postgres/connection.ts'
import type { StoreOptions } from '../../src/host/store/store.ts'

/** How a victim is opened. */
export interface Opening {
  readonly connection: DatabaseConnection
  readonly folders: { readonly blobs: string; readonly keys: string }
  readonly baseUrl: string
  readonly worker: string
  /** How far this process's wall clock is from the machine's, in milliseconds. */
  readonly offsetMs: number
  /** Port of its HTTP server; none where it is left out, any free one where it is 0. */
  readonly port?: number
  readonly runsMax: number
  /** How long its stores wait, so that a test of frozen databases need not last as long as the product's patience; the product's own limits where left out. */
  readonly limits?: Pick<StoreOptions, 'transactionMs' | 'queryMs' | 'connectMs'>
}

/** What a victim is told. */
export type ToVictim =
  | { readonly kind: 'open'; readonly opening: Opening }
  | { readonly kind: 'arm'; readonly step: Step; readonly nth: number; readonly how: 'die' | 'freeze' }
  | { readonly kind: 'disarm' }
  | { readonly kind: 'turn'; readonly offsetMs: number }
  | { readonly kind: 'govern'; readonly id: number; readonly request: ActionRequest }
  | { readonly kind: 'call'; readonly id: number; readonly call: BrokerCall }
  | { readonly kind: 'close' }

/** What a victim says. */
export type FromVictim =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'opened'; readonly port: number | undefined }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly code: string; readonly detail: string; readonly cause: string }
  | { readonly kind: 'token'; readonly run: string; readonly token: string }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'reached'; readonly step: Step }
  | { readonly kind: 'closed' }
