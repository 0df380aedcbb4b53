/** One line of a body that is laid out for reading; `path` is that of the value which begins or ends there, as issues name it. */
export type BodyLine = { readonly text: string; readonly path: string }

type Level = { readonly path: string; readonly isList: boolean; index: number; key: string | undefined }

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g
const PAIRS: Readonly<Record<string, string>> = { '{': '}', '[': ']' }

/**
 * JSON on lines of their own, nothing else changed: numbers beyond what JavaScript holds keep their digits. Undefined where the text is
 * no JSON.
 */
export function linesOf(text: string): readonly BodyLine[] | undefined {
  if (!isJson(text)) return undefined
  const lines: BodyLine[] = []
  const levels: Level[] = []
  let line = ''
  let path = '$'
  const indent = (): string => '  '.repeat(levels.length)
  const end = (): void => {
    if (line.trim() !== '') lines.push({ text: line, path })
    line = indent()
  }
  const tokens = text.match(TOKEN) ?? []
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] ?? ''
    const level = levels.at(-1)
    if (token === ',') {
      line += ','
      end()
      if (level !== undefined) level.index++
    } else if (token === '}' || token === ']') {
      end()
      levels.pop()
      line = indent() + token
      path = level?.path ?? '$'
      if (tokens[i + 1] !== ',') end()
    } else if (level !== undefined && !level.isList && tokens[i + 1] === ':') {
      level.key = JSON.parse(token) as string
      line += `${token}: `
      i++
    } else {
      path = pathOf(level)
      line += token
      const closing = PAIRS[token]
      if (closing !== undefined && tokens[i + 1] === closing) line += tokens[++i] ?? ''
      else if (closing !== undefined) {
        levels.push({ path, isList: token === '[', index: 0, key: undefined })
        end()
      }
    }
  }
  end()
  return lines
}

function pathOf(level: Level | undefined): string {
  if (level === undefined) return '$'
  if (level.isList) return `${level.path}[${level.index}]`
  return level.path === '$' ? (level.key ?? '') : `${level.path}.${level.key ?? ''}`
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const parentOf = (path: string): string => path.replace(/(?:^|\.)[^.[]*$|\[\d+\]$/, '')

/**
 * The lines that an issue speaks of, by their place: all of the value at its path, or, where that is missing, the first line of the
 * nearest that should hold it. An order taken out of a body of many is named from that body's top. Empty where nothing of it is there.
 */
export function linesAt(lines: readonly BodyLine[], path: string): ReadonlySet<number> {
  for (let from = path; from !== '' && from !== '$'; from = from.replace(/^[^.]*\.?/, ''))
    for (let at = from; at !== ''; at = parentOf(at)) {
      const found = lines.flatMap((line, i) => (isWithin(line, at) ? [i] : []))
      if (found.length > 0) return new Set(at === from ? found : found.slice(0, 1))
    }
  return new Set()
}

const isWithin = (line: BodyLine, path: string): boolean =>
  line.path === path || line.path.startsWith(`${path}.`) || line.path.startsWith(`${path}[`)
