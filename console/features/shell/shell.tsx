import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { Button, Dropdown, Tooltip } from 'antd'
import { type ReactNode, useCallback, useEffect, useState } from 'react'
import { useLive } from '../../api/live.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useLanguage, useWord } from '../../i18n/language.tsx'
import { useLook } from '../../ui/look.tsx'
import { Nothing } from '../../ui/states.tsx'
import { useMay, useSession } from '../session/session.ts'
import { pages, usePages } from './pages.ts'
import { part } from '../../ui/part.tsx'
import './shell.css'

const Palette = part(async () => (await import('./palette.tsx')).Palette, 'over')
const Shortcuts = part(async () => (await import('./shortcuts.tsx')).Shortcuts, 'over')
const RoleSwitch = part(async () => (await import('../session/role-switch.tsx')).RoleSwitch, 'over')

/** The frame around every page: where you are, whether it is live, who you are; `g` and a letter go to a page, Ctrl-K opens the palette, `?` tells. */
export function Shell() {
  const { t } = useLanguage()
  const [open, setOpen] = useState<'palette' | 'keys'>()
  const close = useCallback(() => setOpen(undefined), [])
  useShortcuts(setOpen)
  return (
    <div className="shell">
      <a className="skip" href="#page">
        {t('nav.main')} ↓
      </a>
      <header className="bar">
        <Link to="/now" className="brand" aria-label={t('app.name')}>
          <img src="/icon.svg" alt="" width={24} height={24} /> {t('app.name')}
        </Link>
        <Navigation />
        <div className="spread">
          <LiveDot />
          <Button onClick={() => setOpen('palette')} aria-keyshortcuts="Control+K">
            {t('state.search')} <kbd>Ctrl K</kbd>
          </Button>
          <Person />
        </div>
      </header>
      <main id="page" tabIndex={-1}>
        <Allowed>
          <Outlet />
        </Allowed>
      </main>
      {open === 'palette' && <Palette isOpen onClose={close} onKeys={() => setOpen('keys')} />}
      {open === 'keys' && <Shortcuts onClose={close} />}
    </div>
  )
}

/** A page that the role has no permission for says so, wherever its address came from. */
function Allowed({ children }: { readonly children: ReactNode }) {
  const { t } = useLanguage()
  const may = useMay()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const page = pages.find((one) => path === one.to || path.startsWith(`${one.to}/`))
  if (page === undefined || may(page.permission)) return children
  return (
    <div className="page">
      <div className="head">
        <h1>{t(page.title)}</h1>
      </div>
      <Nothing title={t('state.noPermission')} hint={t('state.noPermission.hint', { permission: page.permission })} />
    </div>
  )
}

function Navigation() {
  const { t } = useLanguage()
  const path = useRouterState({ select: (state) => state.location.pathname })
  return (
    <nav aria-label={t('nav.main')}>
      {usePages().map((page) => (
        <Link key={page.to} to={page.to} {...(path.startsWith(page.to) ? { 'aria-current': 'page' as const } : {})}>
          {t(page.title)}
        </Link>
      ))}
    </nav>
  )
}

function LiveDot() {
  const { t } = useLanguage()
  const { line } = useLive()
  if (line === 'none' || line === 'opening') return null
  const text = t(line === 'live' ? 'live.on' : line === 'again' ? 'live.again' : 'live.off')
  return (
    <Tooltip title={text}>
      <span role="status" className={line === 'live' ? 'row line' : 'row line told'}>
        <i className="live-dot" style={{ background: line === 'lost' ? '#c98a1b' : '#2ea06a' }} />
        <span className="wide">{text}</span>
      </span>
    </Tooltip>
  )
}

function Person() {
  const { t, language, speak } = useLanguage()
  const word = useWord()
  const format = useFormat()
  const { isDark, turn } = useLook()
  const { session, leave } = useSession()
  const [isSwitching, switchRole] = useState(false)
  const items = [
    { key: 'role', label: `${t('session.role')}: ${word('role', session.role)}`, disabled: true },
    { key: 'zone', label: t('session.zone', { zone: format.zone }), disabled: true },
    { key: 'language', label: t('language.switch'), onClick: () => speak(language === 'en' ? 'zh-CN' : 'en') },
    { key: 'theme', label: t(isDark ? 'theme.light' : 'theme.dark'), onClick: turn },
    ...(session.demo === true ? [{ key: 'as', label: t('demo.role'), onClick: () => switchRole(true) }] : []),
    { key: 'leave', label: t('session.leave'), onClick: leave },
  ]
  return (
    <>
      <Dropdown menu={{ items }} trigger={['click']}>
        <Button type="text">{session.name}</Button>
      </Dropdown>
      {isSwitching && <RoleSwitch onClose={() => switchRole(false)} />}
    </>
  )
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))

function useShortcuts(open: (what: 'palette' | 'keys') => void): void {
  const pages = usePages()
  const navigate = useNavigate()
  useEffect(() => {
    let going = false
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        open('palette')
        return
      }
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === '?') return open('keys')
      const page = going ? pages.find((one) => one.key === event.key) : undefined
      going = event.key === 'g'
      if (page !== undefined) void navigate({ to: page.to })
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [navigate, open, pages])
}

export function NotFound() {
  const { t } = useLanguage()
  return (
    <div className="page">
      <Nothing title={t('state.notFound')}>
        <Link to="/orders">{t('order.back')}</Link>
      </Nothing>
    </div>
  )
}
