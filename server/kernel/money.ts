import { assert } from './assert.ts'

/** Integer minor units of a currency; the currency travels beside it. */
declare const brand: unique symbol
export type Minor = number & { readonly [brand]: 'Minor' }

/** Checks that the number is a safe integer. */
export function minor(amount: number): Minor {
  assert(Number.isSafeInteger(amount), `money must be a safe integer of minor units, got ${amount}`)
  return amount as Minor
}

/**
 * The hub's one rounding rule: half away from zero, on an exact rational `numerator / denominator` of integers.
 * All amounts that come from a rate (tax, percentage discount, proration) go through here.
 */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  assert(denominator > 0n, 'denominator must be positive')
  const sign = numerator < 0n ? -1n : 1n
  const magnitude = numerator < 0n ? -numerator : numerator
  return sign * ((2n * magnitude + denominator) / (2n * denominator))
}

/** amount × numerator / denominator, rounded by {@link divideRounded}; safe-integer arithmetic where it is exact. */
export function scale(amount: Minor, numerator: number, denominator: number): Minor {
  const product = amount * numerator
  if (Number.isSafeInteger(product * 2) && Number.isSafeInteger(denominator * 2)) {
    const sign = product < 0 ? -1 : 1
    const twice = 2 * Math.abs(product) + denominator
    return minor(sign * ((twice - (twice % (2 * denominator))) / (2 * denominator)))
  }
  return minor(Number(divideRounded(BigInt(amount) * BigInt(numerator), BigInt(denominator))))
}

/**
 * Splits an amount over weights so that the parts sum to it exactly (largest remainder, ties to the first).
 * With all weights 0 the first part takes all; with no weights the amount must be 0.
 */
export function prorate(amount: Minor, weights: readonly number[]): Minor[] {
  if (weights.length === 0) {
    assert(amount === 0, 'cannot prorate over nothing')
    return []
  }
  const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n)
  if (total === 0n) return weights.map((_, i) => minor(i === 0 ? amount : 0))
  const exact = BigInt(Math.abs(amount))
  const parts = weights.map((weight) => (exact * BigInt(weight)) / total)
  const remainders = weights.map((weight, i) => ({ i, rest: (exact * BigInt(weight)) % total }))
  let left = exact - parts.reduce((sum, part) => sum + part, 0n)
  remainders.sort((a, b) => (a.rest === b.rest ? a.i - b.i : a.rest > b.rest ? -1 : 1))
  for (const { i } of remainders) {
    if (left === 0n) break
    parts[i] = (parts[i] ?? 0n) + 1n
    left -= 1n
  }
  return parts.map((part) => minor(amount < 0 ? -Number(part) : Number(part)))
}

/**
 * Decimal text ("12.30", "-4", "1e2" is refused) to minor units at a currency's scale (digits after the point).
 * Undefined when it is no plain decimal or has more significant digits than the scale keeps.
 */
export function parseDecimal(text: string, digits: number): Minor | undefined {
  const match = /^(-?)(\d{1,15})(?:\.(\d+))?$/.exec(text.trim())
  if (!match) return undefined
  const fraction = match[3] ?? ''
  if (fraction.length > digits && /[1-9]/.test(fraction.slice(digits))) return undefined
  const value = Number(`${match[2]}${fraction.slice(0, digits).padEnd(digits, '0')}`)
  if (!Number.isSafeInteger(value)) return undefined
  return minor(match[1] === '-' && value !== 0 ? -value : value)
}
