import { readFileSync, writeFileSync } from 'node:fs'
import type { TSchema } from 'typebox'
import { roles } from '../contract/access.ts'
import type { EventDefinition } from '../contract/event-definition.ts'
import { Event, events } from '../contract/events.ts'
import { row, table } from './markdown-table.ts'

export const EVENTS_PAGE = new URL('../docs/reference/events.md', import.meta.url)

/** Names of an object's fields in the order of its schema; `?` marks those that may be missing. */
function fieldsOf(schema: TSchema): string[] {
  const properties: unknown = Reflect.get(schema, 'properties')
  const required: unknown = Reflect.get(schema, 'required')
  const always = new Set<unknown>(Array.isArray(required) ? required : [])
  return typeof properties === 'object' && properties !== null
    ? Object.keys(properties).map((name) => (always.has(name) ? name : `${name}?`))
    : []
}

/** Which roles see less than everything of an event's data, those that see the same together. */
function limitsOf({ data, fields = {} }: EventDefinition): string {
  const all = fieldsOf(data).map((name) => name.replace('?', ''))
  const byText = new Map<string, string[]>()
  for (const role of roles) {
    const visible = fields[role]
    const shown = visible === undefined ? all : all.filter((name) => visible.includes(name))
    if (shown.length === all.length) continue
    const text = shown.length === 0 ? '–' : shown.map((name) => `\`${name}\``).join(' ')
    byText.set(text, [...(byText.get(text) ?? []), role])
  }
  return [...byText].map(([text, who]) => `${who.join(', ')}: ${text}`).join('; ')
}

/** docs/reference/events.md, from the catalogue; `npm test` compares it with the file. */
export function renderEvents(): string {
  const catalogue = Object.entries<EventDefinition>(events)
  const what = catalogue.map(([type, { version, subject, title, trigger }]) =>
    row(`\`${type}\``, version, subject, `**${title.en}.** ${trigger.en}`, `**${title.zh}。**${trigger.zh}`),
  )
  const data = catalogue.map(([type, definition]) =>
    row(
      `\`${type}\``,
      fieldsOf(definition.data)
        .map((name) => `\`${name}\``)
        .join(' '),
      limitsOf(definition),
    ),
  )
  return `${[
    '# Events · 事件目录',
    'Generated from `contract/events.ts` by `node bin/events-doc.ts`; do not edit. Why there is a log: [log and streams](../concepts/log-and-streams.md).\n本页由 `contract/events.ts` 生成，请勿手工修改。',
    '## Envelope · 信封',
    `${fieldsOf(Event)
      .map((name) => `\`${name}\``)
      .join(
        ' ',
      )}\n\n\`subject\` is what changed, with its version (+1 each, no gaps); \`occurredAt\` when it happened, \`recordedAt\` when the hub wrote it; \`cursor\` continues a read or a stream behind this event.\n\`subject\` 为变更对象及其版本（逐次加一，无缺口）；\`occurredAt\` 为发生时间，\`recordedAt\` 为入库时间；用 \`cursor\` 从该事件之后续读。`,
    '## Types · 类型',
    table(['type', 'version', 'subject', 'en', '中文'], what),
    '## Data · 数据',
    'Fields of `data`; `?` may be missing. The last column names the roles that see only part of it (– nothing); all others see all. 末列为只能看到部分字段的角色（– 表示全部隐藏），其余角色可见全部字段。',
    table(['type', 'fields', 'seen in part by'], data),
  ].join('\n\n')}\n`
}

if (import.meta.main) {
  const page = renderEvents()
  if (process.argv.includes('--check')) process.exitCode = readFileSync(EVENTS_PAGE, 'utf8') === page ? 0 : 1
  else writeFileSync(EVENTS_PAGE, page)
}
