import { TransientMap } from '../kernel/transient-map.ts'
import type { Flight } from './context.ts'

/** The requests in flight, those that came first before the others. */
export class Flights implements Iterable<Flight> {
  readonly #byNo = new TransientMap<number, Flight>()

  get size(): number {
    return this.#byNo.size
  }

  add(flight: Flight): void {
    this.#byNo.set(flight.no, flight)
  }

  delete(flight: Flight): void {
    this.#byNo.delete(flight.no)
  }

  [Symbol.iterator](): Iterator<Flight> {
    return this.#byNo.values()
  }
}
