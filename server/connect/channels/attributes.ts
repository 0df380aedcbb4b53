import { readBoolean, readInteger, readNumber, readText } from './fields.ts'
import type { AttributeRule } from './mapping.ts'
import type { Found } from './path.ts'
import type { Reading } from './reading.ts'

type Attribute = string | number | boolean

function readAttribute(reading: Reading, scope: Found, rule: AttributeRule): Attribute | undefined {
  switch (rule.type) {
    case 'integer':
      return readInteger(reading, scope, rule)
    case 'number':
      return readNumber(reading, scope, rule)
    case 'boolean':
      return readBoolean(reading, scope, rule)
    default:
      return readText(reading, scope, { ...rule, max: Math.min(rule.max ?? 200, 200) })
  }
}

/** Free attributes by their rules; undefined when none has a value. */
export function readAttributes(
  reading: Reading,
  scope: Found,
  rules: Readonly<Record<string, AttributeRule>> | undefined,
): Record<string, Attribute> | undefined {
  const read: Record<string, Attribute> = {}
  for (const [name, rule] of Object.entries(rules ?? {})) {
    const value = readAttribute(reading, scope, rule)
    if (value !== undefined) read[name] = value
  }
  return Object.keys(read).length === 0 ? undefined : read
}
