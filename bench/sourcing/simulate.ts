import type { LinearProgramSolver } from '../../server/connect/solver/linear-program.ts'
import type { BidPrices } from '../../server/domain/sourcing/bid-prices.ts'
import { createPlanMaster, type ClassPlan, type MasterAnswer, type PlanMaster } from './plan-master.ts'
import type { Instance } from './instance.ts'
import { createWorld, pricesFrom, sourcesOf, type World } from './policies.ts'

/** What happens to the network on the way: boxes a centre can ship in each half (all Infinity: no limit), a centre lost at half time. */
export type Scenario = { readonly boxesPerHalf: Float64Array; readonly outage: number | undefined }
export type Policy =
  | { readonly kind: 'closest' }
  | { readonly kind: 'greedy' }
  | { readonly kind: 'prices'; readonly solves: number }
  | { readonly kind: 'window'; readonly solves: number }
export type Result = {
  readonly cost: number
  readonly unfilled: number
  readonly orders: number
  readonly items: number
  readonly decideMs: number
  readonly solveMs: number
}

/** Runs one policy over one sequence. */
export function simulate(
  instance: Instance,
  sequence: Int32Array,
  scenario: Scenario,
  policy: Policy,
  solver: LinearProgramSolver,
): Result {
  const run = new Simulation(instance, sequence, scenario, solver)
  try {
    return run.run(policy)
  } finally {
    run.dispose()
  }
}

class Simulation {
  private readonly world: World
  /** Prices plans as if nothing were ever out of stock: the LP knows what there is. */
  private readonly oracle: World
  private readonly master: PlanMaster
  private readonly half: number
  private readonly instance: Instance
  private readonly sequence: Int32Array
  private readonly scenario: Scenario
  private prices: BidPrices | undefined
  private boxPrice: Float64Array | undefined
  private solveMs = 0
  private orders = 0
  private items = 0

  constructor(instance: Instance, sequence: Int32Array, scenario: Scenario, solver: LinearProgramSolver) {
    this.instance = instance
    this.sequence = sequence
    this.scenario = scenario
    this.world = createWorld(instance)
    this.world.boxesLeft.set(scenario.boxesPerHalf)
    this.oracle = createWorld(instance)
    this.master = createPlanMaster(instance, solver)
    this.half = Math.floor(sequence.length / 2)
  }

  run(policy: Policy): Result {
    const { length } = this.sequence
    const solves = policy.kind === 'prices' || policy.kind === 'window' ? policy.solves : 2
    const start = performance.now()
    for (let k = 0; k < solves; k++) {
      const from = Math.floor((k * length) / solves)
      const to = Math.floor(((k + 1) * length) / solves)
      // A stretch never crosses half time, so that nobody decides with yesterday's network.
      const middle = from < this.half && this.half < to ? this.half : to
      this.stretch(policy, from, middle)
      if (middle < to) this.stretch(policy, middle, to)
    }
    const { cost, unfilled } = this.world
    return {
      cost,
      unfilled,
      orders: this.orders,
      items: this.items,
      decideMs: performance.now() - start - this.solveMs,
      solveMs: this.solveMs,
    }
  }

  dispose(): void {
    this.master.dispose()
  }

  private stretch(policy: Policy, from: number, to: number): void {
    if (from === this.half) this.passHalf()
    const classes = this.sequence.subarray(from, to).filter((cls) => cls >= this.instance.metros)
    this.orders += classes.length
    for (const cls of classes) this.items += this.instance.types[Math.floor(cls / this.instance.metros)]!.length
    if (policy.kind === 'closest') for (const cls of classes) shipClosest(this.world, cls)
    else if (policy.kind === 'greedy') this.decide(classes)
    else if (policy.kind === 'prices') {
      this.resolve(from, new Int32Array(0), this.sequence.length - from)
      this.decide(classes)
    } else this.decideWindow(classes, this.resolve(from, classes, this.sequence.length - to))
  }

