import { parseArgs } from 'node:util'
import { openHistoryFolder } from '../server/connect/history/history-folder.ts'
import { loadHistoryMapping } from '../server/connect/history/mapping.ts'
import { type HistoryReport, sumOf } from '../server/engine/history-report.ts'
import type { HistorySource } from '../server/engine/ports/history-source.ts'
import { failStart } from '../server/start-problem.ts'
import { openHubHere } from './import/open-hub.ts'
import { progressOn } from './import/progress.ts'
import { reasonOf } from './import/reasons.ts'
import { runImport } from './import/run-import.ts'

/** `npm run import -- --mapping <name or file.json> <folder>`: loads a marketplace's history. Exits with 130 when stopped by Ctrl-C. */
const USAGE = 'usage: npm run import -- --mapping <olist or file.json> <folder> [--report <folder>]'

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      options: { mapping: { type: 'string' }, report: { type: 'string' } },
      allowPositionals: true,
    })
    const [folder, ...more] = positionals
    if (values.mapping !== undefined && folder !== undefined && more.length === 0)
      return { mapping: values.mapping, folder, report: values.report }
  } catch (error) {
    console.error(`fulcrum: ${error instanceof Error ? error.message : String(error)}`)
  }
  console.error(USAGE)
  return process.exit(1)
}

const numbers = new Intl.NumberFormat('en')
const listed = (tally: Readonly<Record<string, number>>): string[] =>
  Object.entries(tally)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, times]) => `  ${numbers.format(times).padStart(9)}  ${name}`)

function printReport(report: HistoryReport, source: HistorySource, rejectedFile: string, seconds: number): void {
  const strays = source.strays.length + source.straysUnlisted
  const rejected = sumOf(report.rejected)
  console.log(
    `${report.state === 'done' ? 'done' : 'stopped'} after ${seconds.toFixed(1)} s: ${numbers.format(report.rowsDone)} of ${numbers.format(report.rows)} rows`,
  )
  for (const [fact, { created, known }] of Object.entries(report.facts))
    console.log(`${fact.padEnd(10)}${numbers.format(created)} new, ${numbers.format(known)} existing`)
  console.log(
    `order     ${numbers.format(report.recorded)} new, ${numbers.format(report.existing)} existing, ${numbers.format(rejected)} rejected, ${numbers.format(report.blank)} blank rows`,
  )
  if (Object.keys(report.flags).length > 0) console.log(['flags on new orders', ...listed(report.flags)].join('\n'))
  const why = Object.fromEntries(
    Object.entries(report.rejected).map(([code, times]) => [`${code}: ${reasonOf(code).en} · ${reasonOf(code).zh}`, times]),
  )
  if (rejected > 0) console.log(['rejected orders', ...listed(why)].join('\n'))
  if (strays > 0) console.log(`${numbers.format(strays)} rows of other tables belong to no order`)
  console.log(rejected + strays > 0 ? `rejected rows: ${rejectedFile}` : 'no row was rejected')
}

async function main(): Promise<number> {
  const wanted = readArguments()
  const source = await openHistoryFolder(wanted.folder, loadHistoryMapping(wanted.mapping))
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(130)
      process.stderr.write('\nfulcrum: stopping when what is under way is kept (again: at once)\n')
      stop.abort()
    })
  const opened = await openHubHere((line) => process.stderr.write(`fulcrum: ${line}\n`))
  const started = performance.now()
  let progress: ReturnType<typeof progressOn> | undefined
  try {
    const { report, rejectedFile } = await runImport({
      hub: opened.hub,
      source,
      reportFolder: wanted.report ?? opened.reportFolder,
      signal: stop.signal,
      onStart: (from) => {
        console.log(
          `import ${source.importId} into ${opened.name}: ${numbers.format(source.rows)} orders${from > 0 ? `, going on after row ${from}` : ''}`,
        )
        progress = progressOn(process.stderr, from, () => performance.now())
      },
      onProgress: (report) => progress?.show(report),
    })
    progress?.end()
    printReport(report, source, rejectedFile, (performance.now() - started) / 1000)
    if (report.state === 'done') return 0
    console.log(`to go on: npm run import -- --mapping ${wanted.mapping} ${wanted.folder}`)
    return 130
  } finally {
    await opened.close()
  }
}

process.exit(await main().catch(failStart))
