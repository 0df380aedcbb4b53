import { canManage, expiryFrom, grantFrom } from '../../domain/access/grant.ts'
import { encodePageKey } from '../../kernel/cursor.ts'
import { parseId } from '../../kernel/ids.ts'
import { refuse } from '../../kernel/outcome.ts'
import { instant } from '../../kernel/time.ts'
import { insertKey, listKeys, readKey, revokeKey } from '../../store/credentials.ts'
import { openSecret, sealSecret } from '../../store/secret-seal.ts'
import { present } from '../../kernel/assert.ts'
import type { Handlers } from '../handler.ts'
import { idAfter } from '../handlers/read-deps.ts'
import type { AccessDeps } from './access-deps.ts'
import { viewOfKey } from './grant-view.ts'
import { once } from './once.ts'
import { bytesOfHash, hashOfSecret, newKeyText } from './secrets.ts'

const unknown = (credentialId: string) =>
  refuse('key_unknown', { en: `there is no API key ${credentialId} that you may manage`, zh: `没有您可管理的 API 密钥 ${credentialId}` })

/** API keys: made, listed and revoked by those who have at least what the key has. */
export function keyHandlers(deps: AccessDeps): Pick<Handlers, 'key.create' | 'key.list' | 'key.revoke'> {
  return {
    'key.create': async (context, { body }) => {
      const { principal } = context
      const grant = grantFrom(principal, body)
      if (grant.status === 'refused') return grant
      const createdAt = instant(deps.wallMs())
      const expiry = expiryFrom(principal, body.expiresAt, createdAt)
      if (expiry.status === 'refused') return expiry
      const expiresAt = expiry.value
      const made = await once(deps, context, async (client) => {
        const credentialId = deps.ids.next('key', 0)
        const secret = newKeyText()
        await insertKey(client, {
          ...grant.value,
          credentialId,
          name: body.name,
          keyHash: bytesOfHash(hashOfSecret(secret)),
          createdBy: principal.credentialId,
          createdAt,
          expiresAt,
        })
        return { status: 'done', id: credentialId, sealed: sealSecret(deps.vault, credentialId, secret) }
      })
      if ('status' in made) return made
      const credentialId = present(parseId('key', made.kept.id), 'the id of the new key')
      const key = present(await readKey(deps.pool, credentialId), 'the new key')
      const secret = openSecret(deps.vault, credentialId, present(made.kept.sealed, 'the secret of the new key'))
      return { status: 'done', value: { ...viewOfKey(key), secret } }
    },

    'key.list': async ({ principal }, { query }) => {
      const limit = query.limit ?? 50
      const after = idAfter('keys', 'key', query.cursor)
      if (after.status === 'refused') return after
      const rows = await listKeys(deps.pool, after.value, limit + 1)
      const last = rows.length > limit ? rows[limit - 1] : undefined
      const items = rows
        .slice(0, limit)
        .filter((key) => canManage(principal, key))
        .map(viewOfKey)
      return { status: 'done', value: { items, ...(last === undefined ? {} : { next: encodePageKey('keys', [last.credentialId]) }) } }
    },

    'key.revoke': async ({ principal }, { params }) => {
      const credentialId = parseId('key', params.credentialId)
      const key = credentialId === undefined ? undefined : await readKey(deps.pool, credentialId)
      if (key === undefined || !canManage(principal, key)) return unknown(params.credentialId)
      const revoked = await revokeKey(deps.pool, key.credentialId, instant(deps.wallMs()))
      deps.authenticator.forget(key.credentialId)
      return { status: 'done', value: viewOfKey(present(revoked, 'the revoked key')) }
    },
  }
}
