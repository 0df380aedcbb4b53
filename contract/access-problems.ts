import type { ProblemDefinition } from './surface-problems.ts'

/** Refusals of keys, users and sessions. */
export const accessProblems = {
  login_refused: { class: 'unauthenticated', title: { en: 'Login or password is wrong', zh: '登录名或密码错误' } },
  login_throttled: { class: 'throttled', title: { en: 'Too many log-in attempts', zh: '登录尝试过于频繁' } },
  origin_refused: { class: 'forbidden', title: { en: 'Asked for by another site', zh: '请求来自其他站点' } },
  permission_exceeds_role: { class: 'forbidden', title: { en: 'The role does not have this permission', zh: '该角色没有此权限' } },
  permission_exceeds_own: { class: 'forbidden', title: { en: 'More than your own permissions', zh: '超出您自己的权限' } },
  scope_exceeds_own: { class: 'forbidden', title: { en: 'Wider than your own scope', zh: '超出您自己的数据范围' } },
  scope_required: { class: 'contradictory', title: { en: 'This role needs a scope', zh: '该角色必须限定数据范围' } },
  expiry_past: { class: 'contradictory', title: { en: 'The expiry lies in the past', zh: '失效时间早于当前时间' } },
  expiry_exceeds_own: { class: 'forbidden', title: { en: 'Longer than your own key lasts', zh: '超出您自己密钥的有效期' } },
  password_weak: { class: 'contradictory', title: { en: 'The password is too weak', zh: '密码强度不足' } },
  login_taken: { class: 'conflict', title: { en: 'The login is taken', zh: '登录名已被占用' } },
  key_unknown: { class: 'notFound', title: { en: 'There is no such API key', zh: 'API 密钥不存在' } },
  user_unknown: { class: 'notFound', title: { en: 'There is no such user', zh: '用户不存在' } },
} as const satisfies Record<string, ProblemDefinition>
