import { createAvailability, type Availability } from '../../server/domain/availability/availability.ts'
import { quoteDefaultService } from '../../server/domain/sourcing/default-service.ts'
import { createNodePlaces } from '../../server/domain/sourcing/distance.ts'
import { createPlanner } from '../../server/domain/sourcing/plan-order.ts'
import type { NodeQuote, SourcingLine } from '../../server/domain/sourcing/problem.ts'
import { universeOf } from '../../server/domain/sourcing/universe.ts'
import { defaultWeights } from '../../server/domain/sourcing/weights.ts'
import { seededRandom, type Random } from './random.ts'

/** Planning alone, in the shape: 559 nodes each stocking 30 % of 2,000 items (Zipf 1.0), lines 1–5 with mean 2, explanation built. */
const NODES = 559
const ITEMS = 2000
const LINES_SHARE = [0.45, 0.27, 0.14, 0.09, 0.05]

export type PlanSpeed = {
  readonly lines: string
  readonly orders: number
  readonly meanMicros: number
  readonly p50Micros: number
  readonly p99Micros: number
  readonly maxMicros: number
  readonly exactShare: number
  readonly explanationBytesMax: number
}

export function measurePlanSpeed(orders: number, fixedLines?: number): PlanSpeed {
  const random = seededRandom(7)
  const availability = stock(random)
  const places = createNodePlaces()
  const nodeNos = Array.from({ length: NODES }, (_, k) => k + 1)
  for (const nodeNo of nodeNos) places.set(nodeNo, 22 + random() * 20, 100 + random() * 22)
  const universe = universeOf(nodeNos)
  const zipf = zipfTable()
  const planner = createPlanner()
  const quote = (nodeNo: number, out: NodeQuote): number => {
    out.shipBy = 1_800_000_000_000
    out.handling = 200
    out.handlingPerUnit = 20
    quoteDefaultService(places.kmTo(nodeNo), out)
    return 0
  }
  const times = new Float64Array(orders)
  let exact = 0
  let bytes = 0
  const warm = Math.min(2000, orders)
  for (let k = -warm; k < orders; k++) {
    const lines = basket(random, zipf, fixedLines ?? pick(random, LINES_SHARE) + 1)
    places.from(22 + random() * 20, 100 + random() * 22)
    const start = performance.now()
    const plan = planner.plan({ lines, availability, universe, weights: defaultWeights, quote, partial: true })
    if (k < 0) continue
    times[k] = (performance.now() - start) * 1000
    if (plan.isExact) exact++
    bytes = Math.max(bytes, plan.explanation.length)
  }
  times.sort()
  return {
    lines: fixedLines === undefined ? '1-5 (mean 2)' : String(fixedLines),
    orders,
    meanMicros: times.reduce((sum, t) => sum + t, 0) / orders,
    p50Micros: times[Math.floor(orders * 0.5)] ?? 0,
    p99Micros: times[Math.floor(orders * 0.99)] ?? 0,
    maxMicros: times[orders - 1] ?? 0,
    exactShare: exact / orders,
    explanationBytesMax: bytes,
  }
}

/** Microseconds to sum one item's availability over all its nodes. */
export function measureAvailability(): number {
  const availability = stock(seededRandom(7))
  let total = 0
  const rounds = 200_000
  const start = performance.now()
  for (let k = 0; k < rounds; k++) total += availability.totalOf(1 + (k % ITEMS))
  const micros = ((performance.now() - start) * 1000) / rounds
  if (total <= 0) throw new Error('nothing was summed')
  return micros
}

function stock(random: Random): Availability {
  const availability = createAvailability()
  for (let item = 1; item <= ITEMS; item++)
    for (let node = 1; node <= NODES; node++)
      if (random() < 0.3)
        availability.setPosition(item, node, {
          onHand: 1 + Math.floor(random() * 50),
          soft: 0,
          firm: 0,
          committed: 0,
          safety: 0,
          backorderLimit: 0,
          version: 1,
        })
  return availability
}

function basket(random: Random, zipf: Float64Array, count: number): SourcingLine[] {
  return Array.from({ length: count }, (_, k) => ({
    lineNo: k + 1,
    itemNo: sample(random, zipf) + 1,
    quantity: 1 + Math.floor(random() * 3),
    weightGrams: 100 + Math.floor(random() * 2000),
  }))
}

function zipfTable(): Float64Array {
  const table = new Float64Array(ITEMS)
  let sum = 0
  for (let k = 0; k < ITEMS; k++) table[k] = sum += 1 / (k + 1)
  return table.map((value) => value / sum)
}

function sample(random: Random, cumulative: Float64Array): number {
  const at = random()
  let low = 0
  let high = cumulative.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (cumulative[middle]! < at) low = middle + 1
    else high = middle
  }
  return low
}

function pick(random: Random, shares: readonly number[]): number {
  let at = random()
  for (const [index, share] of shares.entries()) {
    at -= share
    if (at < 0) return index
  }
  return shares.length - 1
}
