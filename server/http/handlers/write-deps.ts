import { hash } from 'node:crypto'
import type { Actor } from '../../../contract/events.ts'
import type { Principal } from '../../domain/access/principal.ts'
import type { CommandContext, Lane } from '../../engine/command.ts'
import type { Engine } from '../../engine/engine.ts'
import type { IdSource } from '../../kernel/ids.ts'
import type { RequestContext } from '../context.ts'
import type { ReadDeps } from './read-deps.ts'

/** What writes need beside what reads are answered from. */
export type WriteDeps = ReadDeps & { readonly engine: Engine; readonly ids: IdSource }

const actors = new WeakMap<Principal, Actor>()
export function actorOf(principal: Principal): Actor {
  let actor = actors.get(principal)
  if (actor === undefined) actors.set(principal, (actor = { kind: 'person', id: principal.credentialId }))
  return actor
}

/** SHA-256 of a value as JSON: equal inputs are told by it, also after a restart. */
export const hashOf = (value: unknown): Buffer => hash('sha256', JSON.stringify(value), 'buffer')

/** The engine's view of a request. `input` is what an idempotency key is bound to; `part` tells the lines of one request apart. */
export function commandContext(
  context: RequestContext<Principal>,
  input: () => unknown,
  lane: Lane = 'interactive',
  part = '',
): CommandContext {
  const { principal, traceId, idempotencyKey: key, ifMatch } = context
  return {
    actor: actorOf(principal),
    lane,
    traceId,
    ...(key === undefined
      ? {}
      : { idempotency: { credentialId: principal.credentialId, key: `${key}${part}`, inputHash: hashOf(input()) } }),
    ...(ifMatch === undefined ? {} : { expectedVersion: ifMatch }),
  }
}
