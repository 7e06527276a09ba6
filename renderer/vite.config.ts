// Builds the window into out/renderer. `--mode fake` swaps the host for the fake, to look at the window without one.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = (path: string): string => `${import.meta.dirname}/${path}`

export default defineConfig(({ mode }) => ({
  root: here('.'),
  // Relative addresses: the same files are served under app:// and under the browser host's loopback address.
  base: './',
  plugins: [react()],
  resolve: {
    alias: mode === 'fake' ? [{ find: /^.*\/api\/connect\.js$/, replacement: here('./api/fake.ts') }] : [],
  },
  build: {
    outDir: mode === 'fake' ? here('../out/renderer-fake') : here('../out/renderer'),
    emptyOutDir: true,
    target: 'chrome120',
    modulePreload: { polyfill: false },
  },
}))
