import { existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import chromium from '@sparticuz/chromium'
import { type Browser, type BrowserContextOptions, chromium as playwright, type Page } from 'playwright-core'

/** A real Chromium that came with npm. Its arguments are our own: those of its package are made for a function service. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--font-render-hinting=none',
]

/** For scripts: closed by who opened it. */
export const launchBrowser = async (more: readonly string[] = []): Promise<Browser> =>
  playwright.launch({ executablePath: await chromium.executablePath(), args: [...ARGS, ...more], headless: true })

export async function openBrowser(): Promise<Browser> {
  // Loaded here: a script that only launches a browser is no test run.
  const { after } = await import('node:test')
  const browser = await launchBrowser()
  after(() => browser.close())
  return browser
}

export type Look = { readonly language: 'zh-CN' | 'en'; readonly theme: 'light' | 'dark' }
export const PHONE = { width: 390, height: 844 }
export const DESK = { width: 1440, height: 900 }

/** A page of the console, signed in, in a language and a theme. */
export async function signIn(
  browser: Browser,
  url: string,
  who: { readonly login: string; readonly password: string },
  look: Look,
  more: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: DESK, ...more, locale: look.language, timezoneId: 'Asia/Shanghai' })
  await context.addInitScript(
    ([language, theme]) => {
      localStorage.setItem('fulcrum.language', language ?? 'en')
      localStorage.setItem('fulcrum.theme', theme ?? 'light')
    },
    [look.language, look.theme],
  )
  const page = await context.newPage()
  await page.goto(url)
  await page.locator('input[autocomplete=username]').fill(who.login)
  await page.locator('input[autocomplete=current-password]').fill(who.password)
  await page.locator('button[type=submit]').click()
  await page.locator('header nav').waitFor()
  return page
}

/** Where pictures of pages are written, to be looked at; not part of the repository. */
export function screenshotPath(name: string): string {
  const folder = new URL('../screenshots', import.meta.url).pathname
  const target = existsSync(join(folder, '..')) ? folder : tmpdir()
  mkdirSync(target, { recursive: true })
  return join(target, `${name}.png`)
}
