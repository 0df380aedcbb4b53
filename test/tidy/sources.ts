import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One TypeScript file of ours: its path from the root, its text, and its code without comments and the contents of texts. */
export type Source = {
  readonly path: string
  readonly text: string
  readonly code: string
  readonly imports: readonly string[]
  /** Those that are there at run time: not `import type`, not only `type` names. */
  readonly valueImports: readonly string[]
  readonly isTest: boolean
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FOLDERS = ['contract', 'server', 'simulator', 'console', 'test', 'bench', 'bin'] as const

/** All TypeScript files of ours. */
export function readSources(): readonly Source[] {
  return FOLDERS.flatMap((folder) => listFiles(join(ROOT, folder))).map(readSource)
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('dist/') && !name.startsWith('.dist-'))
      .map((name) => relative(ROOT, join(folder, name)))
  } catch {
    return [] // a folder that is not there yet
  }
}

function readSource(path: string): Source {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const statements = [...text.matchAll(/^\s*(?:import|export)\b([^'"`;]*?)from '([^']+)'|\bimport\('([^']+)'\)/gm)]
  const pathOf = (found: RegExpExecArray): string => resolveImport(path, found[2] ?? found[3] ?? '')
  const imports = statements.map(pathOf)
  const valueImports = statements.filter((found) => !isTypeOnly(found[1] ?? '')).map(pathOf)
  const isTest = path.endsWith('.test.ts') || path.startsWith('test/')
  return { path, text, code: blankOut(text), imports, valueImports, isTest }
}

const isTypeOnly = (clause: string): boolean =>
  /^\s*type\b/.test(clause) ||
  (/^\s*\{[^}]*\}\s*$/.test(clause) &&
    clause
      .replaceAll(/[{}\s]+/g, ' ')
      .trim()
      .split(/ ?, ?/)
      .every((name) => name === '' || name.startsWith('type ')))

/** A relative import as a path from the root; a package keeps its name. */
const resolveImport = (from: string, name: string): string => (name.startsWith('.') ? posix.join(dirname(from), name) : name)

/** Comments, texts and regular expressions become empty, so that words inside them are not taken for code; line numbers stay. */
export function blankOut(text: string): string {
  const token =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|(?<=[(,=:[!&|?{};\n]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/g
  return text.replace(token, (found) => (found.startsWith('`') ? templateCode(found) : found.replaceAll(/[^\n]/g, ' ')))
}

/** Of a template only what stands in `${…}` is code (one level deep, which is how we write them). */
function templateCode(template: string): string {
  return template.replaceAll(/\$\{[^{}]*\}|[^\n]/g, (found) => (found.startsWith('${') ? `(${found.slice(2, -1)})` : ' '))
}

export type Finding = { readonly path: string; readonly line: number; readonly found: string }

/** Where the pattern (with flag g) occurs in the code of a file. */
export function findIn(source: Source, pattern: RegExp): Finding[] {
  return [...source.code.matchAll(pattern)].map((found) => ({
    path: source.path,
    line: source.code.slice(0, found.index).split('\n').length,
    found: found[0].trim(),
  }))
}

export const show = (findings: readonly Finding[]): string[] => findings.map(({ path, line, found }) => `${path}:${line} ${found}`)

/** The room of a path: contract, server/<room>, server (main, config), or the top folder. */
export function roomOf(path: string): string {
  const [top, second, third] = path.split('/')
  if (top !== 'server') return top ?? ''
  return third === undefined ? 'server' : `server/${second}`
}
