import { Fault } from '../kernel/fault.ts'
import type { PersonId } from '../kernel/ids.ts'
import { openText, sealText, type Vault } from './vault.ts'

/**
 * A secret that belongs to no person, for example a channel's signing secret: sealed by a key of its own under the hub's
 * master key, bound to its owner (`channel:shop-cn`), as one text that a fact's document can hold.
 */
export function sealSecret(vault: Vault, owner: string, secret: string): string {
  const key = vault.createKey(ownerId(owner))
  const sealed = sealText(key, 'secret', secret)
  return `${Buffer.from(key.wrapped).toString('base64')}.${Buffer.from(sealed).toString('base64')}`
}

/** The secret behind {@link sealSecret}. Fault `seal_broken` when it was changed or sealed for another owner. */
export function openSecret(vault: Vault, owner: string, text: string): string {
  const [wrapped, sealed] = text.split('.')
  if (wrapped === undefined || sealed === undefined) throw new Fault('seal_broken', `the secret of ${owner} has no key`, 'never')
  return openText(vault.openKey(ownerId(owner), Buffer.from(wrapped, 'base64')), 'secret', Buffer.from(sealed, 'base64'))
}

/** The vault binds a text to whoever it is for by name alone; hex keeps names apart whatever their script. */
const ownerId = (owner: string): PersonId => `own_${Buffer.from(owner, 'utf8').toString('hex')}` as PersonId
