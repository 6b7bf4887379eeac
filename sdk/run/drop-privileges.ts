// Evaluated before any module of the twin: by now the whole program is loaded, and none of it has run.
// Gives up root for the uid that the driver chose (third argument), and checks that there is no way back.

/** The uid that this process was told to take, or undefined where it keeps the one it has. */
function wanted(): number | undefined {
  const text = process.argv[3]
  if (text === undefined || text === '-') return undefined
  const uid = Number(text)
  if (!Number.isSafeInteger(uid) || uid < 1) throw new Error('The uid for this run is not a positive number.')
  return uid
}

function drop(uid: number): void {
  process.setgroups?.([])
  process.setgid?.(uid)
  process.setuid?.(uid)
  const groups = process.getgroups?.() ?? []
  const ids = [process.getuid?.(), process.geteuid?.(), process.getgid?.(), process.getegid?.()]
  if (ids.some((id) => id !== uid) || groups.some((group) => group !== uid))
    throw new Error('The uid or groups of this run were not taken.')
  if (canReturn()) throw new Error('The run could become root again.')
}

function canReturn(): boolean {
  try {
    process.setuid?.(0)
    return true
  } catch {
    return false // refused, as it must be
  }
}

const uid = wanted()
if (uid !== undefined) drop(uid)
