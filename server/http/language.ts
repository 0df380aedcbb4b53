import type { Language } from './problems.ts'

const KNOWN_MAX = 256
const known = new Map<string, Language>()

/** The language of an Accept-Language header: zh where it is preferred to en, otherwise en. */
export function languageOf(header: string | undefined): Language {
  if (header === undefined) return 'en'
  const before = known.get(header)
  if (before !== undefined) return before
  const language = negotiate(header)
  if (known.size < KNOWN_MAX && header.length <= 256) known.set(header, language)
  return language
}

function negotiate(header: string): Language {
  let zh = 0
  let en = 0
  for (const part of header.slice(0, 1024).split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
    const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find((text) => text !== undefined)
    const weight = quality === undefined ? 1 : Number(quality) || 0
    if (tag === 'zh' || tag.startsWith('zh-')) zh = Math.max(zh, weight)
    if (tag === 'en' || tag.startsWith('en-')) en = Math.max(en, weight)
  }
  return zh > en ? 'zh' : 'en'
}
