// A link to the view that is shown, which leads whoever is signed in to several organizations to the right one.
import { addressKey, organizationHere } from '../api/session.ts'
import { toast } from '../design/announcer.tsx'

/** The address of what is shown, with its organization. */
function linkHere(): string {
  const url = new URL(window.location.href)
  const organization = organizationHere()
  if (organization !== undefined) url.searchParams.set(addressKey, organization)
  url.hash = ''
  return url.href
}

/** Copies it, and says so. */
export async function copyLinkHere(): Promise<void> {
  try {
    await navigator.clipboard.writeText(linkHere())
    toast('The link to this view is copied.')
  } catch {
    toast('It could not be copied: the browser does not allow it here.', 'bad')
  }
}
