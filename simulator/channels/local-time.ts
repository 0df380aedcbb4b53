/** `YYYY-MM-DD hh:mm:ss` in Beijing, as the platforms write it; with another separator where they use one. */
export const beijing = (at: number, separator = ' '): string =>
  new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', separator)
/** The same in UTC, without a zone. */
export const utc = (at: number): string => new Date(at).toISOString().slice(0, 19)
export const seconds = (at: number): number => Math.floor(at / 1000)
/** Fen as yuan with two decimals. */
export const yuan = (fen: number): string => (fen / 100).toFixed(2)
