import { Type } from 'typebox'
import { defineCapability } from '../capability.ts'
import { permissions, roles } from '../access.ts'
import { closed, DayText, InstantText, Name, Ref } from '../entities/basics.ts'
import { pageOf, pageQuery } from '../entities/page.ts'

const Role = Type.Enum(roles)
const PermissionName = Type.Enum(permissions)
const References = Type.Optional(Type.Array(Ref, { maxItems: 5000 }))

/** A missing list means everything of that kind, an empty one nothing. */
export const ScopeInput = Type.Object(
  {
    channels: References,
    nodes: References,
    carriers: References,
    customer: Type.Optional(
      Type.Union([Type.Object({ channelId: Ref, customerRef: Ref }, closed), Type.Object({ accountId: Ref }, closed)]),
    ),
  },
  closed,
)
/** Days that a key holds where nothing else is said. */
export const keyDays = 365
export const KeyInput = Type.Object(
  {
    name: Name,
    role: Role,
    /** Narrows the role's permissions; left out = all of the role. */
    permissions: Type.Optional(Type.Array(PermissionName, { maxItems: permissions.length })),
    scope: Type.Optional(ScopeInput),
    /** Left out: a year from now ({@link keyDays}), or as long as the key that asks; null: never. No key makes one that outlives it. */
    expiresAt: Type.Optional(Type.Union([InstantText, Type.Null()])),
  },
  closed,
)
export const Key = Type.Object({
  credentialId: Type.String(),
  name: Name,
  role: Role,
  permissions: Type.Array(PermissionName),
  scope: ScopeInput,
  createdAt: InstantText,
  expiresAt: Type.Optional(InstantText),
  revokedAt: Type.Optional(InstantText),
  /** UTC day of the last request that used it. */
  lastUsedOn: Type.Optional(DayText),
})
export const passwordLength = { min: 12, max: 1024 } as const
const Login = Type.String({ minLength: 1, maxLength: 254, pattern: '^\\S+$' })
const NewPassword = Type.String({ minLength: passwordLength.min, maxLength: passwordLength.max })
export const UserInput = Type.Object(
  {
    /** Compared without case. */
    login: Login,
    name: Name,
    role: Role,
    scope: Type.Optional(ScopeInput),
    password: NewPassword,
  },
  closed,
)
/** What is left out stays; a new password and `disabled` end the user's sessions. */
export const UserChangeInput = Type.Object(
  {
    name: Type.Optional(Name),
    role: Type.Optional(Role),
    scope: Type.Optional(ScopeInput),
    password: Type.Optional(NewPassword),
    disabled: Type.Optional(Type.Boolean()),
  },
  { ...closed, minProperties: 1 },
)
export const User = Type.Object({
  userId: Type.String(),
  login: Type.String(),
  name: Name,
  role: Role,
  scope: ScopeInput,
  createdAt: InstantText,
  disabledAt: Type.Optional(InstantText),
})
/** `secret` is shown this once; the hub keeps its hash. */
export const KeyCreated = Type.Interface([Key], { secret: Type.String() })
export const LoginInput = Type.Object(
  { login: Type.String({ minLength: 1, maxLength: 254 }), password: Type.String({ minLength: 1, maxLength: 1024 }) },
  closed,
)
export const SessionView = Type.Object({
  credentialId: Type.String(),
  name: Name,
  role: Role,
  permissions: Type.Array(PermissionName),
  scope: ScopeInput,
  /** Sent back as `X-CSRF-Token` on every write of a session. */
  csrfToken: Type.Optional(Type.String()),
  /** There where the hub runs the demo's world: it has a clock to move and troubles to ask for. */
  demo: Type.Optional(Type.Literal(true)),
})
const userParams = Type.Object({ userId: Type.String({ pattern: '^usr_[0-7][0-9a-hjkmnp-tv-z]{12}$' }) }, closed)
const keyParams = Type.Object({ credentialId: Type.String({ pattern: '^key_[0-7][0-9a-hjkmnp-tv-z]{12}$' }) }, closed)

