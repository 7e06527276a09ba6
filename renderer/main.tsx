// The window's entry: connect to the host, load what it knows, show the app; a host that cannot be reached is told as a sentence.
import { createRoot } from 'react-dom/client'
import { toFailure } from '../electron/shared/contract/errors.js'
import { connect } from './api/connect.js'
import { App, Starting } from './App.js'
import { languageOf, usePreferences } from './stores/preferences.js'
import { start } from './stores/start.js'
import { setLanguage } from './stores/words.js'
import './theme.css'

const darkness = window.matchMedia('(prefers-color-scheme: dark)')

function applyPreferences(): void {
  const preferences = usePreferences.getState()
  const isDark = preferences.theme === 'system' ? darkness.matches : preferences.theme === 'dark'
  document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light'
  setLanguage(languageOf(preferences, navigator.languages))
}

async function main(): Promise<void> {
  applyPreferences()
  usePreferences.subscribe(applyPreferences)
  darkness.addEventListener('change', applyPreferences)
  const element = document.getElementById('root')
  if (!element) throw new Error('The page has no place for the app.')
  const root = createRoot(element)
  root.render(<Starting />)
  try {
    await start(await connect())
    root.render(<App />)
  } catch (error) {
    const { code, message, sentence } = toFailure(error)
    root.render(<App startFailure={{ code, message, sentence }} />)
  }
}

void main()
