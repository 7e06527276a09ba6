// Pictures of films by address, kept while they may be needed again. Holds the compressed bytes; the browser decides about the
// decoded ones. The number kept is bounded, the longest unused leave first.
export class Pictures {
  private readonly images = new Map<string, HTMLImageElement>()
  private readonly loading = new Map<string, Promise<boolean>>()

  constructor(private readonly limit: number) {}

  /** The picture if it can be drawn at once. */
  ready(url: string): HTMLImageElement | undefined {
    const image = this.images.get(url)
    if (!image || this.loading.has(url)) return undefined
    this.images.delete(url)
    this.images.set(url, image)
    return image
  }

  /** Resolves to false when the host has no such picture. */
  load(url: string): Promise<boolean> {
    if (this.ready(url)) return Promise.resolve(true)
    const known = this.loading.get(url)
    if (known) return known
    const image = new Image()
    image.src = url
    const loaded = image.decode().then(
      () => true,
      () => false,
    )
    const settled = loaded.then((isThere) => {
      this.loading.delete(url)
      if (!isThere) this.images.delete(url)
      return isThere
    })
    this.images.set(url, image)
    this.loading.set(url, settled)
    this.shrink()
    return settled
  }

  /** Loads many, a few at a time, until done or told to stop. */
  async loadAll(urls: readonly string[], signal: AbortSignal): Promise<void> {
    let next = 0
    const worker = async (): Promise<void> => {
      for (let url = urls[next++]; url !== undefined && !signal.aborted; url = urls[next++])
        await this.load(url)
    }
    await Promise.all([worker(), worker(), worker()])
  }

  private shrink(): void {
    for (const url of this.images.keys()) {
      if (this.images.size <= this.limit) return
      if (!this.loading.has(url)) this.images.delete(url)
    }
  }
}

/** Each holds at least the longest preview: 4 seconds of 60 pictures. */
const longest = 260
/** Exact pictures of the source. */
export const stills = new Pictures(longest)
export const enhanced = new Pictures(longest)