  private passHalf(): void {
    this.world.boxesLeft.set(this.scenario.boxesPerHalf)
    if (this.scenario.outage === undefined) return
    this.world.closed.add(this.scenario.outage)
    this.oracle.closed.add(this.scenario.outage)
  }

  private decide(classes: Int32Array): void {
    for (const cls of classes) this.world.ship(cls, this.world.plan(cls, this.prices, this.boxPrice))
  }

  /** New prices from what is left, the orders at hand and the demand expected in the periods after them. */
  private resolve(from: number, open: Int32Array, periodsAfter: number): MasterAnswer {
    const start = performance.now()
    const { instance, world, master } = this
    const counts = instance.chance.map((chance, cls) => (cls < instance.metros ? 0 : chance * periodsAfter))
    for (const cls of open) counts[cls]! += 1
    const stock = world.stock.map((units, at) => (world.closed.has(at % instance.centres) ? 0 : units))
    const boxes = world.boxesLeft.map((left, k) => left + (from < this.half ? this.scenario.boxesPerHalf[k]! : 0))
    for (let round = 0; ; round++) {
      const answer = master.solve(counts, stock, boxes)
      const prices = pricesFrom(instance, answer.stockPrice, from + 1)
      if (!this.addPlans(prices, answer) || round === 50) {
        this.prices = prices
        this.boxPrice = answer.boxPrice
        this.solveMs += performance.now() - start
        return answer
      }
    }
  }

  private addPlans(prices: BidPrices, answer: MasterAnswer): boolean {
    const { instance, oracle, master } = this
    let isNew = false
    for (let cls = instance.metros; cls < instance.chance.length; cls++) {
      const plan = oracle.plan(cls, prices, answer.boxPrice)
      if (plan.objective < answer.classPrice[cls]! - 1e-5 && master.add({ cls, from: sourcesOf(instance, cls, plan) })) isNew = true
    }
    return isNew
  }

  /** The open orders of a window follow the plans that the LP gave their class, the fullest first; what does not fit is planned alone. */
  private decideWindow(classes: Int32Array, answer: MasterAnswer): void {
    const quotas = new Map<number, { plan: ClassPlan; left: number }[]>()
    this.master.plans.forEach((plan, index) => {
      const left = answer.counts[index]!
      if (left < 1e-6) return
      const own = quotas.get(plan.cls)
      if (own) own.push({ plan, left })
      else quotas.set(plan.cls, [{ plan, left }])
    })
    for (const cls of classes) {
      const fullest = quotas.get(cls)?.reduce((best, quota) => (quota.left > best.left ? quota : best))
      if (fullest) fullest.left -= 1
      if (fullest && this.fits(fullest.plan)) this.world.shipFrom(cls, fullest.plan.from)
      else this.world.ship(cls, this.world.plan(cls, this.prices, this.boxPrice))
    }
  }

  private fits({ cls, from }: ClassPlan): boolean {
    const { centres, types, metros } = this.instance
    const type = types[Math.floor(cls / metros)]!
    return from.every(
      (k, position) =>
        k === centres ||
        (!this.world.closed.has(k) && this.world.boxesLeft[k]! >= 1 && this.world.stock[type[position]! * centres + k]! > 0),
    )
  }
}

/** Each item from the closest centre that has it. */
function shipClosest(world: World, cls: number): void {
  const { centres, metros, types, unit } = world.instance
  const metro = cls % metros
  const from = types[Math.floor(cls / metros)]!.map((item) => {
    let closest = centres
    for (let k = 0; k < centres; k++) {
      if (world.stock[item * centres + k]! === 0 || world.closed.has(k) || world.boxesLeft[k]! < 1) continue
      if (closest === centres || unit[k * metros + metro]! < unit[closest * metros + metro]!) closest = k
    }
    return closest
  })
  world.shipFrom(cls, from)
}
