// Completion scripts for three shells, written from the catalogue: nouns, verbs, flags and the choices of flags. They are static and ask nobody.
import type { Capability } from '../kernel/index.ts'
import { commands } from './commands.ts'
import { usage } from './failure.ts'
import { fieldsOf, negatedFlag } from './fields.ts'
import { globalFlags } from './line/globals.ts'
import { withVerbs } from './verb-rule.ts'
import { extraOf } from './verbs/extras.ts'

interface Words {
  /** First words. */
  readonly first: readonly string[]
  /** Second words by first word. */
  readonly second: Readonly<Record<string, readonly string[]>>
  /** Flags by `noun verb`. */
  readonly flags: Readonly<Record<string, readonly string[]>>
}

function wordsOf(catalogue: readonly Capability[]): Words {
  const verbs = withVerbs(catalogue)
  const second: Record<string, string[]> = {}
  const flags: Record<string, string[]> = {}
  for (const one of verbs) {
    second[one.noun] = [...(second[one.noun] ?? []), one.verb]
    flags[`${one.noun} ${one.verb}`] = [
      ...fieldsOf(one).flatMap((field) => [field.flag, negatedFlag(field)].flatMap((flag) => (flag === undefined ? [] : [`--${flag}`]))),
      ...(extraOf(one.name).flags ?? []).map((flag) => `--${flag.name}`),
    ]
  }
  for (const { words, flags: own } of commands) {
    const [noun = '', verb] = words
    if (verb !== undefined) second[noun] = [...(second[noun] ?? []), verb]
    flags[words.join(' ')] = (own ?? []).map((flag) => `--${flag.name}`)
  }
  second.completion = ['bash', 'zsh', 'fish']
  return { first: [...new Set([...Object.keys(second), ...commands.map((one) => one.words[0] ?? '')])].sort(), second, flags }
}

const globals = globalFlags.map(({ name }) => `--${name}`).join(' ')

function bash({ first, second, flags }: Words): string {
  const seconds = Object.entries(second).map(([word, rest]) => `    ${word}) words="${rest.join(' ')}" ;;`)
  const options = Object.entries(flags).map(([words, own]) => `    "${words}") words="${own.join(' ')} ${globals}" ;;`)
  return `# Completion of twinlock for bash. Load it with: source <(twinlock completion bash)
_twinlock() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then words="${first.join(' ')}"
  elif [ "$COMP_CWORD" -eq 2 ] && [[ "$current" != -* ]]; then case "\${COMP_WORDS[1]}" in
${seconds.join('\n')}
  esac
  elif [[ "$current" == -* ]]; then words="${globals}"
  case "\${COMP_WORDS[1]} \${COMP_WORDS[2]}" in
${options.join('\n')}
  esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ \${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _twinlock twinlock
`
}

function zsh(words: Words): string {
  return `#compdef twinlock
# Completion of twinlock for zsh. Load it with: source <(twinlock completion zsh)
autoload -U +X bashcompinit && bashcompinit
${bash(words).split('\n').slice(1).join('\n')}`
}

function fish({ first, second, flags }: Words): string {
  const seconds = Object.entries(second).map(
    ([word, rest]) =>
      `complete -c twinlock -n "__fish_seen_subcommand_from ${word}; and test (count (commandline -opc)) -eq 2" -f -a "${rest.join(' ')}"`,
  )
  const options = Object.entries(flags).flatMap(([words, own]) => {
    const [noun = '', verb] = words.split(' ')
    const condition =
      verb === undefined
        ? `__fish_seen_subcommand_from ${noun}`
        : `__fish_seen_subcommand_from ${noun}; and __fish_seen_subcommand_from ${verb}`
    return own.map((flag) => `complete -c twinlock -n "${condition}" -l ${flag.slice(2)}`)
  })
  return `# Completion of twinlock for fish. Load it with: twinlock completion fish | source
complete -c twinlock -n "test (count (commandline -opc)) -eq 1" -f -a "${first.join(' ')}"
${seconds.join('\n')}
${globalFlags.map(({ name, short }) => `complete -c twinlock -l ${name}${short === undefined ? '' : ` -s ${short}`}`).join('\n')}
${options.join('\n')}
`
}

const shells: Readonly<Record<string, (words: Words) => string>> = { bash, zsh, fish }

/** The completion script of a shell. Throws a usage failure for a shell that is not known. */
export function completionScript(shell: string | undefined, catalogue: readonly Capability[]): string {
  const write = shell !== undefined && Object.hasOwn(shells, shell) ? shells[shell] : undefined
  if (write === undefined) throw usage('`twinlock completion` takes bash, zsh or fish.')
  return write(wordsOf(catalogue))
}
