// Where requests for one action of one organization find company: alone through the pipeline when nothing else is under way, several together otherwise.
// Who goes together has nothing to do with what each is decided: that is the same either way.
import type { Capability, OrgId } from '../../kernel/index.ts'
import { organizationOf } from './authenticate.ts'
import { Gather } from './gather.ts'
import { type ActionRequest, type Admitted, actOf, type DoorParts, reach } from './parts.ts'
import { translateStoreFailure } from './store-failure.ts'
import { type BatchOutcome, governTogether, type Through, type Waiting } from './together.ts'
import type { Together } from './together-port.ts'

type Alone = (capability: Capability, request: ActionRequest) => Promise<Admitted>

interface Item extends Waiting {
  readonly org: OrgId
  resolve(admitted: Admitted | Promise<Admitted>): void
  reject(error: unknown): void
}

function admittedAs(through: Through): Admitted {
  return { answer: { result: through.result, entry: through.entry }, act: actOf(through) }
}

/** Governs requests, several at once where their action allows it. */
export class Company {
  readonly #parts: DoorParts
  readonly #alone: Alone
  /** How each action is done to several at once, and the number of the company that it keeps. */
  readonly #ways: ReadonlyMap<string, readonly [number, Together]>
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
    this.#gather.add(`${org} ${company}`, { capability, how, request, credential: request.credential, org, resolve, reject })
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
    if (items.length === 1) return this.#goAlone(items)
    try {
      await this.#settle(items, await this.#together(first, items))
    } catch (error) {
      for (const item of items) item.reject(translateStoreFailure(error))
    }
  }

  #together({ org }: Item, batch: readonly Item[]): Promise<BatchOutcome> {
    return governTogether(this.#parts, { org, batch, recorded: (capability) => reach(this.#parts, capability, 'recorded') })
  }

  async #settle(items: readonly Item[], outcome: BatchOutcome): Promise<void> {
    const left: Item[] = []
    for (const [at, item] of items.entries()) {
      const through = outcome[at]
      if (through === undefined) left.push(item)
      else {
        reach(this.#parts, item.capability, 'committed')
        item.resolve(admittedAs(through))
      }
    }
    await this.#goAlone(left)
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
