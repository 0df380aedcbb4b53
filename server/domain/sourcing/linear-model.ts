/**
 * A linear (or mixed-integer) program: minimise cost × x with columnLower ≤ x ≤ columnUpper and rowLower ≤ A x ≤ rowUpper,
 * A by rows (starts, indices, values). Plain typed arrays, so that it crosses to a solver's thread cheaply.
 */
export type LinearModel = {
  readonly cost: Float64Array
  readonly columnLower: Float64Array
  readonly columnUpper: Float64Array
  readonly rowLower: Float64Array
  readonly rowUpper: Float64Array
  readonly starts: Int32Array
  readonly indices: Int32Array
  readonly values: Float64Array
  /** 1 where a column must be whole; left out: none. */
  readonly integer?: Int32Array
}

/** `optimal`: proved. `feasible`: a limit was reached with a solution at hand. `none`: no solution (infeasible, unbounded, or no time). */
export type LinearSolution = {
  readonly status: 'optimal' | 'feasible' | 'none'
  readonly objective: number
  readonly columns: Float64Array
  /** Change of the objective for one more unit of a row's right-hand side; empty for mixed-integer models. */
  readonly rowDuals: Float64Array
  /** Proved bound of a mixed-integer model; the objective itself for an optimal one. */
  readonly bound: number
}

/** Collects columns and rows; numbers them from 0 in the order in which they come. */
export class LinearModelBuilder {
  private readonly cost: number[] = []
  private readonly upper: number[] = []
  private readonly whole: number[] = []
  private readonly rowLower: number[] = []
  private readonly rowUpper: number[] = []
  private readonly rows: number[][] = []
  private readonly rowValues: number[][] = []

  /** A column from 0 to `upper`. */
  column(cost: number, upper = Infinity, isWhole = false): number {
    this.cost.push(cost)
    this.upper.push(upper)
    this.whole.push(isWhole ? 1 : 0)
    return this.cost.length - 1
  }

  row(lower: number, upper: number): number {
    this.rowLower.push(lower)
    this.rowUpper.push(upper)
    this.rows.push([])
    this.rowValues.push([])
    return this.rows.length - 1
  }

  put(row: number, column: number, value: number): void {
    this.rows[row]!.push(column)
    this.rowValues[row]!.push(value)
  }

  build(): LinearModel {
    const starts = new Int32Array(this.rows.length + 1)
    this.rows.forEach((row, r) => (starts[r + 1] = starts[r]! + row.length))
    const model = {
      cost: Float64Array.from(this.cost),
      columnLower: new Float64Array(this.cost.length),
      columnUpper: Float64Array.from(this.upper),
      rowLower: Float64Array.from(this.rowLower),
      rowUpper: Float64Array.from(this.rowUpper),
      starts,
      indices: Int32Array.from(this.rows.flat()),
      values: Float64Array.from(this.rowValues.flat()),
    }
    return this.whole.includes(1) ? { ...model, integer: Int32Array.from(this.whole) } : model
  }
}
