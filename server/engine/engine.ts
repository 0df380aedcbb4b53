import { assert, Defect } from '../kernel/assert.ts'
import { Fault } from '../kernel/fault.ts'
import type { Queryable } from '../store/database.ts'
import { isOutcomeUnknown, toFault } from '../store/pg-errors.ts'
import type { Attempt, Command, CommandContext, CommandOutcome } from './command.ts'
import { draftRows } from './draft-rows.ts'
import type { Decided, Family } from './family.ts'
import { KeysInFlight } from './keys-in-flight.ts'
import { CommandQueue } from './queue.ts'
import { type Batch, type Committed, writeBatch } from './transaction.ts'
import { type SessionPorts, WritingSession } from './writing-session.ts'

const ROUNDS_MAX = 20
/** A slice of deciding between two looks at the network, so that PostgreSQL never waits long for its next statement. */
const SLICE_MS = 2
/** So many are prepared as soon as they are decided, for then code and data stay in the caches; fewer when the batch is whole. */
const PREPARED_TOGETHER = 16

export type EnginePorts = Omit<SessionPorts, 'isRunning'> & {
  /** For reads beside the commit. */
  readonly pool: Queryable
  /** Wall clock, ms. */
  wallNow(): number
  onCommitted(committed: readonly Committed[]): void
  /** A command that a rule threw on, or that alone makes a commit fail. */
  onParked(attempt: Attempt, error: unknown): void
  observe(what: 'batch' | 'decide' | 'commit', value: number): void
}

export type EngineOptions = {
  readonly batchSizeMax: number
  readonly decideMsMax: number
  readonly queueMax: number
  readonly logShards: number
}

/**
 * The batch loop. Commands that arrive together are decided one by one in memory and committed in one transaction.
 *
 * Modes: stopped → running → draining → stopped. While one batch commits the next is decided; commits never overlap, so memory
 * learns of each before the next one's locks are examined. A batch leaves decide when the previous commit is through.
 */
export class Engine {
  private readonly ports: EnginePorts
  private readonly options: EngineOptions
  private readonly families: Family[] = []
  private readonly queues = new Map<Family, CommandQueue>()
  private readonly familyOf = new Map<string, Family>()
  private readonly keys: KeysInFlight
  private readonly solo: Attempt[] = []
  private readonly session: WritingSession
  private batchId = 0
  private running = false
  private wake: (() => void) | undefined
  private committing: Promise<void> = Promise.resolve()
  private isCommitting = false
  /** The next batch is decided and waits for the commit under way. */
  private isNextReady = false
  /** Committed, its senders not told yet. */
  private unanswered: Batch | undefined
  private loop: Promise<void> = Promise.resolve()

  constructor(ports: EnginePorts, options: EngineOptions) {
    this.ports = ports
    this.options = options
    this.keys = new KeysInFlight(ports.pool)
    this.session = new WritingSession({ ...ports, isRunning: () => this.running })
  }

  add(family: Family): void {
    this.families.push(family)
    this.queues.set(family, new CommandQueue(this.options.queueMax))
    for (const kind of family.kinds) this.familyOf.set(kind, family)
  }

  /** The writing session's process in PostgreSQL: its own notifications are no news here. */
  get backendPid(): number {
    return this.session.backendPid
  }

  get depth(): number {
    let sum = this.solo.length
    for (const queue of this.queues.values()) sum += queue.length
    return sum
  }

  /** Connects and takes a process slot; call before ids are made. */
  async open(): Promise<void> {
    await this.session.open()
  }

  start(): void {
    assert(!this.running, 'the engine runs already')
    this.running = true
    this.loop = this.run()
  }

  /** Decides and commits what waits, then ends. Commands that arrive meanwhile are refused by a fault. */
  async stop(): Promise<void> {
    if (!this.running) return
    this.running = false
    this.wake?.()
    await this.loop
    await this.committing
    await this.session.close()
  }

