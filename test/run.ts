import { spawn } from 'node:child_process'
import { globSync, mkdtempSync, chmodSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { run as runTests } from 'node:test'
import { spec } from 'node:test/reporters'
import { fileURLToPath } from 'node:url'
import { joinCluster } from './support/cluster.ts'

/** `npm test [step…] [--only <part of a path>]`: all steps in order, or the named ones. The last line is `N passed, N failed`. */

type Count = { readonly passed: number; readonly failed: number; readonly skipped: number }
type Step = { readonly name: string; readonly run: () => Promise<Count>; readonly needsDatabase?: true }

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const BIN = join(ROOT, 'node_modules', '.bin')
const UNIT = ['server', 'contract', 'simulator', 'bench', 'bin', 'console']

const STEPS: readonly Step[] = [
  { name: 'format', run: () => runTool('oxfmt', ['--check']) },
  { name: 'lint', run: () => runTool('oxlint', ['--type-aware']) },
  { name: 'types', run: () => runTool('tsc', ['--noEmit']) },
  { name: 'types of the console', run: () => runTool('tsc', ['--noEmit', '-p', 'console']) },
  { name: 'tidy', run: () => runFiles(['test/tidy/**/*.test.ts'], { isRequired: true }) },
  {
    name: 'unit',
    run: () => runFiles([...UNIT.map((folder) => `${folder}/**/*.test.ts`), 'test/support/**/*.test.ts'], { isRequired: true }),
  },
  { name: 'database', needsDatabase: true, run: () => runFiles(['**/*.db.test.ts'], { isRequired: true }) },
  { name: 'simulation', needsDatabase: true, run: () => runFiles(['test/sim/**/*.test.ts'], { isRequired: true }) },
  { name: 'e2e', needsDatabase: true, run: runEndToEnd },
]

const args = process.argv.slice(2)
const onlyAt = args.indexOf('--only')
const onlyPart = onlyAt < 0 ? undefined : args[onlyAt + 1]
const named = args.filter((_, index) => onlyAt < 0 || (index !== onlyAt && index !== onlyAt + 1))

function chooseSteps(): readonly Step[] {
  const unknown = named.filter((name) => !STEPS.some((step) => step.name === name))
  if (unknown.length > 0 || (onlyAt >= 0 && onlyPart === undefined)) {
    console.error(
      `npm test: expected steps among ${STEPS.map((step) => step.name).join(', ')} and --only <part of a path>, got ${args.join(' ')}`,
    )
    process.exit(1)
  }
  return named.length === 0 ? STEPS : STEPS.filter((step) => named.includes(step.name))
}

/** Browsers run alone; of the others each file waits for a hub of its own half of its time, so two run at once. */
async function runEndToEnd(): Promise<Count> {
  const alone = await runFiles(['test/e2e/console*.test.ts'], { isRequired: true, concurrency: 1 })
  const paired = await runFiles(['test/e2e/**/!(console*).test.ts'], { isRequired: true, concurrency: 2 })
  return { passed: alone.passed + paired.passed, failed: alone.failed + paired.failed, skipped: alone.skipped + paired.skipped }
}

/** A tool is one check: passed when it exits with 0. */
async function runTool(tool: string, toolArgs: readonly string[]): Promise<Count> {
  const child = spawn(join(BIN, tool), toolArgs, { cwd: ROOT, stdio: 'inherit' })
  const isPassed = await new Promise<boolean>((resolve) => {
    child.on('error', (error) => {
      console.error(`${tool} does not run: ${error.message}`)
      resolve(false)
    })
    child.on('exit', (code) => resolve(code === 0))
  })
  return { passed: isPassed ? 1 : 0, failed: isPassed ? 0 : 1, skipped: 0 }
}

type FileOptions = { readonly isRequired?: boolean; readonly concurrency?: number }

function findFiles(patterns: readonly string[]): string[] {
  const wantsDatabase = patterns.some((pattern) => pattern.includes('.db.test'))
  return globSync([...patterns], { cwd: ROOT, exclude: (name) => /(^|\/)(node_modules|data|\.data|\.git)$/.test(name) })
    .filter((path) => path.endsWith('.db.test.ts') === wantsDatabase || path.startsWith('test/sim') || path.startsWith('test/e2e'))
    .filter((path) => !wantsDatabase || !/^test\/(sim|e2e)\//.test(path))
    .filter((path) => onlyPart === undefined || path.includes(onlyPart))
    .toSorted()
}

/** Runs test files, each in a process of its own, and counts the tests in them. A step that finds no test has failed. */
async function runFiles(patterns: readonly string[], options: FileOptions): Promise<Count> {
  const files = findFiles(patterns)
  if (files.length === 0) {
    const isExcused = onlyPart !== undefined
    console.log(isExcused ? 'no file here matches' : `expected test files in ${patterns.join(', ')}, found none`)
    return { passed: 0, failed: isExcused || options.isRequired !== true ? 0 : 1, skipped: 0 }
  }
  const count = { passed: 0, failed: 0, skipped: 0 }
  const concurrency = options.concurrency ?? availableParallelism()
  const stream = runTests({ files: files.map((file) => join(ROOT, file)), concurrency, cwd: ROOT, timeout: 600_000 })
  stream.on('test:fail', ({ details, name }) => {
    if (details.type !== 'suite' && !isFile(name)) count.failed += 1
    else if (isFile(name)) failedFiles.push(relative(ROOT, name))
  })
  stream.on('test:pass', ({ details, skip, name }) => {
    if (details.type === 'suite' || isFile(name)) return
    if (skip === undefined || skip === false) count.passed += 1
    else count.skipped += 1
  })
  const failedFiles: string[] = []
  await new Promise<void>((resolve, reject) => {
    stream
      .compose(spec)
      .on('error', reject)
      .on('end', resolve)
      .on('data', (chunk: unknown) => process.stdout.write(String(chunk)))
  })
  // A file that broke before or between its tests is a failure too, though no test of it says so.
  if (failedFiles.length > 0 && count.failed === 0) count.failed += failedFiles.length
  if (count.passed === 0 && count.failed === 0 && onlyPart === undefined) count.failed = 1
  return count
}

/** node:test reports a file that has no tests, or breaks outside of one, as a test named by its path. */
const isFile = (name: string): boolean => name.endsWith('.test.ts') && (name.startsWith('/') || name.includes('\\') || name.includes('/'))

async function runSteps(steps: readonly Step[]): Promise<readonly Count[]> {
  const counts: Count[] = []
  const summary: string[] = []
  for (const step of steps) {
    console.log(`\n── ${step.name}`)
    const startedAt = performance.now()
    const count = await step.run()
    counts.push(count)
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    const skipped = count.skipped === 0 ? '' : `, ${count.skipped} skipped`
    summary.push(
      `${count.failed === 0 ? 'ok    ' : 'FAILED'} ${step.name.padEnd(10)} ${count.passed} passed, ${count.failed} failed${skipped} (${seconds} s)`,
    )
    console.log(summary.at(-1))
  }
  console.log(`\n${summary.join('\n')}`)
  return counts
}

/** One PostgreSQL for the whole run, in a folder of its own that goes with it. */
async function withCluster<T>(body: () => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'fulcrum-run-'))
  chmodSync(folder, 0o711)
  process.env['FULCRUM_TEST_CLUSTER'] = folder
  const cluster = await joinCluster().catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true })
    console.error(`npm test: ${error instanceof Error ? error.message : String(error)}\n0 passed, 1 failed`)
    process.exit(1)
  })
  const end = async () => {
    await cluster.leave()
    rmSync(folder, { recursive: true, force: true })
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end().finally(() => process.exit(130)))
  try {
    return await body()
  } finally {
    await end()
  }
}

const steps = chooseSteps()
const counts = steps.some((step) => step.needsDatabase) ? await withCluster(() => runSteps(steps)) : await runSteps(steps)
const passed = counts.reduce((sum, count) => sum + count.passed, 0)
const failed = counts.reduce((sum, count) => sum + count.failed, 0)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
