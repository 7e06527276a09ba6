// The one address the desktop window shows. Whatever comes from anywhere else is not ours.
export const scheme = 'app'
export const home = `${scheme}://heirloom/`

/** Custom schemes have an opaque origin in Node's URL, so scheme and host are compared instead. */
export function isOurs(address: string): boolean {
  if (!URL.canParse(address)) return false
  const url = new URL(address)
  return url.protocol === `${scheme}:` && url.host === 'heirloom'
}
