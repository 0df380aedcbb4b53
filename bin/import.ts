import { parseArgs } from 'node:util'
import { openHistoryFolder } from '../server/connect/history/history-folder.ts'
import { loadHistoryMapping } from '../server/connect/history/mapping.ts'
import { type HistoryReport, sumOf } from '../server/engine/history-report.ts'
import type { HistorySource } from '../server/engine/ports/history-source.ts'
import { failStart } from '../server/start-problem.ts'
import { terminalLanguage } from '../server/terminal-language.ts'
import { openHubHere } from './import/open-hub.ts'
import { progressOn } from './import/progress.ts'
import { reasonOf } from './import/reasons.ts'
import { runImport } from './import/run-import.ts'
import { type ImportWords, importWords } from './import/words.ts'

/** `npm run import -- --mapping <name or file.json> <folder>`: loads a marketplace's history. Exits with 130 when stopped by Ctrl-C. */
function readArguments() {
  const asked = terminalLanguage(process.argv.slice(2), process.env)
  const words = importWords(asked?.language ?? 'en')
  try {
    const { values, positionals } = parseArgs({
      args: [...(asked?.rest ?? ['--lang'])],
      options: { mapping: { type: 'string' }, report: { type: 'string' } },
      allowPositionals: true,
    })
    const [folder, ...more] = positionals
    if (values.mapping !== undefined && folder !== undefined && more.length === 0)
      return { mapping: values.mapping, folder, report: values.report, words }
  } catch (error) {
    console.error(`fulcrum: ${error instanceof Error ? error.message : String(error)}`)
  }
  console.error(words.usage)
  return process.exit(1)
}

const numbers = new Intl.NumberFormat('en')
const listed = (tally: Readonly<Record<string, number>>): string[] =>
  Object.entries(tally)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, times]) => `  ${numbers.format(times).padStart(9)}  ${name}`)

function printReport(words: ImportWords, report: HistoryReport, source: HistorySource, rejectedFile: string, seconds: number): void {
  const strays = source.strays.length + source.straysUnlisted
  const rejected = sumOf(report.rejected)
  console.log(words.ended(report.state === 'done', seconds.toFixed(1), report.rowsDone, report.rows))
  for (const [fact, { created, known }] of Object.entries(report.facts)) console.log(words.fact(fact, created, known))
  console.log(words.orders(report.recorded, report.existing, rejected, report.blank))
  if (Object.keys(report.flags).length > 0) console.log([words.flags, ...listed(report.flags)].join('\n'))
  const why = Object.fromEntries(
    Object.entries(report.rejected).map(([code, times]) => [`${code}: ${reasonOf(code)[words.language]}`, times]),
  )
  if (rejected > 0) console.log([words.rejected, ...listed(why)].join('\n'))
  if (strays > 0) console.log(words.strays(strays))
  console.log(rejected + strays > 0 ? words.rejectedFile(rejectedFile) : words.nothingRejected)
}

async function main(): Promise<number> {
  const wanted = readArguments()
  const { words } = wanted
  const source = await openHistoryFolder(wanted.folder, loadHistoryMapping(wanted.mapping))
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(130)
      process.stderr.write(`\nfulcrum: ${words.stopping}\n`)
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
        console.log(words.start(source.importId, opened.name, source.rows, from))
        progress = progressOn(process.stderr, words, from, () => performance.now())
      },
      onProgress: (report) => progress?.show(report),
    })
    progress?.end()
    printReport(words, report, source, rejectedFile, (performance.now() - started) / 1000)
    if (report.state === 'done') return 0
    console.log(words.goOn(`npm run import -- --mapping ${wanted.mapping} ${wanted.folder}`))
    return 130
  } finally {
    await opened.close()
  }
}

process.exit(await main().catch(failStart))
