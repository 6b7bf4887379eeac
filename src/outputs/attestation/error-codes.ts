// The codes that attestation checks add to the product's list, by declaration merging.

/** Why an attestation is not accepted. */
export type AttestationErrorCode =
  | 'attestation_malformed' // it does not have the form of its standard; the detail says where
  | 'attestation_signature' // it is signed by none of the keys that the caller trusts
  | 'attestation_subject' // it speaks about something else
  | 'attestation_predicate' // it says something else than was asked, or says that a check failed

declare module '../../kernel/errors.ts' {
  interface ErrorCodes {
    attestation: AttestationErrorCode
  }
}
