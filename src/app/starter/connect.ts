// Connections of the starter: an upstream has a side in staging and one in production, and staging names production as its counterpart, so that a
// promotion can say where a permission leads afterwards.
import type { Act } from './people.ts'

/** An upstream of one environment: where it listens and the key that it asks for. */
export interface StarterUpstream {
  readonly url: string
  readonly apiKey: string
}

/** Connects both sides of one upstream: production first, so that staging can name it as its counterpart. */
export async function connect(
  act: Act,
  it: { slug: string; access: 'read' | 'write'; owner: string; environments: { staging: string; production: string } },
  sides: { staging: StarterUpstream; production: StarterUpstream },
): Promise<void> {
  const { slug, access, owner, environments } = it
  const secret = (upstream: StarterUpstream) => ({ header: 'x-api-key', value: upstream.apiKey })
  const production = await act('connection:create', {
    environment: environments.production,
    slug: `${slug}-production`,
    access,
    baseUrl: sides.production.url,
    sensitivity: 'confidential',
    owner,
    secret: secret(sides.production),
  })
  await act('connection:create', {
    environment: environments.staging,
    slug,
    access,
    baseUrl: sides.staging.url,
    sensitivity: 'internal',
    owner,
    counterpart: production.id,
    secret: secret(sides.staging),
  })
}
