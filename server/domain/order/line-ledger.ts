import type { Order } from './state.ts'

/** What is wrong with the quantity ledgers of an order's lines (invariant 1 of the domain model); empty when nothing is. */
export function ledgerViolations({ intake, state }: Order): readonly string[] {
  if (state.lines.length !== intake.lines.length) return [`${state.lines.length} ledgers for ${intake.lines.length} lines`]
  return state.lines.flatMap((line, i) => {
    const { lineRef, quantity } = intake.lines[i] ?? { lineRef: '?', quantity: 0 }
    const steps = [quantity - line.cancelled, line.allocated, line.released, line.picked, line.packed, line.shipped, line.delivered]
    const isFalling = steps.every((units, step) => step === 0 || units <= (steps[step - 1] ?? 0))
    const isWhole = Object.values(line).every((units) => Number.isSafeInteger(units) && units >= 0)
    return isFalling && isWhole ? [] : [`line ${lineRef} of ${quantity}: ${JSON.stringify(line)}`]
  })
}