  /**
   * The one door for changes of business state. Resolves with the command's outcome once it is durable; refusals are values.
   * Throws a Fault when the hub could not take it (`overloaded`, `shutting_down`) or the world broke; then it may be sent again.
   */
  submit(command: Command, context: CommandContext): Promise<CommandOutcome> {
    const family = this.familyOf.get(command.kind)
    assert(family !== undefined, `no family decides ${command.kind}`)
    if (!this.running)
      return Promise.reject(new Fault('shutting_down', 'the hub is stopping; send it again shortly', 'later', { retryAfterSeconds: 2 }))
    return new Promise((resolve, reject) => {
      const attempt: Attempt = { command, context, enqueuedAt: this.ports.wallNow(), rounds: 0, lookUp: false, resolve, reject }
      if (!this.keys.isFirst(attempt)) return
      try {
        this.queues.get(family)?.put(attempt)
        this.wake?.()
      } catch (error) {
        this.keys.finish(attempt, undefined, error)
      }
    })
  }

  /** Resolves when bulk senders may go on. */
  async room(kind: string): Promise<void> {
    const family = this.familyOf.get(kind)
    assert(family !== undefined, `no family decides ${kind}`)
    await this.queues.get(family)?.room('bulk')
  }

  private async run(): Promise<void> {
    for (;;) {
      if (this.depth === 0) {
        if (!this.running && !this.isCommitting) return
        if (!this.running) {
          await this.committing
          continue
        }
        await this.arrival()
        continue
      }
      const batch = await this.gather()
      this.isNextReady = batch.decided.length > 0
      await this.committing
      this.isNextReady = false
      if (batch.decided.length === 0) continue
      this.isCommitting = true
      this.committing = this.commit(batch).finally(() => {
        this.isCommitting = false
        this.wake?.() // commands that were taken out wait again
      })
      this.answer()
    }
  }

  /** Resolves at the next submit, or when the engine is told to stop. */
  private arrival(): Promise<void> {
    return new Promise<void>((resolve) => {
      this.wake = () => {
        this.wake = undefined
        resolve()
      }
    })
  }

  /**
   * Decides waiting commands of one family until the batch is full or `decideMsMax` is spent; beyond that it goes on only while the
   * previous commit is under way, since the batch cannot leave before.
   */
  private async gather(): Promise<Batch> {
    const family = this.nextFamily()
    const queue = this.queues.get(family)
    const solo = this.solo.length > 0
    const batch: Batch = { family, decided: [], out: [], solo }
    const sizeMax = solo ? 1 : (family.batchSizeMax ?? this.options.batchSizeMax)
    let spent = 0
    const prepared = new Set<Decided>()
    do {
      const attempts = solo ? this.solo.splice(0, 1) : (queue?.take(Math.min(sizeMax - batch.decided.length, 256)) ?? [])
      const open = await this.keys.answerKnown(attempts)
      if (open.length > 0) await this.loadSafely(family, open)
      const { ms, isDeferring } = await this.decideAll(batch, open, spent)
      spent += ms
      if (batch.decided.length - prepared.size >= PREPARED_TOGETHER) spent += await this.prepareAll(batch, prepared)
      if (isDeferring) break
      if (!solo && queue?.length === 0 && this.isCommitting) await Promise.race([this.committing, this.arrival()])
    } while (!solo && batch.decided.length < sizeMax && !this.isTimeUp(spent) && (queue?.length ?? 0) > 0)
    await this.resolveDoubts(batch)
    spent += await this.prepareAll(batch, prepared)
    if (this.isCommitting) batch.drafted = await draftRows(batch)
    this.ports.observe('decide', spent)
    return batch
  }

  private nextFamily(): Family {
    const first = this.solo[0]
    if (first !== undefined) return this.familyOf.get(first.command.kind) as Family
    const waiting = this.families.filter((family) => (this.queues.get(family)?.length ?? 0) > 0)
    const next = waiting[this.batchId % waiting.length]
    assert(next !== undefined, 'a family is asked for with nothing waiting')
    return next
  }

