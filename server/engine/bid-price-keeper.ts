import { noBidPrices, type BidPrices } from '../domain/sourcing/bid-prices.ts'
import { bidPricesFrom, transportModelOf, type ItemOutlook } from '../domain/sourcing/transport-model.ts'
import type { Solver } from './ports/solver.ts'

export type BidPriceSettings = { readonly isOn: boolean; readonly intervalMs: number; readonly timeLimitMs: number }
export type BidPriceKeeper = {
  /** The prices in force: one immutable object, replaced as a whole; all 0 while off or before the first solve. */
  current(): BidPrices
  /** Solves once and swaps; false when off, when there is nothing to price or no optimum in time: the prices in force stay. Faults of the solver pass through. */
  runOnce(): Promise<boolean>
  /** Runs on the timer until stopped; a failed run is reported and tried again at the next beat. */
  start(report: (error: unknown) => void): void
  stop(): void
}

/** Keeps bid prices fresh: what is there and expected → LP in the solver's thread → one swap. */
export function createBidPriceKeeper(
  solver: Solver,
  load: () => Promise<readonly ItemOutlook[]>,
  settings: BidPriceSettings,
): BidPriceKeeper {
  let prices = noBidPrices
  let timer: NodeJS.Timeout | undefined
  let running: Promise<boolean> | undefined

  async function solve(): Promise<boolean> {
    const outlooks = await load()
    const transport = transportModelOf(outlooks)
    if (transport.rows.length === 0) return false
    const solution = await solver.solve(transport.model, settings.timeLimitMs)
    if (solution.status !== 'optimal') return false
    prices = bidPricesFrom(transport, solution, prices.version + 1)
    return true
  }

  async function runOnce(): Promise<boolean> {
    if (!settings.isOn) return false
    // Two runs at once would only race for the same answer.
    running ??= solve().finally(() => (running = undefined))
    return running
  }

  return {
    current: () => prices,
    runOnce,
    start(report) {
      if (!settings.isOn || timer) return
      timer = setInterval(() => void runOnce().catch(report), settings.intervalMs)
      timer.unref()
    },
    stop() {
      clearInterval(timer)
      timer = undefined
    },
  }
}
