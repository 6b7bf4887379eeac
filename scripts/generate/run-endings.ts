// Why runs end, from the table that the product says it by.
import { causeOf, runCauses } from '../../src/runs/index.ts'

/** The page: each code with its outcome, what is said of it, and what to do. */
export function runEndings(): string {
  const rows = runCauses.map((cause) => {
    const { outcome, says, remedy } = causeOf(cause)
    return `| \`${cause}\` | ${outcome} | ${says} | ${remedy ?? ''} |`
  })
  return `# Why a run ended

Each run ends for one cause, the first there was. Its code is \`cause\` in the API, and in the ledger’s entry of its end; in words it is \`reason\`; \`remedy\` says what
to do. \`twinlock run show\` and the run in the console say all three. The words are the platform’s own and the same for every run: a run chooses among the codes
by how it behaves, and adds nothing to them. What stands after *the run says* is its own claim.

What is of one run alone is content, for whoever may read what is in the run and is cleared for it, and reading it is recorded: \`twinlock run read\`, *How it ended* in
the console, \`exit\` in the answer of \`run:read\`. That is its exit code or signal, which limit or rule was met, and its last words: at most 4 KiB of its
error output, without control characters and without what looks like a secret. They are what its program wrote, and nobody vouches for them. Of a run that somebody
ended nothing of the kind is kept.

Generated: \`npm run generate\`.

| cause | outcome | what happened | what to do |
| --- | --- | --- | --- |
${rows.join('\n')}
`
}
