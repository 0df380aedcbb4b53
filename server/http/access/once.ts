import type { Principal } from '../../domain/access/principal.ts'
import { present } from '../../kernel/assert.ts'
import { writeAnswers } from '../../store/answers.ts'
import { claimAnswer } from '../../store/claim-answer.ts'
import { type Client, type Pool, run, transaction } from '../../store/database.ts'
import type { RequestContext } from '../context.ts'
import type { Refused } from '../handler.ts'
import { keyReused } from '../key-reused.ts'

/** What is kept of an answer: enough to give it again, nothing that opens a door (`sealed` under the master key). */
export type Kept = { readonly status: 'done'; readonly id: string; readonly sealed?: string }

/**
 * Runs a write of access once per Idempotency-Key, in one transaction with the keeping of its answer; refusals are kept too.
 * Without a key it just runs. Gives what the write kept, now or then; `idempotency_key_reused` when the input is another one.
 */
export async function once(
  deps: { readonly pool: Pool; readonly wallMs: () => number },
  { principal, idempotencyKey: key, hashInput }: Pick<RequestContext<Principal>, 'principal' | 'idempotencyKey' | 'hashInput'>,
  write: (client: Client) => Promise<Kept | Refused>,
): Promise<{ readonly kept: Kept } | Refused> {
  const outcome = await transaction(deps.pool, async (client): Promise<Kept | Refused> => {
    if (key === undefined) return write(client)
    const { credentialId } = principal
    const inputHash = present(hashInput, 'the hash of what was sent with a key')()
    const before = await claimAnswer(client, { credentialId, key, inputHash }, new Date(deps.wallMs()))
    if (before !== undefined) return before.isSameInput ? (before.answer as Kept | Refused) : keyReused(key)
    const given = await write(client)
    const { statement, values } = writeAnswers([{ credentialId, key, answer: JSON.stringify(given) }])
    await run(client, statement, values)
    return given
  })
  return outcome.status === 'refused' ? outcome : { kept: outcome }
}
