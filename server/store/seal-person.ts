import type { splitPerson } from '../domain/order/person.ts'
import { idFromInt8, idToInt8, type OrderId, type PersonId } from '../kernel/ids.ts'
import type { BlindIndex } from './blind-index.ts'
import type { SealedPerson } from './order-writes.ts'
import { type PersonKey, sealText, type Vault } from './vault.ts'

/** The buyer of an order has the number of the order. */
export const personOfOrder = (orderId: OrderId): PersonId => idFromInt8('per', idToInt8(orderId))

/** The person row of a new order: what splitPerson took out of it, sealed, with the indexes it is found by. `key` seals what else belongs to the person. */
export function sealPerson(
  vault: Vault,
  blindIndex: BlindIndex,
  orderId: OrderId,
  { person, contact }: ReturnType<typeof splitPerson>,
): SealedPerson & { readonly key: PersonKey } {
  const key = vault.createKey(personOfOrder(orderId))
  return { ...resealPerson(blindIndex, key, { person, contact }), wrappedKey: key.wrapped, key }
}

/** What is known of a person now, under the key there is. */
export function resealPerson(
  blindIndex: BlindIndex,
  key: PersonKey,
  { person, contact }: ReturnType<typeof splitPerson>,
): Omit<SealedPerson, 'wrappedKey'> {
  const { phoneIndex, emailIndex, nameIndex } = blindIndex.ofContact(contact)
  return {
    sealed: sealText(key, 'person', JSON.stringify(person)),
    ...(phoneIndex === null ? {} : { phoneIndex }),
    ...(emailIndex === null ? {} : { emailIndex }),
    ...(nameIndex === null ? {} : { nameIndex }),
  }
}
