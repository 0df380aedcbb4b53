import type { Language, Words } from './words.ts'

export const KEY = 'fulcrum.language'

/** The language chosen before, else the browser's. */
export function firstLanguage(kept: string | null, browser: readonly string[]): Language {
  if (kept === 'en' || kept === 'zh-CN') return kept
  return browser[0]?.toLowerCase().startsWith('zh') === true ? 'zh-CN' : 'en'
}

/** Each language is a script of its own: a reader loads the one that is read. */
export async function wordsOf(language: Language): Promise<Words> {
  return language === 'en' ? (await import('./words-en.ts')).words : (await import('./words-zh.ts')).words
}
