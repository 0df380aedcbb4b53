import type { ChannelPatch } from './decide-intake.ts'
import { appendedFields, replacedFields } from './ownership.ts'

/**
 * The order's fields with a body's patch on top. Whatever the patch holds beyond channel-owned fields is not looked at,
 * so that no body can reach what the hub owns.
 */
export function applyChannelPatch<T extends Readonly<Record<string, unknown>>>(
  order: T,
  patch: ChannelPatch | Readonly<Record<string, unknown>>,
): T {
  const values: Readonly<Record<string, unknown>> = patch
  const changed: Record<string, unknown> = {}
  for (const field of replacedFields) if (Object.hasOwn(values, field)) changed[field] = values[field]
  for (const field of appendedFields) {
    const added = Object.hasOwn(values, field) ? values[field] : undefined
    if (Array.isArray(added)) changed[field] = [...listOf(order[field]), ...added]
  }
  return { ...order, ...changed }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
