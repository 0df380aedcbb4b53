export type TerminalLanguage = 'en' | 'zh'

/**
 * The language that the person at the terminal reads: `--lang en` or `--lang zh` before anything else, else what LC_ALL, LC_MESSAGES or
 * LANG says (`zh_CN.UTF-8`), else English. Gives the arguments without it; undefined where `--lang` names no language of ours.
 */
export function terminalLanguage(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): { readonly language: TerminalLanguage; readonly rest: readonly string[] } | undefined {
  const at = args.findIndex((arg) => arg === '--lang' || arg.startsWith('--lang='))
  if (at < 0) return { language: languageOf(env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG']), rest: args }
  const own = args[at] ?? ''
  const isApart = own === '--lang'
  const asked = isApart ? args[at + 1] : own.slice('--lang='.length)
  if (asked === undefined || !/^(en|zh)\b/i.test(asked)) return undefined
  return { language: languageOf(asked), rest: args.toSpliced(at, isApart ? 2 : 1) }
}

const languageOf = (locale: string | undefined): TerminalLanguage => (/^zh\b/i.test((locale ?? '').replace('_', '-')) ? 'zh' : 'en')
