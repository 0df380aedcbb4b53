import { Type, type Static } from 'typebox'
import { closed, CountryCode, DayText, LocalTime, Name, Ref, Version } from './basics.ts'

/** Local wall time HH:MM up to and including 24:00, the end of the day. */
export const LocalEnd = Type.String({ pattern: '^(?:(?:[01]\\d|2[0-3]):[0-5]\\d|24:00)$' })
/** Working hours, `from` before `to`; hours that cross midnight are two windows. */
export const Hours = Type.Object({ from: LocalTime, to: LocalEnd }, closed)
export type Hours = Static<typeof Hours>
/** 1 Monday … 7 Sunday. */
const Weekday = Type.Integer({ minimum: 1, maximum: 7 })

/**
 * When a node works or a carrier moves, in the local time of whoever uses it; it has no zone of its own.
 * What decides a day, first match: closedOn, openOn, make-up workday, public holiday, weekly hours.
 */
export const CalendarInput = Type.Object(
  {
    calendarId: Ref,
    name: Name,
    /** Public holidays (and China's make-up workdays) of this country close (open) days; left out = none do. */
    country: Type.Optional(CountryCode),
    /** Subdivision whose own holidays count too, for example BY for Bavaria. */
    subdivision: Type.Optional(Type.String({ minLength: 1, maxLength: 10 })),
    /** Left out = every day, 00:00–24:00. A weekday that is not named is closed. */
    weekly: Type.Optional(
      Type.Array(
        Type.Object(
          { days: Type.Array(Weekday, { minItems: 1, maxItems: 7 }), hours: Type.Array(Hours, { minItems: 1, maxItems: 6 }) },
          closed,
        ),
        { minItems: 1, maxItems: 20 },
      ),
    ),
    closedOn: Type.Optional(Type.Array(DayText, { maxItems: 2000 })),
    /** Open against the rule; without hours those of that weekday, or of the first weekday that has any. */
    openOn: Type.Optional(
      Type.Array(Type.Object({ day: DayText, hours: Type.Optional(Type.Array(Hours, { minItems: 1, maxItems: 6 })) }, closed), {
        maxItems: 2000,
      }),
    ),
  },
  closed,
)
export type CalendarInput = Static<typeof CalendarInput>
export const Calendar = Type.Interface([CalendarInput], { version: Version })
export type Calendar = Static<typeof Calendar>
