#!/usr/bin/env node
// The one entrance. Plain JavaScript that runs on any Node from 20: it installs what package-lock.json names, then goes on
// with the Node 24 that came with it, which runs the TypeScript sources as they are.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NODE_FLAGS } from '../server/kernel/node-flags.mjs'

const COMMANDS = {
  start: 'server/main.ts',
  test: 'test/run.ts',
  bench: 'bench/run.ts',
  'bench:sourcing': 'bench/sourcing/run.ts',
  'bench:eta': 'bench/eta/run.ts',
  'bench:console': 'bench/console/run.ts',
  verify: 'bin/verify.ts',
  chaos: 'test/chaos/run.ts',
  soak: 'test/soak/run.ts',
  import: 'bin/import.ts',
  'solve:brunel': 'bin/solve-brunel.ts',
  simulate: 'simulator/simulate.ts',
  day: 'simulator/day.ts',
  schema: 'bin/schema.ts',
  'build:console': 'bin/build-console.ts',
}
const NODE_MIN = 24

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = join(root, 'node_modules', '.bin')

function fail(message) {
  console.error(`fulcrum: ${message}`)
  process.exit(1)
}

/** Installs when nothing is there or package-lock.json is another one than was installed. */
function install() {
  const stamp = join(root, 'node_modules', '.fulcrum-lock')
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : adopted(stamp, lock)
  if (installed === lock) return
  console.log(`fulcrum: installing (npm ci)${installed === '' ? '' : ': package-lock.json has changed'}`)
  // `npm run` puts node_modules/.bin first, whose node is about to be replaced: npm must run on the one outside.
  const PATH = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== bin)
    .join(delimiter)
  const npm = spawnSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci'], {
    cwd: root,
    env: { ...process.env, PATH },
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (npm.error) fail(`npm does not run: ${npm.error.message}`)
  if (npm.status !== 0) fail('npm ci failed: nothing was started. Is the registry reachable?')
  writeFileSync(stamp, lock)
}

/** What somebody installed by hand counts as current when npm's own record of it is younger than the lock file's content. */
function adopted(stamp, lock) {
  const record = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return ''
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const found = JSON.parse(readFileSync(record, 'utf8')).packages
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.optional || entry.devOptional) continue
    if (found[path]?.version !== entry.version) return 'other'
  }
  try {
    writeFileSync(stamp, lock)
  } catch {
    // node_modules belongs to someone else (an image): it is compared at each start
  }
  return lock
}

/** The Node that came with the installation, or the one that runs this when it is new enough. */
function findNode() {
  const own = join(bin, process.platform === 'win32' ? 'node.exe' : 'node')
  for (const node of [own, process.execPath]) {
    if (node !== process.execPath && !existsSync(node)) continue
    try {
      const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
      if (Number(version.slice(1).split('.')[0]) >= NODE_MIN) return node
    } catch {
      // a binary for another machine (node_modules copied from elsewhere): try the next
    }
  }
  return fail(
    `needs Node ${NODE_MIN} or newer, got ${process.version}: npm brings none for ${process.platform}-${process.arch}. ` +
      'Install it from https://nodejs.org (macOS: brew install node) and start again.',
  )
}

const [command, ...args] = process.argv.slice(2)
const script = Object.hasOwn(COMMANDS, command ?? '') ? COMMANDS[command] : undefined
if (script === undefined) fail(`expected one of ${Object.keys(COMMANDS).join(', ')}; got ${command ?? 'nothing'}`)
if (!existsSync(join(root, script))) fail(`${script} is not part of this version`)

/** Builds the console where its sources are newer; a hub without one still serves the API. */
function buildConsole(node) {
  const built = spawnSync(node, [...NODE_FLAGS, join(root, 'bin/build-console.ts')], {
    cwd: root,
    env: { ...process.env, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'fulcrum') },
    stdio: ['ignore', 'inherit', 'pipe'],
    encoding: 'utf8',
  })
  if (built.status === 0) return
  console.error(`fulcrum: the console could not be built, the hub runs without it: ${built.error?.message ?? built.stderr.trim()}`)
}

install()
const node = findNode()
if ((command === 'start' || command === 'test') && existsSync(join(root, 'bin/build-console.ts'))) buildConsole(node)
const child = spawn(node, [...NODE_FLAGS, join(root, script), ...args], {
  cwd: process.cwd(),
  stdio: 'inherit',
  env: {
    ...process.env,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'fulcrum'),
    PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
  },
})

// A Ctrl-C reaches the whole process group, the child included: passing it on again would look like a second one, which means "at once".
process.on('SIGINT', () => {
  if (!process.stdin.isTTY) child.kill('SIGINT')
})
for (const signal of ['SIGTERM', 'SIGHUP', 'SIGQUIT']) if (process.platform !== 'win32') process.on(signal, () => child.kill(signal))
child.on('error', (error) => fail(`cannot run ${node}: ${error.message}`))
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 15)))
