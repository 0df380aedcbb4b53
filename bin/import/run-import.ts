import { join } from 'node:path'
import type { Hub } from '../../server/engine/hub.ts'
import { importHistory } from '../../server/engine/history-import.ts'
import { type HistoryReport, newReport, parseReport } from '../../server/engine/history-report.ts'
import type { HistorySource } from '../../server/engine/ports/history-source.ts'
import { readImport, writeImport } from '../../server/store/imports.ts'
import { sealPerson } from '../../server/store/seal-person.ts'
import { openRejectedFile } from './rejected-file.ts'

export type ImportRun = {
  readonly hub: Pick<Hub, 'engine' | 'memory' | 'vault' | 'blindIndex' | 'pool' | 'wallNow'>
  readonly source: HistorySource
  readonly reportFolder: string
  readonly signal: AbortSignal
  readonly windowMax?: number
  readonly onStart?: (from: number, rejectedFile: string) => void
  readonly onProgress?: (report: HistoryReport) => void
}

/** Imports a source into an open hub from where it stopped last; one that is through is gone over again and changes nothing. */
export async function runImport(run: ImportRun): Promise<{ readonly report: HistoryReport; readonly rejectedFile: string }> {
  const { hub, source, signal } = run
  const kept = parseReport((await readImport(hub.pool, source.importId))?.report)
  const report = kept === undefined || kept.state === 'done' ? newReport(source.rows) : kept
  const rejectedFile = join(run.reportFolder, `${source.importId}.rejected.ndjson`)
  const reject = await openRejectedFile(rejectedFile, report.rowsDone)
  run.onStart?.(report.rowsDone, rejectedFile)
  const ports = {
    submit: hub.engine.submit.bind(hub.engine),
    knows: (fact: Parameters<typeof hub.memory.mapOf>[0], key: string) => hub.memory.mapOf(fact).has(key),
    seal: (orderId: Parameters<typeof sealPerson>[2], person: Parameters<typeof sealPerson>[3]['person'], countryCode: string) =>
      sealPerson(hub.vault, hub.blindIndex, orderId, { person, contact: { countryCode } }),
    checkpoint: (now: HistoryReport) =>
      writeImport(
        hub.pool,
        { importId: source.importId, source: source.label, rowsDone: now.rowsDone, report: now },
        new Date(hub.wallNow()),
      ),
    reject,
    ...(run.windowMax === undefined ? {} : { windowMax: run.windowMax }),
    progress: run.onProgress ?? (() => undefined),
    wait: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  }
  await importHistory(source, report, ports, signal)
  return { report, rejectedFile }
}
