import type { LineIntake } from './state.ts'

/** Where lines stand in their order, by reference. */
export type LineNos = { get(lineRef: string): number | undefined }

/** Up to so many lines are looked through: an index of them would cost more than it saves. */
const FEW = 8

export function lineNosOf(lines: readonly Pick<LineIntake, 'lineRef'>[]): LineNos {
  return lines.length > FEW ? new Map(lines.map((line, i) => [line.lineRef, i])) : new FewLines(lines)
}

class FewLines implements LineNos {
  private readonly lines: readonly Pick<LineIntake, 'lineRef'>[]

  constructor(lines: readonly Pick<LineIntake, 'lineRef'>[]) {
    this.lines = lines
  }

  /** The last of its name, as an index has it. */
  get(lineRef: string): number | undefined {
    for (let i = this.lines.length - 1; i >= 0; i--) if (this.lines[i]?.lineRef === lineRef) return i
    return undefined
  }
}
