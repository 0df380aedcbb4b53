import { permissionsOfRole } from '../../../contract/access.ts'
import { canManage, grantFrom, type Grant } from '../../domain/access/grant.ts'
import { present } from '../../kernel/assert.ts'
import { parseId } from '../../kernel/ids.ts'
import { refuse } from '../../kernel/outcome.ts'
import { instant } from '../../kernel/time.ts'
import { transaction } from '../../store/database.ts'
import { encodePageKey } from '../../kernel/cursor.ts'
import { changeUser, insertUser, listUsers, readUser, type User } from '../../store/users.ts'
import type { Handlers } from '../handler.ts'
import { idAfter } from '../handlers/read-deps.ts'
import type { AccessDeps } from './access-deps.ts'
import { viewOfUser } from './grant-view.ts'
import { normaliseLogin } from './log-in.ts'
import { once } from './once.ts'
import { weaknessOf } from './passwords.ts'

const grantOf = (user: User): Grant => ({ role: user.role, permissions: permissionsOfRole[user.role], scope: user.scope })

/** Console users: made, listed and changed by those who have at least what the user has. */
export function userHandlers(deps: AccessDeps): Pick<Handlers, 'user.create' | 'user.list' | 'user.change'> {
  return {
    'user.create': async (context, { body }) => {
      const { principal } = context
      const login = normaliseLogin(body.login)
      const grant = grantFrom(principal, { role: body.role, scope: body.scope })
      if (grant.status === 'refused') return grant
      const weakness = weaknessOf(body.password, login)
      if (weakness !== undefined) return weakness
      const passwordHash = await deps.passwords.hash(body.password)
      const made = await once(deps, context, async (client) => {
        const user = await insertUser(client, {
          userId: deps.ids.next('usr', 0),
          login,
          name: body.name,
          role: grant.value.role,
          scope: grant.value.scope,
          passwordHash,
          createdBy: principal.credentialId,
          createdAt: instant(deps.wallMs()),
        })
        if (user === undefined)
          return refuse(
            'login_taken',
            { en: `the login ${login} is taken`, zh: `登录名 ${login} 已被占用` },
            { pointer: '/login', got: login },
          )
        return { status: 'done', id: user.userId }
      })
      if ('status' in made) return made
      const user = await readUser(deps.pool, present(parseId('usr', made.kept.id), 'the id of the new user'))
      return { status: 'done', value: viewOfUser(present(user, 'the new user')) }
    },

    'user.list': async ({ principal }, { query }) => {
      const limit = query.limit ?? 50
      const after = idAfter('users', 'usr', query.cursor)
      if (after.status === 'refused') return after
      const rows = await listUsers(deps.pool, after.value, limit + 1)
      const last = rows.length > limit ? rows[limit - 1] : undefined
      const items = rows
        .slice(0, limit)
        .filter((user) => canManage(principal, grantOf(user)))
        .map(viewOfUser)
      return { status: 'done', value: { items, ...(last === undefined ? {} : { next: encodePageKey('users', [last.userId]) }) } }
    },

    'user.change': async ({ principal }, { params, body }) => {
      const userId = parseId('usr', params.userId)
      const user = userId === undefined ? undefined : await readUser(deps.pool, userId)
      if (user === undefined || !canManage(principal, grantOf(user))) {
        return refuse('user_unknown', {
          en: `there is no user ${params.userId} that you may manage`,
          zh: `没有您可管理的用户 ${params.userId}`,
        })
      }
      const grant = grantFrom(principal, { role: body.role ?? user.role, scope: body.scope ?? user.scope })
      if (grant.status === 'refused') return grant
      const weakness = body.password === undefined ? undefined : weaknessOf(body.password, user.login)
      if (weakness !== undefined) return weakness
      const wanted = {
        name: body.name,
        role: body.role,
        scope: body.scope === undefined ? undefined : grant.value.scope,
        passwordHash: body.password === undefined ? undefined : await deps.passwords.hash(body.password),
        disabled: body.disabled,
      }
      const changed = await transaction(deps.pool, (client) => changeUser(client, user.userId, wanted, instant(deps.wallMs())))
      deps.authenticator.forget(user.userId)
      return { status: 'done', value: viewOfUser(present(changed, 'the changed user')) }
    },
  }
}
