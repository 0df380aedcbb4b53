import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { queries } from './api/queries.ts'
import { LanguageProvider } from './i18n/language.tsx'
import { firstLanguage, KEY, wordsOf } from './i18n/load-words.ts'
import { router } from './routes.tsx'
import { sessionQuery } from './features/session/session.ts'
import { SessionGate } from './features/session/session-gate.tsx'
import { LookProvider } from './ui/look.tsx'
import { reshapeWhenFontsCome } from './ui/reshape.ts'
import { part, preloadWhenIdle } from './ui/part.tsx'
import '@fontsource/noto-sans-sc/400.css'
import './ui/base.css'

/** Who follows a link to one order has no session and asks for none. */
const TrackPage = part(async () => (await import('./features/track/track-page.tsx')).TrackPage)

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no #root')
reshapeWhenFontsCome()
const isTracked = location.pathname === '/track'
// Who is signed in and the page's own script are asked for while the words come.
if (!isTracked) {
  void queries.prefetchQuery(sessionQuery)
  void router.load()
  preloadWhenIdle()
}
// Nothing is drawn before the words of the reader's language are here.
const language = firstLanguage(localStorage.getItem(KEY), navigator.languages)
document.documentElement.lang = language
const words = await wordsOf(language)
createRoot(root).render(
  <LanguageProvider first={words}>
    <LookProvider>
      <QueryClientProvider client={queries}>
        {isTracked ? (
          <TrackPage />
        ) : (
          <SessionGate>
            <RouterProvider router={router} />
          </SessionGate>
        )}
      </QueryClientProvider>
    </LookProvider>
  </LanguageProvider>,
)
