// Shows one input of the fuzzers again: `node test/fuzz/one.ts <target> <seed>`, where a target is a reader, `front` or `product`. Prints the input and
// what came of it; ends with 1 where it is a defect.
import { seeded } from '../harness/seeded.ts'
import { frontSurroundings, openFront } from './front.ts'
import { openProduct } from './product.ts'
import { type Drawn, drawRequest } from './requests.ts'
import { attack, shown, tell } from './target.ts'
import { targets } from './targets/all.ts'
import { type Sender, tellRequest } from './tell-request.ts'
import { faultOf, openClient } from './wire.ts'

const print = (line: string): void => void process.stdout.write(`${line}\n`)

async function sendAgain(sender: Sender, seed: number, drawn: Drawn, port: number, secrets: readonly string[]): Promise<number> {
  print(shown(drawn))
  const client = openClient(port)
  const answered = await client.ask(drawn)
  client.close()
  print(shown(answered))
  const fault = faultOf(drawn, answered, secrets)
  print(fault === undefined ? 'It was answered as promised.' : tellRequest(sender, seed, drawn, fault))
  return fault === undefined ? 0 : 1
}

async function again(name: string, seed: number): Promise<number> {
  if (name === 'front') {
    const front = await openFront()
    return sendAgain(name, seed, drawRequest(seeded(seed), frontSurroundings), front.port, []).finally(front.close)
  }
  if (name === 'product') {
    const product = await openProduct()
    return sendAgain(name, seed, product.draw(seeded(seed)), product.port, product.secrets).finally(product.close)
  }
  const it = targets.find((one) => one.name === name)
  if (it === undefined) return 2
  print(shown(it.draw(seeded(seed))))
  const defect = await attack(it, seed)
  print(defect === undefined ? 'It was read or refused as promised.' : tell(defect))
  return defect === undefined ? 0 : 1
}

const [name = '', seed = ''] = process.argv.slice(2)
const exit = seed !== '' && Number.isSafeInteger(Number(seed)) ? await again(name, Number(seed)) : 2
if (exit === 2)
  process.stderr.write(
    `Usage: node test/fuzz/one.ts <target> <seed>\nTargets: front, product, ${targets.map((one) => one.name).join(', ')}\n`,
  )
process.exitCode = exit