export const accessList = [
  defineCapability({
    name: 'key.create',
    method: 'POST',
    path: '/v1/keys',
    kind: 'write',
    permission: 'access.write',
    summary: { en: 'Create an API key', zh: '创建 API 密钥' },
    body: KeyInput,
    output: { 201: KeyCreated },
    outcomes: [
      'permission_exceeds_role',
      'permission_exceeds_own',
      'scope_exceeds_own',
      'scope_required',
      'expiry_past',
      'expiry_exceeds_own',
    ],
    slaMs: 100,
  }),
  defineCapability({
    name: 'key.list',
    method: 'GET',
    path: '/v1/keys',
    kind: 'read',
    permission: 'access.read',
    summary: { en: 'List API keys', zh: '列出 API 密钥' },
    query: Type.Object(pageQuery(200), closed),
    output: { 200: pageOf(Key) },
    outcomes: [],
    slaMs: 100,
  }),
  defineCapability({
    name: 'key.revoke',
    method: 'DELETE',
    path: '/v1/keys/{credentialId}',
    kind: 'write',
    permission: 'access.write',
    summary: { en: 'Revoke an API key', zh: '吊销 API 密钥' },
    params: keyParams,
    output: { 200: Key },
    outcomes: ['key_unknown'],
    slaMs: 100,
  }),
  defineCapability({
    name: 'user.create',
    method: 'POST',
    path: '/v1/users',
    kind: 'write',
    permission: 'access.write',
    summary: { en: 'Create a console user', zh: '创建控制台用户' },
    body: UserInput,
    output: { 201: User },
    outcomes: ['permission_exceeds_own', 'scope_exceeds_own', 'scope_required', 'password_weak', 'login_taken'],
    slaMs: 500,
  }),
  defineCapability({
    name: 'user.list',
    method: 'GET',
    path: '/v1/users',
    kind: 'read',
    permission: 'access.read',
    summary: { en: 'List console users', zh: '列出控制台用户' },
    query: Type.Object(pageQuery(200), closed),
    output: { 200: pageOf(User) },
    outcomes: [],
    slaMs: 100,
  }),
  defineCapability({
    name: 'user.change',
    method: 'PATCH',
    path: '/v1/users/{userId}',
    kind: 'write',
    permission: 'access.write',
    summary: { en: 'Change or disable a console user', zh: '修改或停用控制台用户' },
    params: userParams,
    body: UserChangeInput,
    output: { 200: User },
    outcomes: ['user_unknown', 'permission_exceeds_own', 'scope_exceeds_own', 'scope_required', 'password_weak'],
    slaMs: 500,
  }),
  defineCapability({
    name: 'session.open',
    method: 'POST',
    path: '/v1/sessions',
    kind: 'write',
    keyless: {
      en: 'Takes no Idempotency-Key: there is no credential yet that one could belong to, and a repeated log-in must look at the password again.',
      zh: '不支持幂等键：此时还没有可归属的凭证，重复登录也必须重新核对密码。',
    },
    permission: 'public',
    summary: { en: 'Log in to the console', zh: '登录控制台' },
    body: LoginInput,
    output: { 201: SessionView },
    outcomes: ['origin_refused', 'login_throttled', 'login_refused'],
    slaMs: 500,
  }),
  defineCapability({
    name: 'session.get',
    method: 'GET',
    path: '/v1/sessions/current',
    kind: 'read',
    permission: 'signedIn',
    summary: { en: 'Who am I', zh: '当前身份' },
    output: { 200: SessionView },
    outcomes: [],
    slaMs: 25,
  }),
  defineCapability({
    name: 'session.close',
    method: 'DELETE',
    path: '/v1/sessions/current',
    kind: 'write',
    keyless: {
      en: 'Takes no Idempotency-Key: it ends the credential that one would belong to.',
      zh: '不支持幂等键：它会结束该键所属的凭证。',
    },
    permission: 'signedIn',
    summary: { en: 'Log out', zh: '退出登录' },
    output: { 200: Type.Object({ closed: Type.Literal(true) }) },
    outcomes: [],
    slaMs: 100,
  }),
] as const
