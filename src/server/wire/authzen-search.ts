// Search (AuthZEN section 8): which subjects, resources or actions. What cannot be found is an empty answer, never an error; a page token is ours and opaque.
import { z } from 'zod'
import type { Ask } from './authzen-ask.ts'
import { actionShape, asked, entity, named } from './authzen-evaluation.ts'

const limitMax = 100
const page = z.object({ token: z.string().optional(), limit: z.number().int().min(1).optional() }).optional()
const context = z.record(z.string(), z.json()).optional()
// the id of what is searched for is passed over, whatever it is (sections 8.4 and 8.5)
const ofType = entity.omit({ id: true })

const shapes = {
  subject: z.object({ subject: ofType, action: actionShape, resource: entity, context, page }),
  resource: z.object({ subject: entity, action: actionShape, resource: ofType, context, page }),
  action: z.object({ subject: entity, resource: entity, context, page }),
} as const

/** What a search is for. */
export type SearchKind = keyof typeof shapes

function questionOf(kind: SearchKind, body: unknown) {
  if (kind === 'subject') {
    const { subject, action, resource, page: at } = shapes.subject.parse(body)
    return { subject: { type: subject.type }, action: asked(action), resource: named(resource), at }
  }
  if (kind === 'resource') {
    const { subject, action, resource, page: at } = shapes.resource.parse(body)
    return { subject: named(subject), action: asked(action), resource: { type: resource.type }, at }
  }
  const { subject, resource, page: at } = shapes.action.parse(body)
  return { subject: named(subject), resource: named(resource), at }
}

/** A search as the door takes it. Throws what makes a request none. */
export function readSearch(kind: SearchKind, body: unknown): object {
  const { at, ...question } = questionOf(kind, body ?? {})
  const token = at?.token ?? ''
  return { for: kind, ...question, limit: Math.min(at?.limit ?? 50, limitMax), ...(token === '' ? {} : { token }) }
}

const found = z.object({ items: z.array(z.json()), next: z.string().nullable() })

/** Answers a search; an empty token says that this was the last page (section 8.2). */
export async function answerSearch(search: object, ask: Ask): Promise<object> {
  const { items, next } = found.parse(await ask('access:search', search))
  return { page: { next_token: next ?? '', count: items.length }, results: items }
}
