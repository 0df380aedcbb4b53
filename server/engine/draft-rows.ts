import { setImmediate as nextTurn } from 'node:timers/promises'
import { made, type Write } from '../store/write.ts'
import type { Batch } from './transaction.ts'

/**
 * The rows of a batch, made while the one before commits: a turn after each statement, so that PostgreSQL never waits long for its next.
 * None where a rule throws: the commit meets it again and knows what to do.
 */
export async function draftRows({ family, decided }: Batch): Promise<readonly Write[] | undefined> {
  const writes: Write[] = []
  try {
    for (const write of family.draft?.(decided) ?? []) {
      writes.push(made(write))
      await nextTurn()
    }
  } catch {
    return undefined
  }
  return writes
}
