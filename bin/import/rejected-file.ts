import { createReadStream, existsSync, mkdirSync } from 'node:fs'
import { appendFile, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import type { Rejection } from '../../server/engine/ports/history-source.ts'
import { reasonOf } from './reasons.ts'

/**
 * The rejected rows of an import, one JSON object a line. On a resume the lines of rows that are read again (those after
 * `rowsDone`, and all of the other tables) are taken out first, so no row stands in it twice.
 */
export async function openRejectedFile(path: string, rowsDone: number): Promise<(rejections: readonly Rejection[]) => Promise<void>> {
  mkdirSync(dirname(path), { recursive: true })
  await keepUpTo(path, rowsDone)
  return async (rejections) => {
    if (rejections.length > 0) await appendFile(path, rejections.map(lineOf).join(''))
  }
}

const lineOf = (rejection: Rejection): string => `${JSON.stringify({ ...rejection, reason: reasonOf(rejection.code) })}\n`

async function keepUpTo(path: string, rowsDone: number): Promise<void> {
  const draft = `${path}.draft`
  const out = await open(draft, 'w')
  try {
    if (existsSync(path) && rowsDone > 0)
      for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
        if (isKept(line, rowsDone)) await out.write(`${line}\n`)
      }
  } finally {
    await out.close()
  }
  await rename(draft, path)
}

function isKept(line: string, rowsDone: number): boolean {
  try {
    const { table, row } = JSON.parse(line) as Rejection
    return table === 'orders' && row <= rowsDone
  } catch {
    return false // torn by a crash: its row is read again
  }
}
