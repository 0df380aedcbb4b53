import { idFromInt8 } from '../kernel/ids.ts'
import type { SweptWork } from '../store/node-closures.ts'
import type { CommandOutcome } from './command.ts'
import type { Engine } from './engine.ts'
import type { ActOnOrder } from './families/order-command.ts'

export const CLOSING = { kind: 'policy', id: 'nodeClosure' } as const

const WORKS_MAX = 1000
/** After a minute, then after twice as long each time: for the last time half an hour after the first. */
const TRIES_MAX = 6
const WAIT_MS = 60_000
const RETRIES = 50

type Stranded = { readonly work: SweptWork; readonly tries: number; readonly dueAt: number }

/**
 * Work that could not be moved away from a node that closed, because something failed and not for want of another node. It becomes a task of
 * a person at once, and is tried again: the task ends by itself if that works. Kept in memory: a process that starts finds what is still there.
 * A work's modes: stranded → due → gone, or left to its task when its tries are used up.
 */
export class StrandedWork {
  private readonly engine: Engine
  private readonly wallNow: () => number
  private readonly watch: { warn(data: object, message: string): void }
  private readonly works = new Map<string, Stranded>()

  constructor(engine: Engine, wallNow: () => number, watch: { warn(data: object, message: string): void }) {
    this.engine = engine
    this.wallNow = wallNow
    this.watch = watch
  }

  has({ id }: SweptWork): boolean {
    return this.works.has(id)
  }

  forget({ id }: SweptWork): void {
    this.works.delete(id)
  }

  /** Those to be tried again now. */
  due(): SweptWork[] {
    const now = this.wallNow()
    return [...this.works.values()].flatMap(({ work, dueAt }) => (dueAt <= now ? [work] : [])).slice(0, RETRIES)
  }

  /** It failed, for the first time or again; what became of its task, undefined where that failed as well and is tried again with it. */
  async note(work: SweptWork, error: unknown): Promise<CommandOutcome | undefined> {
    const tries = (this.works.get(work.id)?.tries ?? 0) + 1
    const dueAt = tries < TRIES_MAX ? this.wallNow() + WAIT_MS * 2 ** (tries - 1) : Infinity
    if (this.works.size < WORKS_MAX || this.works.has(work.id)) this.works.set(work.id, { work, tries, dueAt })
    const fulfillmentOrderId = idFromInt8('ful', work.id)
    this.watch.warn(
      { fulfillmentOrderId, orderId: work.orderId, tries, error: String(error) },
      dueAt === Infinity
        ? 'work could not leave a node that closed and is tried no more; its task stays'
        : 'work could not leave a node that closed; it is a task now, and tried again',
    )
    const command: ActOnOrder = { kind: 'actOnOrder', orderId: work.orderId, action: { action: 'strand', fulfillmentOrderId } }
    try {
      return await this.engine.submit(command, { actor: CLOSING, lane: 'bulk' })
    } catch (failure) {
      this.watch.warn(
        { fulfillmentOrderId, error: String(failure) },
        'the task for work at a node that closed could not be opened; tried again',
      )
      return undefined
    }
  }
}
