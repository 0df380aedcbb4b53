import type { Client } from '../store/database.ts'
import { isOutcomeUnknown, toFault } from '../store/pg-errors.ts'
import { lastBatchId, reclaimSlot, takeSlot } from '../store/slot.ts'

const RECONNECT_MS = [50, 100, 200, 400, 800, 1600, 3000]

export type SessionPorts = {
  /** A dedicated pipelining client for writing. */
  connect(onLost: (error: Error) => void): Promise<Client>
  wait(ms: number): Promise<void>
  onSlot(slot: number): void
  /** false once the engine is told to stop: then a database that stays away is given up on. */
  isRunning(): boolean
}

/**
 * The one session that an engine writes through, and its process slot. Modes: closed → open → lost → open …
 * A lost session is made again on the same slot, and only after the former one has ended, so that its last word is final.
 */
export class WritingSession {
  private readonly ports: SessionPorts
  private client: Client | undefined
  private pid = 0
  private takenSlot = -1

  constructor(ports: SessionPorts) {
    this.ports = ports
  }

  /** The session's process in PostgreSQL. */
  get backendPid(): number {
    return this.pid
  }

  get slot(): number {
    return this.takenSlot
  }

  async open(): Promise<void> {
    await this.connect(this.pid)
  }

  async close(): Promise<void> {
    await this.client?.end()
    this.client = undefined
  }

  /** The client, made again as often as it takes while the engine runs. */
  connected(): Promise<Client> {
    return this.client === undefined ? this.persist(() => this.reconnected(this.pid)) : Promise.resolve(this.client)
  }

  /** Whether a batch that was sent is durable; waits for the former session to end before it asks. */
  async wasCommitted(batchId: number): Promise<boolean> {
    const formerPid = this.pid
    for (;;) {
      this.client = undefined
      const client = await this.persist(() => this.reconnected(formerPid))
      try {
        return (await lastBatchId(client, this.takenSlot)) === batchId
      } catch (error) {
        if (!this.ports.isRunning() || !isOutcomeUnknown(toFault(error, 'lastBatchId'))) throw error
      }
    }
  }

  async rollback(): Promise<void> {
    try {
      await this.client?.query('rollback')
    } catch {
      this.client = undefined // the connection is gone; connected() makes a new one
    }
  }

  /** Tries until it works, with growing waits; once the engine stops, a bounded number of times. */
  async persist<T>(attempt: () => Promise<T>): Promise<T> {
    for (let i = 0; ; i++) {
      try {
        return await attempt()
      } catch (error) {
        if (!this.ports.isRunning() && i > RECONNECT_MS.length) throw error
        await this.ports.wait(RECONNECT_MS[Math.min(i, RECONNECT_MS.length - 1)] ?? 1000)
      }
    }
  }

  private async reconnected(formerPid: number): Promise<Client> {
    return this.client ?? this.connect(formerPid)
  }

  private async connect(formerPid: number): Promise<Client> {
    const client = await this.ports.connect(() => {
      if (this.client === client) this.client = undefined
    })
    if (this.takenSlot >= 0) await reclaimSlot(client, this.takenSlot, formerPid)
    else {
      this.takenSlot = await takeSlot(client)
      this.ports.onSlot(this.takenSlot)
    }
    this.pid = (client as unknown as { processID: number }).processID
    this.client = client
    return client
  }
}
