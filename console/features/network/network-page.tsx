import { useNavigate, useSearch } from '@tanstack/react-router'
import { Tabs } from 'antd'
import { useText } from '../../i18n/language.tsx'
import { Calendars } from './calendars.tsx'
import { Carriers } from './carriers.tsx'
import { Lanes } from './lanes.tsx'
import { networkSearchOf } from './network-search.ts'
import { Nodes } from './nodes.tsx'
import './network.css'

/** Who holds and ships, when they work, who carries, and how long it takes between them. */
export function NetworkPage() {
  const t = useText()
  const search = useSearch({ from: '/network' })
  const navigate = useNavigate({ from: '/network' })
  return (
    <div className="page">
      <div className="head">
        <h1>{t('network.title')}</h1>
      </div>
      <Tabs
        activeKey={search.tab ?? 'nodes'}
        onChange={(tab) => void navigate({ search: (was) => networkSearchOf({ ...was, tab }) })}
        items={[
          { key: 'nodes', label: t('network.nodes'), children: <Nodes /> },
          { key: 'carriers', label: t('network.carriers'), children: <Carriers /> },
          { key: 'lanes', label: t('network.lanes'), children: <Lanes /> },
          { key: 'calendars', label: t('network.calendars'), children: <Calendars /> },
        ]}
      />
    </div>
  )
}
