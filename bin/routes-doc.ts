import { readFileSync, writeFileSync } from 'node:fs'
import { permissions, permissionsOfRole, roles } from '../contract/access.ts'
import type { Capability } from '../contract/capability.ts'
import { capabilityList } from '../contract/registry.ts'
import { row, table } from './markdown-table.ts'

export const ROUTES_PAGE = new URL('../docs/reference/routes.md', import.meta.url)

/** What is special about calling it, in a few words. */
function manner({ rows, streaming, rawBody, versioned }: Capability): string {
  const says: string[] = []
  if (rows !== undefined) says.push(`rows by ${rows.key.map((name) => `\`${name}\``).join(' + ')}`)
  if (streaming === 'ndjson') says.push('NDJSON in and out')
  if (streaming === 'sse') says.push('server-sent events')
  if (rawBody === true) says.push('raw body')
  if (versioned === true) says.push('`If-Match`')
  return says.join(', ')
}

/** docs/reference/routes.md, from the capabilities and roles; `npm test` compares it with the file. */
export function renderRoutes(): string {
  const routes = capabilityList.map((capability) =>
    row(
      `\`${capability.name}\``,
      `\`${capability.method} ${capability.path}\``,
      `\`${capability.permission}\``,
      manner(capability),
      capability.summary.en,
      capability.summary.zh,
    ),
  )
  const rights = permissions.map((permission) =>
    row(`\`${permission}\``, ...roles.map((role) => (permissionsOfRole[role].includes(permission) ? '●' : ''))),
  )
  return `${[
    '# Routes · 接口一览',
    'Generated from `contract/registry.ts` and `contract/access.ts` by `node bin/routes-doc.ts`; do not edit. Bodies, answers and refusals of each: `/openapi.json` and `/docs` of a running hub. Rules that hold for all: [requests](requests.md).\n本页由 `contract/` 生成，请勿手工修改。各接口的报文、响应与拒绝码见运行中实例的 `/openapi.json` 与 `/docs`。',
    table(['capability', 'route', 'permission', 'manner', 'en', '中文'], routes),
    '## Permissions of the roles · 角色权限',
    'A credential may have fewer than its role, never more. 凭证的权限可少于其角色，不可多于其角色。',
    table(['permission', ...roles], rights),
  ].join('\n\n')}\n`
}

if (import.meta.main) {
  const page = renderRoutes()
  if (process.argv.includes('--check')) process.exitCode = readFileSync(ROUTES_PAGE, 'utf8') === page ? 0 : 1
  else writeFileSync(ROUTES_PAGE, page)
}
