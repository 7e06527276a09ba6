// @vitest-environment jsdom
// The page of models tells of those that cannot be used, in the language of the window.
import './dom.js'
import { render, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { failing, toFailure } from '../../electron/shared/contract/errors.js'
import { setLanguage } from '../../renderer/stores/words.js'
import { createFake } from '../../renderer/api/fake.js'
import { ModelsPanel } from '../../renderer/features/models/ModelsPanel.js'
import { start } from '../../renderer/stores/start.js'

test.each([
  ['en', 'Models that cannot be used', /heirloom-s cannot be used.*damaged or altered: \/models\/s/],
  ['ja', '使えないモデル', /heirloom-sは使えません.*\/models\/s/],
] as const)('an altered model is listed with the reason, in %s', async (language, label, words) => {
  const path = '/models/s/model.safetensors'
  const failure = toFailure(failing('weights-corrupt', 'modelAltered', { id: 'heirloom-s', path }))
  await start(createFake({ info: { unusable: [{ id: 'heirloom-s', folder: '/models/s', failure }] } }))
  setLanguage(language)
  render(<ModelsPanel />)
  const list = await screen.findByRole('list', { name: label })
  expect(within(list).getAllByRole('listitem')).toHaveLength(1)
  expect(list.textContent).toMatch(words)
  setLanguage('en')
})
