import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { distanceKm } from '../../server/domain/sourcing/distance.ts'
import type { Random } from './random.ts'

/**
 * The instance family of Jasin–Sinha 2015 and Ma 2023 (arXiv 2207.04774): a box from centre k to metro j costs 8.759, and each item
 * in it 0.423 + 0.000541 × miles; an item left unfilled costs as if shipped from a phantom centre at twice both.
 */
export const BOX = 8.759
const ITEM = 0.423
const ITEM_MILE = 0.000541
const MILES = 0.621371
const ITEMS = 20
const TYPES_PER_SIZE = 5
const SIZES = 5
const STOCKED = 0.75

export type Place = { readonly lat: number; readonly lng: number; readonly weight: number }
export type Network = { readonly centres: readonly Place[]; readonly metros: readonly Place[] }
export type Instance = {
  readonly centres: number
  readonly metros: number
  readonly items: number
  readonly periods: number
  /** Item sets; the first is "no order". */
  readonly types: readonly (readonly number[])[]
  /** Probability of a period's order being of this type and from this metro: type × metros + metro. */
  readonly chance: Float64Array
  /** Cost of an item from a centre to a metro: centre × metros + metro. */
  readonly unit: Float64Array
  readonly phantomBox: number
  readonly phantomUnit: number
  /** Initial units: item × centres + centre. */
  readonly stock: Int32Array
}

export function readNetwork(folder: string, isWarmUp: boolean): Network {
  const suffix = isWarmUp ? '_warmup' : ''
  const read = (name: string): Place[] =>
    readFileSync(join(folder, `${name}${suffix}.csv`), 'utf8')
      .trim()
      .split('\n')
      .map((row) => {
        const [, , lat = 0, lng = 0, weight = 1] = row.split(',').map(Number)
        return { lat, lng, weight }
      })
  return { centres: read('fulfillment_centers'), metros: read('cities') }
}

export function drawInstance(network: Network, periods: number, random: Random): Instance {
  const centres = network.centres.length
  const metros = network.metros.length
  const unit = new Float64Array(centres * metros)
  network.centres.forEach((centre, k) =>
    network.metros.forEach((metro, j) => {
      unit[k * metros + j] = ITEM + ITEM_MILE * MILES * distanceKm(centre.lat, centre.lng, metro.lat, metro.lng)
    }),
  )
  const types = drawTypes(random)
  const chance = drawChances(network, types, random)
  const stocked = Array.from({ length: ITEMS * centres }, () => random() < STOCKED)
  const stock = initialStock({ centres, metros, periods, types, chance, unit, stocked })
  const dearest = unit.reduce((most, cost) => Math.max(most, cost), 0)
  return { centres, metros, items: ITEMS, periods, types, chance, unit, phantomBox: 2 * BOX, phantomUnit: 2 * dearest, stock }
}

/** The type and metro of each period: type × metros + metro. */
export function drawSequence(instance: Instance, random: Random): Int32Array {
  const cumulative = Float64Array.from(instance.chance)
  for (let k = 1; k < cumulative.length; k++) cumulative[k]! += cumulative[k - 1]!
  return Int32Array.from({ length: instance.periods }, () => {
    const at = random() * (cumulative.at(-1) ?? 1)
    const found = cumulative.findIndex((value) => value > at)
    return found < 0 ? cumulative.length - 1 : found
  })
}

function drawTypes(random: Random): number[][] {
  const types: number[][] = [[]]
  for (let size = 1; size <= SIZES; size++)
    for (let k = 0; k < TYPES_PER_SIZE; k++) {
      const set = new Set<number>()
      while (set.size < size) set.add(Math.floor(random() * ITEMS))
      types.push([...set].toSorted((a, b) => a - b))
    }
  return types
}

function drawChances(network: Network, types: readonly (readonly number[])[], random: Random): Float64Array {
  const sizes = Array.from({ length: SIZES + 1 }, () => random())
  const sizeSum = sizes.reduce((sum, weight) => sum + weight, 0)
  const within = types.map((type) => (type.length === 0 ? 1 : random()))
  const population = network.metros.reduce((sum, { weight }) => sum + weight, 0)
  const metros = network.metros.length
  const chance = new Float64Array(types.length * metros)
  types.forEach((type, q) => {
    const same = types.reduce((sum, other, p) => (other.length === type.length ? sum + within[p]! : sum), 0)
    const share = (sizes[type.length]! / sizeSum) * (within[q]! / same)
    network.metros.forEach(({ weight }, j) => (chance[q * metros + j] = share * (weight / population)))
  })
  return chance
}

type Unstocked = Pick<Instance, 'centres' | 'metros' | 'periods' | 'types' | 'chance' | 'unit'> & { readonly stocked: readonly boolean[] }

/** Mean demand of the metros whose closest stocking centre it is, plus half a standard deviation. */
function initialStock({ centres, metros, periods, types, chance, unit, stocked }: Unstocked): Int32Array {
  const stock = new Int32Array(ITEMS * centres)
  for (let i = 0; i < ITEMS; i++) {
    const share = new Float64Array(centres)
    for (let j = 0; j < metros; j++) {
      let closest = -1
      for (let k = 0; k < centres; k++)
        if (stocked[i * centres + k] && (closest < 0 || unit[k * metros + j]! < unit[closest * metros + j]!)) closest = k
      if (closest < 0) continue
      types.forEach((type, q) => {
        if (type.includes(i)) share[closest]! += chance[q * metros + j]!
      })
    }
    for (let k = 0; k < centres; k++) {
      const p = share[k]!
      stock[i * centres + k] = Math.round(periods * p + 0.5 * Math.sqrt(periods * p * (1 - p)))
    }
  }
  return stock
}

/** Boxes a period that each centre would ship if every item came from the closest centre that stocks it at first. */
export function closestBoxes(instance: Instance): Float64Array {
  const { centres, metros, types, chance, unit, stock } = instance
  const boxes = new Float64Array(centres)
  types.forEach((type, q) => {
    for (let j = 0; j < metros; j++) {
      const used = new Set<number>()
      for (const item of type) {
        let closest = -1
        for (let k = 0; k < centres; k++)
          if (stock[item * centres + k]! > 0 && (closest < 0 || unit[k * metros + j]! < unit[closest * metros + j]!)) closest = k
        if (closest >= 0) used.add(closest)
      }
      for (const k of used) boxes[k]! += chance[q * metros + j]!
    }
  })
  return boxes
}