  private async loadSafely(family: Family, attempts: Attempt[]): Promise<void> {
    try {
      await family.load(attempts)
    } catch (error) {
      for (const attempt of attempts.splice(0)) this.keys.finish(attempt, undefined, toFault(error, `load ${family.name}`))
    }
  }

  private isTimeUp(spentMs: number): boolean {
    return spentMs >= this.options.decideMsMax && !this.isCommitting
  }

  /** Decides them in their order until time is up (`before`: ms spent already); those it did not come to lead the next batch. */
  private async decideAll(batch: Batch, attempts: readonly Attempt[], before: number): Promise<{ ms: number; isDeferring: boolean }> {
    let sliceStart = performance.now()
    let spent = 0
    let next = 0
    const later: Attempt[] = []
    for (const attempt of attempts) {
      if (this.isTimeUp(before + spent)) break
      next += 1
      this.decideOne(batch, attempt, later)
      const elapsed = performance.now() - sliceStart
      if (elapsed > SLICE_MS) {
        spent += elapsed
        if (this.isCommitting) await nextTurn()
        sliceStart = performance.now()
      }
    }
    const unasked = attempts.slice(next)
    // What waits for a claim under way would be asked in vain until this batch is through.
    if (later.length + unasked.length > 0) this.queues.get(batch.family)?.putBack([...later, ...unasked])
    return { ms: spent + (performance.now() - sliceStart), isDeferring: later.length + unasked.length > 0 }
  }

  private decideOne(batch: Batch, attempt: Attempt, later: Attempt[]): void {
    try {
      const decided = batch.family.decide(attempt)
      if (decided === undefined) later.push(attempt)
      else batch.decided.push(decided)
    } catch (error) {
      this.park(attempt, error)
    }
  }

  private park(attempt: Attempt, error: unknown): void {
    this.ports.onParked(attempt, error)
    this.keys.finish(attempt, undefined, error instanceof Defect || error instanceof Fault ? error : new Defect(String(error)))
  }

  /** Prepares what was decided and is not in `prepared` yet, in slices; a command that a throw parks is void. The time it took, ms. */
  private async prepareAll(batch: Batch, prepared: Set<Decided>): Promise<number> {
    const { family } = batch
    if (family.prepare === undefined) return 0
    let spent = 0
    let sliceStart = performance.now()
    const parked = new Set<Decided>()
    for (const one of batch.decided) {
      if (prepared.has(one)) continue
      prepared.add(one)
      try {
        family.prepare(one)
      } catch (error) {
        parked.add(one)
        this.park(one.attempt, error)
      }
      const elapsed = performance.now() - sliceStart
      if (elapsed <= SLICE_MS) continue
      spent += elapsed
      if (this.isCommitting) await nextTurn()
      sliceStart = performance.now()
    }
    if (parked.size > 0) {
      family.undone([...parked])
      batch.decided = batch.decided.filter((one) => !parked.has(one))
    }
    return spent + (performance.now() - sliceStart)
  }

  /** Refusals that memory gave are final only after the rows behind them were read while nothing is in flight. */
  private async resolveDoubts(batch: Batch): Promise<void> {
    const doubted = batch.decided.filter((one) => batch.family.doubtful(one))
    if (doubted.length === 0) return
    await this.committing
    try {
      await batch.family.refresh(doubted)
    } catch (error) {
      batch.decided = batch.decided.filter((one) => !doubted.includes(one))
      for (const one of doubted) this.keys.finish(one.attempt, undefined, toFault(error, 'refresh'))
      return
    }
    const asked = new Set(doubted)
    const again: Decided[] = []
    batch.family.undone(doubted)
    batch.decided = batch.decided.filter((one) => !asked.has(one))
    const fresh: Batch = { ...batch, decided: again }
    const later: Attempt[] = []
    for (const one of doubted) this.decideOne(fresh, one.attempt, later)
    batch.decided.push(...fresh.decided)
    if (later.length > 0) this.queues.get(batch.family)?.putBack(later)
  }

