// That the organization is to be deleted: every administrator is told, from the moment in which somebody asks for it, so that none is deleted behind their backs.
import { deletionOf } from '../../identity/index.ts'
import { namesOf } from '../../twins/index.ts'
import { type AttentionItem, type Looking, onlyWhere } from './item.ts'

/** The deletion that was asked for or confirmed, for those who could keep the organization. */
export async function closingOrganization(it: Looking): Promise<AttentionItem[]> {
  const deletion = await deletionOf(it.tx)
  if (deletion === undefined) return []
  const shown = await onlyWhere(it, 'organization:keep', [deletion], () => ({ reason: 'Whether it could be kept.' }))
  const names = await namesOf(it.tx, [deletion.asked_by, deletion.confirmed_by])
  return shown.map(({ org_id, asked_by, asked_at, confirmed_by, due_at }) => {
    const asker = names(asked_by) ?? asked_by
    return {
      kind: 'organization_closing',
      subject: { type: 'Organization', id: org_id },
      title: confirmed_by === null ? `${asker} asks to delete this organization` : 'This organization is to be deleted',
      why:
        confirmed_by === null
          ? 'Nothing happens until another administrator confirms it. Keep it if that is wrong.'
          : `${asker} asked for it, and ${names(confirmed_by) ?? confirmed_by} confirmed it. Until then it can be kept; nothing begins or leaves in it.`,
      since: asked_at.toISOString(),
      until: due_at?.toISOString() ?? null,
      action: 'organization:keep',
    }
  })
}
