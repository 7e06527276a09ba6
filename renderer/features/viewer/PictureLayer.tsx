// Shows one picture by address as soon as it is there. While it is not, the layer is empty, or keeps the last picture where
// that is asked for; at most one picture is under way, and only the newest wish counts.
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
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
  clipPath?: string
  onShown?: (frame: number) => void
}

function draw(canvas: HTMLCanvasElement, image: HTMLImageElement): void {
  if (canvas.width !== image.naturalWidth || canvas.height !== image.naturalHeight) {
    canvas.width = image.naturalWidth
    canvas.height = image.naturalHeight
  }
  canvas.getContext('2d')?.drawImage(image, 0, 0)
}

export function PictureLayer({
  pictures,
  url,
  frame,
  name,
  isKeeping,
  isHidden,
  clipPath,
  onShown,
}: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const isBusy = useRef(false)
  const [shown, setShown] = useState<{ url: string; frame: number }>()
  const [arrivals, setArrivals] = useState(0)

  // Runs again with every arrival, so that a wish that came meanwhile gets its turn.
  useLayoutEffect(() => {
    if (!url || !canvas.current) return
    const image = pictures.ready(url)
    if (!image) return
    draw(canvas.current, image)
    setShown({ url, frame })
    onShown?.(frame)
  }, [pictures, url, frame, arrivals, onShown])

  useEffect(() => {
    if (!url || isBusy.current || pictures.ready(url)) return
    isBusy.current = true
    void pictures.load(url).then(() => {
      isBusy.current = false
      setArrivals((n) => n + 1)
    })
  }, [pictures, url, arrivals])

  const isCurrent = url !== undefined && shown?.url === url
  const isVisible = !isHidden && (isCurrent || (isKeeping && shown !== undefined))
  return (
    <canvas
      ref={canvas}
      className={styles.picture}
      style={{ visibility: isVisible ? 'visible' : 'hidden', clipPath }}
      data-layer={name}
      data-frame={isVisible ? shown.frame : undefined}
    />
  )
}
