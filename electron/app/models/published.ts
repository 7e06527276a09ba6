// Where the published FlashVSR weights lie: the only addresses in Heirloom. Nothing here asks for anything; the person who
// agrees to a download may put another address in place of `address`.
import { join } from 'node:path'
import { z } from 'zod'
import type { FlashVsrVersion } from '../../shared/contract/models.js'
import { readJson } from '../access/files.js'
import { shippedModels } from '../access/resources.js'

/** The table of known files, the same that the engine recognises weights by. */
export const knownFiles = join(shippedModels, 'flashvsr-known.json')

const Known = z.object({
  files: z.array(
    z.object({
      name: z.string(),
      version: z.enum(['v1', 'v1.1', 'both']),
      bytes: z.number().int().positive(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
})

export interface PublishedFile {
  name: string
  /** Where it lies when the folder at `address` does not have it. */
  elsewhere?: string
  bytes?: number
  hash?: string
  /** About, for the offer, where the exact number is not known; it may have half and twice as many. */
  aboutBytes: number
}

export interface Published {
  id: string
  name: string
  version: FlashVsrVersion
  licence: string
  /** Of the folder; a file's name is put behind it. */
  address: string
  files: PublishedFile[]
  /** Of the imported model. */
  importedBytes: number
}

const sizes: Readonly<Record<string, number>> = {
  'diffusion_pytorch_model_streaming_dmd.safetensors': 5_676_000_000,
  'LQ_proj_in.ckpt': 576_000_000,
  'TCDecoder.ckpt': 189_000_000,
  'posi_prompt.pth': 4_200_000,
}
/** The prompt comes with the authors' program, not with their weights. */
const prompt =
  'https://raw.githubusercontent.com/OpenImagingLab/FlashVSR/main/examples/WanVSR/prompt_tensor/posi_prompt.pth'
const addresses: Record<FlashVsrVersion, string> = {
  'v1.1': 'https://huggingface.co/JunhaoZhuang/FlashVSR-v1.1/resolve/main/',
  v1: 'https://huggingface.co/JunhaoZhuang/FlashVSR/resolve/main/',
}

/** The newer one first. */
export async function published(): Promise<Published[]> {
  const known = (await readJson(knownFiles, Known))?.files ?? []
  const files = (version: FlashVsrVersion): PublishedFile[] =>
    Object.entries(sizes).map(([name, aboutBytes]) => {
      const isPrompt = name === 'posi_prompt.pth'
      // That a file is the same in both releases was only seen on the newer one; the prompt belongs to neither.
      const isSure = isPrompt || version === 'v1.1'
      const file = isSure ? known.find((f) => f.name === name && f.version !== 'v1') : undefined
      return {
        name,
        aboutBytes,
        elsewhere: isPrompt ? prompt : undefined,
        bytes: file?.bytes,
        hash: file?.sha256,
      }
    })
  return (['v1.1', 'v1'] as const).map((version) => ({
    id: `flashvsr-${version}`,
    name: `FlashVSR ${version}`,
    version,
    licence: 'Apache-2.0',
    address: addresses[version],
    files: files(version),
    importedBytes: 3_500_000_000,
  }))
}
