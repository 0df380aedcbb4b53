/** Full years from a birthday (YYYY-MM-DD) to a day (YYYY-MM-DD); who is born on 29 February is a year older on 1 March of common years. */
export function ageOn(bornOn: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(bornOn.slice(0, 4))
  return day.slice(5) < bornOn.slice(5) ? years - 1 : years
}
