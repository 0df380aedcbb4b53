import { hash } from 'node:crypto'
import type { Actor } from '../../../contract/events.ts'
import type { Principal } from '../../domain/access/principal.ts'
import type { CommandContext, Lane } from '../../engine/command.ts'
import type { Engine } from '../../engine/engine.ts'
import { present } from '../../kernel/assert.ts'
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

/** What counts for itself under a request's key: a row or line and what it says, or, without that, all of its rows. */
export type Part = { readonly name: string; readonly input?: unknown }

/** The engine's view of a request: what its key is bound to is the request as it was sent, or a part of it. */
export function commandContext(context: RequestContext<Principal>, lane: Lane = 'interactive', part?: Part): CommandContext {
  const { principal, traceId, idempotencyKey: key, ifMatch } = context
  return {
    actor: actorOf(principal),
    lane,
    traceId,
    ...(key === undefined ? {} : { idempotency: { credentialId: principal.credentialId, ...keyOf(context, key, part) } }),
    ...(ifMatch === undefined ? {} : { expectedVersion: ifMatch }),
  }
}

function keyOf({ hashInput }: RequestContext<Principal>, key: string, part: Part | undefined) {
  const hashOfPart = present(hashInput, 'the hash of what was sent with a key')
  return part === undefined ? { key, inputHash: hashOfPart() } : { key: `${key}/${part.name}`, inputHash: hashOfPart(part.input) }
}
