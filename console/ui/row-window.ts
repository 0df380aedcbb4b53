/** Which rows of a list are drawn: those in view and some before and after, in steps, so that a short scroll draws nothing anew. */
export type RowWindow = { readonly from: number; readonly to: number }

/** px; every row of a long list is as high. */
export const ROW = 54
const STEP = 8
const SPARE = 12

/** `top`: where the first row stands against the top of the window, px (negative once it is scrolled out). */
export function windowOf(top: number, height: number, count: number): RowWindow {
  const first = Math.max(0, Math.floor(-top / ROW / STEP) * STEP - SPARE)
  const last = Math.ceil((Math.max(0, -top) + height) / ROW / STEP) * STEP + SPARE
  return { from: Math.min(first, Math.max(0, count - 1)), to: Math.min(count, last) }
}
