import { randomOf } from '../random.ts'
import { dayOf, hourOf } from './hours.ts'

const STORMS = 0.07
const RUSH = [8, 9, 18, 19]

/** How much longer everything on the road takes in a region on a day: 1 in fair weather, up to 2.6 in a storm. */
export function weather(seed: number, region: string, at: number): number {
  const random = randomOf(seed, 'weather', region, dayOf(at))
  return random.is(STORMS) ? 1.4 + random.next() * 1.2 : 1
}

/** How much longer a ride through the city takes in its rush hours. */
export const traffic = (at: number): number => (RUSH.includes(hourOf(at)) ? 1.35 : 1)
