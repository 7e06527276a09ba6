// What jsdom lacks of a browser, and an empty window for each test. Imported for its effects by the tests that draw the window.
import { cleanup, configure } from '@testing-library/react'
import { afterEach, beforeAll, beforeEach, vi } from 'vitest'
import { cutListOf } from '../../electron/shared/document/cutList.js'
import { Project, emptyProject } from '../../electron/shared/document/document.js'
import { Clip } from '../../electron/shared/document/project.js'
import { setLanguage } from '../../renderer/stores/words.js'
import { damageStart, useDamage } from '../../renderer/stores/damage.js'
import { keepsakesStart, useKeepsakes } from '../../renderer/stores/keepsakes.js'
import { useJobs } from '../../renderer/stores/jobs.js'
import { previewStart, usePreview } from '../../renderer/stores/preview.js'
import { replaceProject } from '../../renderer/stores/project.js'
import { sessionStart, useSession } from '../../renderer/stores/session.js'
import { useSources } from '../../renderer/stores/sources.js'
import { timingsStart, useTimings } from '../../renderer/stores/timings.js'
import { unfinishedStart, useUnfinished } from '../../renderer/stores/unfinished.js'

// A busy computer draws late; what never comes is found out all the same.
configure({ asyncUtilTimeout: 15_000 })

/** A style as far as the accessible names of elements ask for it. */
interface Shown {
  display: string
  visibility: string
  getPropertyValue(name: 'display' | 'visibility'): string
}

/**
 * jsdom matches a browser's whole style sheet at every question for a style, and finding an element by its name asks for hundreds. The sheets of the
 * window are not loaded here, so that elements of one kind, both hidden or open or neither, look alike: jsdom is asked once for each kind.
 */
function rememberStyles(view: Window): (element: Element) => Shown {
  const ask = view.getComputedStyle.bind(view)
  const known = new Map<string, Shown>()
  return (element) => {
    const isLikeOthers = !element.hasAttribute('style') && element.parentElement?.localName !== 'details'
    const kind = `${element.localName} ${element.hasAttribute('hidden')} ${element.hasAttribute('open')}`
    const before = isLikeOthers && known.get(kind)
    if (before) return before
    const { display, visibility } = ask(element)
    const shown: Shown = { display, visibility, getPropertyValue: (name) => shown[name] }
    if (isLikeOthers) known.set(kind, shown)
    return shown
  }
}

beforeAll(() => {
  const view = document.defaultView
  if (view) Object.assign(view, { getComputedStyle: rememberStyles(view) })
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe(): void {}
      disconnect(): void {}
    },
  )
  // jsdom decodes and plays nothing, and has no modal dialogs.
  HTMLImageElement.prototype.decode = () => Promise.resolve()
  HTMLMediaElement.prototype.pause = () => {}
  HTMLCanvasElement.prototype.getContext = () => null
  HTMLElement.prototype.scrollIntoView = () => {} // and lays nothing out
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
  HTMLDialogElement.prototype.close = function () {
    this.open = false
  }
  setLanguage('en')
})

beforeEach(() => {
  replaceProject(emptyProject)
  useSession.setState(sessionStart, true)
  useJobs.setState({ jobs: [], hidden: [], left: [] })
  useDamage.setState(damageStart)
  useKeepsakes.setState(keepsakesStart)
  usePreview.setState(previewStart, true)
  useTimings.setState(timingsStart, true)
  useUnfinished.setState(unfinishedStart)
  useSources.setState({ sources: {}, tables: {}, waveforms: {}, playables: {}, missing: {} })
})
afterEach(cleanup)

/** The clips of a saved document, in frames. */
export const clipsOf = (document: Project | undefined): Clip[] =>
  document ? cutListOf(document, {}).clips : []
