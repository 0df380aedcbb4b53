import { CITIES as ALL, type City } from '../simulator/world/cities.ts'

/** The cities of the bench's world: fixed, so that its figures can be compared over time. */
export const CITIES: readonly City[] = ALL.slice(0, 65)