  private async commit(batch: Batch): Promise<void> {
    const started = performance.now()
    this.batchId = Math.max(this.batchId + 1, this.ports.wallNow())
    try {
      const committed = await writeBatch(await this.session.connected(), batch, this.mark())
      this.acknowledge(batch, committed)
    } catch (error) {
      await this.recover(batch, error).catch((failure: unknown) => this.giveUp(batch, failure))
    }
    this.ports.observe('batch', batch.decided.length)
    this.ports.observe('commit', performance.now() - started)
  }

  private mark() {
    return { slot: this.session.slot, batchId: this.batchId, wallNow: this.ports.wallNow(), logShards: this.options.logShards }
  }

  private acknowledge(batch: Batch, committed: readonly Committed[]): void {
    batch.family.committed(batch.decided)
    this.takeOut(batch.family, batch.out)
    if (committed.length > 0) this.ports.onCommitted(committed)
    this.unanswered = batch
    // The next batch leaves first where it waits: PostgreSQL then works while those who are answered do.
    if (!this.isNextReady) this.answer()
  }

  private answer(): void {
    const batch = this.unanswered
    if (batch === undefined) return
    this.unanswered = undefined
    for (const one of batch.decided) this.keys.finish(one.attempt, batch.family.outcomeOf(one))
  }

  private takeOut(family: Family, decided: readonly Decided[]): void {
    if (decided.length === 0) return
    family.undone(decided)
    for (const { attempt } of decided) {
      attempt.rounds += 1
      attempt.lookUp = true
    }
    const tired = decided.filter(({ attempt }) => attempt.rounds > ROUNDS_MAX)
    for (const { attempt } of tired)
      this.keys.finish(attempt, undefined, new Fault('contended', 'the command lost every race for its rows; send it again', 'later'))
    this.queues.get(family)?.putBack(decided.filter((one) => !tired.includes(one)).map((one) => one.attempt))
  }

  /** After a failed commit: learn its fate if that is open, then decide again, one by one if a rule of the database was broken. */
  private async recover(batch: Batch, error: unknown): Promise<void> {
    const fault = toFault(error, 'commit')
    if (isOutcomeUnknown(fault) && (await this.session.wasCommitted(this.batchId))) {
      // The database is there, since it told the batch's fate; a reading that breaks off is tried again.
      await this.session.persist(() => batch.family.reload(batch.decided))
      this.takeOut(batch.family, batch.out)
      for (const one of batch.decided) this.keys.finish(one.attempt, batch.family.outcomeOf(one))
      return
    }
    await this.session.rollback()
    const all = [...batch.decided, ...batch.out]
    batch.family.undone(all)
    if (fault instanceof Fault && fault.retry === 'never') {
      for (const { attempt } of all) this.keys.finish(attempt, undefined, fault)
      return
    }
    await batch.family.refresh(all).catch(() => undefined)
    for (const one of all) this.decideAgain(one, batch, fault)
  }

  /** The database stayed away until the engine had to stop: nobody knows the fate of the batch, and its senders are told so. */
  private giveUp(batch: Batch, failure: unknown): void {
    const all = [...batch.decided, ...batch.out]
    batch.family.undone(all)
    for (const { attempt } of all) this.keys.finish(attempt, undefined, toFault(failure, 'commit'))
  }

  private decideAgain(one: Decided, batch: Batch, fault: Fault | Defect): void {
    const { attempt } = one
    attempt.rounds += 1
    attempt.lookUp = true
    if (fault instanceof Defect && batch.solo) {
      this.ports.onParked(attempt, fault)
      this.keys.finish(attempt, undefined, fault)
    } else if (attempt.rounds > ROUNDS_MAX) this.keys.finish(attempt, undefined, fault)
    else if (fault instanceof Defect) this.solo.push(attempt)
    else this.queues.get(batch.family)?.putBack([attempt])
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
