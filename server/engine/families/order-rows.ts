import { orderWrites } from '../../store/order-writes.ts'
import type { Write } from '../../store/write.ts'
import type { Memory } from '../memory.ts'
import { laneLessons } from './lane-lessons.ts'
import type { DecidedOrder } from './order-command.ts'
import { mergeChanges } from './order-log.ts'
import { movesOf } from './stock-moves.ts'

/** The rows that follow from decisions alone, whatever else the transaction finds. */
export function* orderRows(decided: readonly DecidedOrder[], memory: Memory): Generator<Write> {
  yield* orderWrites(mergeChanges(decided), memory)
  yield* movesOf(decided, memory)
  yield* laneLessons(decided, memory)
}
