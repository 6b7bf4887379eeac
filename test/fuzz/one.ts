// Shows one input of the fuzzers again: `node test/fuzz/one.ts <target> <seed>`. Prints the input and what came of it; ends with 1 where it is a defect.
import { seeded } from '../harness/seeded.ts'
import { attack, shown, tell } from './target.ts'
import { targets } from './targets/all.ts'

const [name, seed] = process.argv.slice(2)
const it = targets.find((one) => one.name === name)
if (it === undefined || seed === undefined || !Number.isSafeInteger(Number(seed))) {
  process.stderr.write(`Usage: node test/fuzz/one.ts <target> <seed>\nTargets: ${targets.map((one) => one.name).join(', ')}\n`)
  process.exitCode = 2
} else {
  process.stdout.write(`${shown(it.draw(seeded(Number(seed))))}\n`)
  const defect = await attack(it, Number(seed))
  process.stdout.write(defect === undefined ? 'It was read or refused as promised.\n' : `${tell(defect)}\n`)
  if (defect !== undefined) process.exitCode = 1
}
