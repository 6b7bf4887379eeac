// Where requests for one action of one organization find company: alone through the pipeline when nothing else is under way, several together otherwise.
// Who goes together has nothing to do with what each is decided: that is the same either way.
import type { Capability, OrgId } from '../../kernel/index.ts'
import { organizationOf } from './authenticate.ts'
import { Gather } from './gather.ts'
import { type ActionRequest, type Admitted, actOf, type DoorParts, leavesEntry, reach } from './parts.ts'
import { translateStoreFailure } from './store-failure.ts'
import { governTogether, type Through, type Waiting } from './together.ts'
import type { Together } from './together-port.ts'
import { Turns } from './turns.ts'

type Alone = (capability: Capability, request: ActionRequest) => Promise<Admitted>

interface Item extends Waiting {
  readonly org: OrgId
  /** The number of the company that it keeps. */
  readonly company: number
  resolve(admitted: Admitted | Promise<Admitted>): void
  reject(error: unknown): void
}

function admittedAs(capability: Capability, through: Through): Admitted {
  const { result, entry } = through
  return leavesEntry(capability) ? { answer: { result, entry }, act: actOf(through) } : { answer: { result, entry: null }, act: undefined }
}

/** So many batches at once, over all organizations, of a company that takes turns. */
const turnsMax = 4

/** Governs requests, several at once where their action allows it. */
export class Company {
  readonly #parts: DoorParts
  readonly #alone: Alone
  /** How each action is done to several at once, and the number of the company that it keeps. */
  readonly #ways: ReadonlyMap<string, readonly [number, Together]>
  /** Whose turn it is, by company. */
  readonly #turns = new Map<number, Turns>()
  readonly #gather = new Gather<Item>((items) => this.#govern(items))

  constructor(parts: DoorParts, alone: Alone) {
    this.#parts = parts
    this.#alone = alone
    const companies = (parts.together ?? []).map((company, number) =>
      Object.entries(company).map(([name, how]) => [name, [number, how]] as const),
    )
    this.#ways = new Map(companies.flat())
  }

  admitted(capability: Capability, request: ActionRequest): Promise<Admitted> {
    const way = this.#ways.get(capability.name)
    const org = way === undefined ? undefined : this.#organization(request)
    if (way === undefined || org === undefined || request.credential === undefined) return this.#alone(capability, request)
    const [company, how] = way
    const { promise, resolve, reject } = Promise.withResolvers<Admitted>()
    const item = { capability, how, request, credential: request.credential, org, company, resolve, reject }
    this.#gather.add(`${org} ${company}`, item, how.batchesMax)
    return promise
  }

  /** The organization that a credential points at; nothing where there is none to be read, which the pipeline refuses and counts. */
  #organization({ credential }: ActionRequest): OrgId | undefined {
    try {
      return organizationOf(credential, this.#parts.ports.baseUrl)
    } catch {
      return undefined
    }
  }

  /** Settles every item, and never throws: what is thrown here is thrown to those who wait. */
  async #govern(items: readonly Item[]): Promise<void> {
    const [first] = items
    if (first === undefined) return
    if (first.how.takesTurns !== true) return this.#settle(first, items)
    const turns = this.#turns.get(first.company) ?? new Turns(turnsMax)
    this.#turns.set(first.company, turns)
    await turns.take(() => this.#settle(first, items))
  }

  async #settle(first: Item, items: readonly Item[]): Promise<void> {
    if (items.length === 1) return this.#goAlone(items)
    try {
      const left = await this.#together(first, items)
      // Where none went through, one of them took the others down, or something was taken away meanwhile: then most of them go through the next time.
      await this.#goAlone(left.length === items.length ? await this.#together(first, left) : left)
    } catch (error) {
      for (const item of items) item.reject(translateStoreFailure(error))
    }
  }

  /** Governs a batch; answers those of it that are to be governed on their own. */
  async #together({ org }: Item, batch: readonly Item[]): Promise<readonly Item[]> {
    const recorded = (capability: Capability) => reach(this.#parts, capability, 'recorded')
    const outcome = await governTogether(this.#parts, { org, batch, recorded })
    return batch.filter((item, at) => {
      const through = outcome[at]
      if (through === undefined) return true
      reach(this.#parts, item.capability, 'committed')
      item.resolve(admittedAs(item.capability, through))
      return false
    })
  }

  /** On their own, side by side; the next batch waits for them, so that refusals are no way to more transactions at once than others have. */
  async #goAlone(items: readonly Item[]): Promise<void> {
    const going = items.map((item) => {
      const admitted = this.#alone(item.capability, item.request)
      item.resolve(admitted)
      return admitted
    })
    await Promise.allSettled(going)
  }
}
