import type { Principal } from '../../domain/access/principal.ts'
import { canSeeFact } from '../../domain/access/scope.ts'
import type { RowResult } from '../../engine/command.ts'
import { secretOwner } from '../../engine/channel-intake.ts'
import { writeBackOwner } from '../../engine/outbound/channel-targets.ts'
import type { PutFacts, FactInput } from '../../engine/families/fact-family.ts'
import type { ChangeStock, StockChange } from '../../engine/families/stock-family.ts'
import { canSeeNode } from '../../domain/access/scope.ts'
import type { FactKind } from '../../engine/memory.ts'
import { present } from '../../kernel/assert.ts'
import { refuse, type Refusal } from '../../kernel/outcome.ts'
import { openSecret, sealSecret } from '../../store/secret-seal.ts'
import type { RequestContext } from '../context.ts'
import type { Handlers, IndexedRow, RowReply } from '../handler.ts'
import { commandContext, type WriteDeps } from './write-deps.ts'

/** The field that names a row of each kind. */
const keyFields = {
  item: 'sku',
  node: 'nodeId',
  channel: 'channelId',
  carrier: 'carrierId',
  lane: 'laneId',
  rate: 'rateId',
  calendar: 'calendarId',
  account: 'accountId',
  taxRule: 'ruleId',
  complianceRule: 'ruleId',
  supply: 'supplyId',
  emissionFactor: 'factorId',
} as const satisfies Record<FactKind, string>

type FactWriteName = `${FactKind}.put` | 'stock.count' | 'stock.adjust'

/** Bulk writes of facts and stock: each row is taken or refused by itself. */
export function factWriteHandlers(deps: WriteDeps): Pick<Handlers, FactWriteName> {
  const put =
    (fact: FactKind) =>
    (context: RequestContext<Principal>, rows: readonly IndexedRow<object>[]): Promise<readonly RowReply[] | Refusal> =>
      putFacts(deps, fact, context, rows)
  return {
    'item.put': put('item'),
    'node.put': put('node'),
    'channel.put': put('channel'),
    'carrier.put': put('carrier'),
    'lane.put': put('lane'),
    'rate.put': put('rate'),
    'calendar.put': put('calendar'),
    'account.put': put('account'),
    'taxRule.put': put('taxRule'),
    'complianceRule.put': put('complianceRule'),
    'supply.put': put('supply'),
    'emissionFactor.put': put('emissionFactor'),
    'stock.count': (context, rows) =>
      changeStock(
        deps,
        context,
        rows.map(({ index, value }) => ({ index, mode: 'count', input: value })),
      ),
    'stock.adjust': (context, rows) =>
      changeStock(
        deps,
        context,
        rows.map(({ index, value }) => ({ index, mode: 'adjust', input: value })),
      ),
  }
}

async function putFacts(
  deps: WriteDeps,
  fact: FactKind,
  context: RequestContext<Principal>,
  rows: readonly IndexedRow<object>[],
): Promise<readonly RowReply[] | Refusal> {
  const facts = rows.map(({ index, value }): FactInput => {
    const doc = { ...value } as Record<string, unknown>
    return { index, key: String(doc[keyFields[fact]]), doc: fact === 'channel' ? withSealedSecrets(deps, doc) : doc }
  })
  const refused = new Map<number, Refusal>()
  for (const row of facts) {
    const nodeId = typeof row.doc['nodeId'] === 'string' ? row.doc['nodeId'] : undefined
    if (!canSeeFact(context.principal.scope, fact, row.key, nodeId === undefined ? {} : { nodeId }))
      refused.set(row.index, outOfScope(row.key))
  }
  const kept = refused.size === 0 ? facts : facts.filter((row) => !refused.has(row.index))
  const command: PutFacts = { kind: 'putFacts', fact, rows: kept }
  return reply(deps, command, context, rows, refused)
}

async function changeStock(
  deps: WriteDeps,
  context: RequestContext<Principal>,
  rows: readonly StockChange[],
): Promise<readonly RowReply[] | Refusal> {
  const refused = new Map<number, Refusal>()
  for (const { index, input } of rows) if (!canSeeNode(context.principal.scope, input.nodeId)) refused.set(index, outOfScope(input.nodeId))
  const command: ChangeStock = { kind: 'changeStock', rows: rows.filter((row) => !refused.has(row.index)) }
  return reply(deps, command, context, rows, refused)
}

const outOfScope = (key: string): Refusal =>
  refuse('scope_violation', { en: `"${key}" lies outside the scope of this credential`, zh: `“${key}”超出此凭证的范围` }, { got: key })

async function reply(
  deps: WriteDeps,
  command: PutFacts | ChangeStock,
  context: RequestContext<Principal>,
  asked: readonly { readonly index: number }[],
  refused: ReadonlyMap<number, Refusal>,
): Promise<readonly RowReply[] | Refusal> {
  const outcome = await deps.engine.submit(command, commandContext(context, 'interactive', { name: 'rows' }))
  if (outcome.status === 'refused') return outcome
  const results = new Map((outcome.value.rows ?? []).map((row) => [row.index, row]))
  return asked.map(({ index }) => refused.get(index) ?? rowReply(results.get(index)))
}

function rowReply(row: RowResult | undefined): RowReply {
  if (row === undefined) return { status: 'unchanged' }
  if (row.status !== 'refused') return { status: row.status, ...(row.version === undefined ? {} : { version: row.version }) }
  const { code, detail, ...more } = present(row.problem, 'the problem of a refused row')
  return refuse(code, detail, more)
}

/** A channel's secrets are kept sealed; one that is not sent again stays, and one that is the same changes nothing. */
function withSealedSecrets(deps: WriteDeps, doc: Record<string, unknown>): Record<string, unknown> {
  const { secret, writeBackToken, ...rest } = doc
  const channelId = String(doc['channelId'])
  const known = deps.memory.channels.get(channelId)?.doc
  const sealed = sealedOf(deps, secretOwner(channelId), secret, known?.sealedSecret)
  const token = sealedOf(deps, writeBackOwner(channelId), writeBackToken, known?.sealedWriteBackToken)
  return {
    ...rest,
    ...(sealed === undefined ? {} : { sealedSecret: sealed }),
    ...(token === undefined ? {} : { sealedWriteBackToken: token }),
  }
}

function sealedOf(deps: WriteDeps, owner: string, secret: unknown, known: string | undefined): string | undefined {
  if (typeof secret !== 'string') return known
  return known !== undefined && openSecret(deps.vault, owner, known) === secret ? known : sealSecret(deps.vault, owner, secret)
}
