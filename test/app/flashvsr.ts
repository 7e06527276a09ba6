// A FlashVSR of a few hundred thousand numbers, under the names that the authors publish theirs by.
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../engine/bundle.js'

const toy = join(root, 'test', 'fixtures', 'native', 'flashvsr-toy')
export const toyFiles = {
  'diffusion_pytorch_model_streaming_dmd.safetensors': 'dit.safetensors',
  'LQ_proj_in.ckpt': 'lq_proj_in.safetensors',
  'TCDecoder.ckpt': 'tcdecoder.safetensors',
  'posi_prompt.pth': 'prompt.safetensors',
} as const

export function toyFolder(at: string): string {
  mkdirSync(at, { recursive: true })
  for (const [name, from] of Object.entries(toyFiles)) copyFileSync(join(toy, from), join(at, name))
  return at
}

export const toyBytes = (): Record<string, Buffer> =>
  Object.fromEntries(Object.entries(toyFiles).map(([name, from]) => [name, readFileSync(join(toy, from))]))
