import { Table } from 'antd'
import { useLanguage, useText } from '../../i18n/language.tsx'
import { Loaded, Nothing } from '../../ui/states.tsx'
import { type Calendar, useCalendars, useNodes } from './facts.ts'
import { daysAhead, runName, weekOf } from './week.ts'

const DAYS_SHOWN = 8

/** When nodes work and carriers move, as a person would say it. */
export function Calendars() {
  const t = useText()
  const nodes = useNodes().data ?? []
  return (
    <Loaded of={useCalendars()}>
      {(calendars) => (
        <Table<Calendar>
          rowKey="calendarId"
          size="small"
          scroll={{ x: true }}
          pagination={{ pageSize: 50, hideOnSinglePage: true, showSizeChanger: false }}
          dataSource={calendars}
          locale={{ emptyText: <Nothing title={t('network.empty')} hint={t('network.calendars.empty.hint')} /> }}
          columns={[
            { title: t('network.col.name'), key: 'name', render: (_, calendar) => calendar.name },
            { title: t('network.col.when'), key: 'when', render: (_, calendar) => <CalendarWords calendar={calendar} /> },
            {
              title: t('network.col.usedBy'),
              key: 'used',
              render: (_, { calendarId }) => t('network.usedBy', { n: nodes.filter((node) => node.calendarId === calendarId).length }),
            },
          ]}
        />
      )}
    </Loaded>
  )
}

/** The week, the holidays and the exceptions that are still to come. */
export function CalendarWords({ calendar }: { readonly calendar: Calendar | undefined }) {
  const t = useText()
  const { language } = useLanguage()
  if (calendar === undefined) return '–'
  const today = new Date().toISOString().slice(0, 10)
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' })
  const noon = (day: string) => format.format(new Date(`${day}T12:00:00Z`))
  const closed = daysAhead(calendar.closedOn ?? [], today, DAYS_SHOWN)
  const open = daysAhead(
    (calendar.openOn ?? []).map(({ day }) => day),
    today,
    DAYS_SHOWN,
  )
  const country = calendar.country === undefined ? undefined : new Intl.DisplayNames(language, { type: 'region' }).of(calendar.country)
  return (
    <ul className="facts-list">
      {weekOf(calendar).map((row) => (
        <li key={row.days.join()}>
          {row.days.map((run) => runName(run, language)).join(', ')} <span className="num">{row.hours}</span>
        </li>
      ))}
      <li className="muted">{country === undefined ? t('network.holidays.none') : t('network.holidays', { country })}</li>
      {closed.length > 0 && <li>{t('network.closedOn', { days: closed.map(noon).join(', ') })}</li>}
      {open.length > 0 && <li>{t('network.openOn', { days: open.map(noon).join(', ') })}</li>}
    </ul>
  )
}
