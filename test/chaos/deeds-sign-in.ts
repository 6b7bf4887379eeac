// Deeds about ways to sign in without the starter's links: a SAML provider, passkeys and recovery codes, made, used up and ended.
import { asPart, textAt } from '../harness/acting.ts'
import { addPasskey } from '../harness/authenticator.ts'
import { sampleMetadata } from '../harness/saml-metadata.ts'
import { baseUrl } from '../harness/twinlock.ts'
import { as, type Deed, freshSlug } from './life.ts'

/** A SAML provider is connected, and goes. */
export const connectsSaml: Deed = async (life) => {
  const admin = await as(life, 'admin')
  const slug = freshSlug(life, 's')
  const sso = textAt(await admin('sso:create-saml', { slug, name: 'Provider', metadata: await sampleMetadata(slug) }), 'id')
  await admin('sso:change', { sso, idpInitiated: true })
  await admin('sso:retire', { sso })
}

/** Somebody adds passkeys and recovery codes; one passkey turns out to be a copy, and both go. */
export const addsPasskeys: Deed = async (life) => {
  const admin = await as(life, 'admin')
  const { id: passkey } = await addPasskey(admin, baseUrl, 5)
  await admin('passkey:rename', { passkey, name: 'Another name' })
  await asPart(life.door, life.ground.org, 'sign-in')('passkey:suspend', { passkey, counter: 1, known: 5 })
  await admin('passkey:remove', { passkey })
  await admin('person:recovery-codes')
}
