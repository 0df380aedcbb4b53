import type { Capability } from '../../contract/capability.ts'
import { capabilityList } from '../../contract/registry.ts'
import type { BlindIndex } from '../store/blind-index.ts'
import type { Flight } from './context.ts'

/** The writes that take an Idempotency-Key, by name: all but those whose definition says why not. */
export const keyedWrites: ReadonlyMap<string, Capability> = new Map(
  capabilityList.filter(({ kind, keyless }: Capability) => kind === 'write' && keyless === undefined).map((one) => [one.name, one]),
)

/**
 * What a key is bound to: the write and all that was sent to it, or one row or line of that. Under a key of the hub's: an input may hold
 * a password or a phone number, and a plain hash of one would be an invitation to guess it.
 */
export function hashInput(blindIndex: BlindIndex, name: string, flight: Flight, part?: unknown): Uint8Array {
  if (part !== undefined) return blindIndex.ofInput(JSON.stringify([name, part]), NO_BYTES)
  const { params, query, body } = flight.input as { params: unknown; query: unknown; body: unknown }
  const isRaw = body instanceof Uint8Array
  return blindIndex.ofInput(JSON.stringify([name, params, query, isRaw ? null : body]), isRaw ? body : NO_BYTES)
}
const NO_BYTES = new Uint8Array()
