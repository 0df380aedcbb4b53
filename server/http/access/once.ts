import { createHash } from 'node:crypto'
import type { Principal } from '../../domain/access/principal.ts'
import { type Refusal, refuse } from '../../kernel/outcome.ts'
import { writeAnswers } from '../../store/answers.ts'
import { claimAnswer } from '../../store/claim-answer.ts'
import { type Client, type Pool, run, transaction } from '../../store/database.ts'
import type { RequestContext } from '../context.ts'
import type { Refused } from '../handler.ts'

/** What is kept of an answer: enough to give it again, nothing that opens a door (`sealed` under the master key). */
export type Kept = { readonly status: 'done'; readonly id: string; readonly sealed?: string }

/**
 * Runs a write of access once per Idempotency-Key, in one transaction with the keeping of its answer; refusals are kept too.
 * Without a key it just runs. Gives what the write kept, now or then; `idempotency_key_reused` when the input is another one.
 */
export async function once(
  deps: { readonly pool: Pool; readonly wallMs: () => number },
  { principal, idempotencyKey: key }: Pick<RequestContext<Principal>, 'principal' | 'idempotencyKey'>,
  input: unknown,
  write: (client: Client) => Promise<Kept | Refused>,
): Promise<{ readonly kept: Kept; readonly isReplay: boolean } | Refused> {
  const outcome = await transaction(deps.pool, async (client): Promise<{ given: Kept | Refused; isReplay: boolean }> => {
    if (key === undefined) return { given: await write(client), isReplay: false }
    const { credentialId } = principal
    const inputHash = createHash('sha256').update(JSON.stringify(input)).digest()
    const before = await claimAnswer(client, { credentialId, key, inputHash }, new Date(deps.wallMs()))
    if (before !== undefined) return { given: before.isSameInput ? (before.answer as Kept | Refused) : keyReused(key), isReplay: true }
    const given = await write(client)
    const { statement, values } = writeAnswers([{ credentialId, key, answer: JSON.stringify(given) }])
    await run(client, statement, values)
    return { given, isReplay: false }
  })
  return outcome.given.status === 'refused' ? outcome.given : { kept: outcome.given, isReplay: outcome.isReplay }
}

export const keyReused = (key: string): Refusal =>
  refuse('idempotency_key_reused', 'the key was used with another body; expected the same body or a new key', { got: key })
