// Shows one picture by address as soon as it is there. While it is not, the layer is empty, or keeps the last picture where
// that is asked for; at most one picture is under way, and only the newest wish counts.
import { CSSProperties, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Pictures } from './pictures.js'
import styles from './Viewer.module.css'

interface Props {
  pictures: Pictures
  url: string | undefined
  frame: number
  name: 'original' | 'enhanced'
  /** Keep what was shown until the next picture is there. */
  isKeeping?: boolean
  isHidden?: boolean
  /** How it is laid on the stage. */
  laid: CSSProperties
  onShown?: (frame: number) => void
}

function draw(canvas: HTMLCanvasElement, image: HTMLImageElement): void {
  if (canvas.width !== image.naturalWidth || canvas.height !== image.naturalHeight) {
    canvas.width = image.naturalWidth
    canvas.height = image.naturalHeight
  }
  canvas.getContext('2d')?.drawImage(image, 0, 0)
}

export function PictureLayer({ pictures, url, frame, name, isKeeping, isHidden, laid, onShown }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const isBusy = useRef(false)
  const shown = useRef<{ url: string; frame: number }>(undefined)
  const [arrivals, setArrivals] = useState(0)
  /** The host has no such picture; it is asked again only after another one was wanted. */
  const [failed, setFailed] = useState<string>()

  // The canvas is changed directly, within the same paint as the rest of the frame. Runs again with every arrival, so that a
  // wish that came meanwhile gets its turn.
  useLayoutEffect(() => {
    const element = canvas.current
    if (!element) return
    const image = url && shown.current?.url !== url ? pictures.ready(url) : undefined
    if (url && image) {
      draw(element, image)
      shown.current = { url, frame }
    }
    const isCurrent = url !== undefined && shown.current?.url === url
    const isVisible = !isHidden && (isCurrent || (isKeeping && shown.current !== undefined))
    element.style.visibility = isVisible ? 'visible' : 'hidden'
    if (isVisible && shown.current) element.dataset['frame'] = String(shown.current.frame)
    else delete element.dataset['frame']
    if (isCurrent) onShown?.(frame)
  }, [pictures, url, frame, isHidden, isKeeping, arrivals, onShown])

  useEffect(() => {
    if (!url || isBusy.current || failed === url || pictures.ready(url)) return
    isBusy.current = true
    void pictures.load(url).then((isThere) => {
      isBusy.current = false
      setFailed(isThere ? undefined : url)
      setArrivals((n) => n + 1)
    })
  }, [pictures, url, arrivals, failed])

  return <canvas ref={canvas} className={styles.picture} style={laid} data-layer={name} />
}
