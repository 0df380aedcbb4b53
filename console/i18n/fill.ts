const BLANK = /\{(\w+)(?:\?([^:{}]*):([^{}]*))?\}/g

/**
 * The text of a key with its `{names}` filled in; `{n?order:orders}` is the word that goes with the number n, by the language's own rule
 * of what is one.
 */
export function fill(text: string, values: Readonly<Record<string, string | number>>, plurals: Intl.PluralRules): string {
  return text.replaceAll(BLANK, (whole, name: string, one?: string, more?: string) => {
    const value = values[name]
    if (one === undefined) return String(value ?? whole)
    // Numbers come written as the reader writes them.
    return (plurals.select(Number(String(value).replaceAll(/[^\d.]/g, ''))) === 'one' ? one : more) ?? whole
  })
}
