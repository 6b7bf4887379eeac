// How an engagement stands, in a sentence.
import type { OutputOf } from '../../../api/call.ts'

/** An engagement as it is listed. */
export type Engagement = OutputOf<'engagement:list'>['items'][number]

const sentences: Readonly<Record<Engagement['state'], string>> = {
  unconfirmed: 'Nothing of it is let through: the sponsor has not confirmed that it needs to know.',
  active: 'The sponsor has confirmed that it needs to know.',
  suspended: 'Nothing of it is let through: the need to know was taken back.',
  ended: 'Over, with everything that was of it.',
}

/** The sentence. */
export const standing = (state: Engagement['state']): string => sentences[state]

/** How long an engagement may last, in days. */
export const engagementDaysMax = 366
/** From when on its end is near. */
export const soonMs = 14 * 86_400_000
