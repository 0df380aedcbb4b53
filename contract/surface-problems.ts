import type { Bilingual } from './capability.ts'

/** What a problem means for the caller; server/http/problems.ts alone turns it into a status. */
export const problemClasses = [
  'malformed',
  'unauthenticated',
  'forbidden',
  'notFound',
  'methodNotAllowed',
  'timeout',
  'conflict',
  'gone',
  'preconditionFailed',
  'tooLarge',
  'unsupportedType',
  'contradictory',
  'throttled',
  'headersTooLarge',
  'internal',
  'unavailable',
] as const
export type ProblemClass = (typeof problemClasses)[number]
/** `rule`: what is asked, where the title alone does not say it. */
export type ProblemDefinition = { readonly class: ProblemClass; readonly title: Bilingual; readonly rule?: Bilingual }

/** Problems that any route may give, whatever it does; those of the trade are in contract/outcomes.ts. */
export const surfaceProblems = {
  json_invalid: { class: 'malformed', title: { en: 'The body is not valid JSON', zh: '请求体不是有效的 JSON' } },
  body_invalid: { class: 'malformed', title: { en: 'The body breaks the schema', zh: '请求体不符合结构要求' } },
  query_invalid: { class: 'malformed', title: { en: 'A query parameter is invalid', zh: '查询参数无效' } },
  path_invalid: { class: 'malformed', title: { en: 'A path parameter is invalid', zh: '路径参数无效' } },
  header_invalid: { class: 'malformed', title: { en: 'A request header is invalid', zh: '请求头无效' } },
  request_invalid: { class: 'malformed', title: { en: 'The request cannot be read', zh: '无法解析请求' } },
  row_invalid: { class: 'malformed', title: { en: 'The row breaks the schema', zh: '该行不符合结构要求' } },
  credential_missing: { class: 'unauthenticated', title: { en: 'A credential is needed', zh: '需要凭证' } },
  credential_invalid: { class: 'unauthenticated', title: { en: 'The credential is not valid', zh: '凭证无效' } },
  permission_missing: { class: 'forbidden', title: { en: 'The credential may not do this', zh: '凭证没有此权限' } },
  route_unknown: { class: 'notFound', title: { en: 'There is nothing at this address', zh: '该地址不存在' } },
  entity_unknown: { class: 'notFound', title: { en: 'There is no such thing', zh: '对象不存在' } },
  method_not_allowed: { class: 'methodNotAllowed', title: { en: 'The address does not take this method', zh: '该地址不支持此方法' } },
  body_timeout: { class: 'timeout', title: { en: 'The body came too slowly', zh: '请求体接收超时' } },
  body_too_large: { class: 'tooLarge', title: { en: 'The body is too large', zh: '请求体过大' } },
  too_many_rows: { class: 'tooLarge', title: { en: 'Too many rows in one request', zh: '单次请求行数过多' } },
  line_too_long: { class: 'tooLarge', title: { en: 'The line is too long', zh: '单行过长' } },
  headers_too_large: { class: 'headersTooLarge', title: { en: 'The request headers are too large', zh: '请求头过大' } },
  content_type_unsupported: { class: 'unsupportedType', title: { en: 'The content type is not taken here', zh: '不支持的内容类型' } },
  rate_limited: { class: 'throttled', title: { en: 'Too many requests', zh: '请求过于频繁' } },
  internal: { class: 'internal', title: { en: 'The hub made a mistake', zh: '系统内部错误' } },
  unavailable: { class: 'unavailable', title: { en: 'Not available at the moment', zh: '暂时不可用' } },
  overloaded: { class: 'unavailable', title: { en: 'Too much work at the moment', zh: '系统繁忙' } },
  deadline_exceeded: { class: 'unavailable', title: { en: 'The answer took too long', zh: '处理超时' } },
  not_ready: { class: 'unavailable', title: { en: 'Not ready to take work', zh: '尚未就绪' } },
} as const satisfies Record<string, ProblemDefinition>
export type SurfaceProblemCode = keyof typeof surfaceProblems
