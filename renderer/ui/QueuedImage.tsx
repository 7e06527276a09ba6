// A picture that waits for its turn: a browser has few connections to one host, and a row of small pictures must not keep the
// large one waiting.
import { CSSProperties, useEffect, useState } from 'react'

const atOnce = 2
let busy = 0
const queue: (() => void)[] = []

function next(): void {
  while (busy < atOnce) {
    const begin = queue.shift()
    if (!begin) return
    busy++
    begin()
  }
}

/** Calls `begin` when there is room. Answers a function that gives the place, or the wish for one, back. */
function takeTurn(begin: () => void): () => void {
  let state: 'waiting' | 'loading' | 'over' = 'waiting'
  const start = (): void => {
    state = 'loading'
    begin()
  }
  queue.push(start)
  queueMicrotask(next)
  return () => {
    if (state === 'waiting') queue.splice(queue.indexOf(start), 1)
    if (state === 'loading') busy--
    state = 'over'
    next()
  }
}

interface Props {
  src: string
  className?: string
  style?: CSSProperties
}

export function QueuedImage({ src, className, style }: Props) {
  const [loaded, setLoaded] = useState<string>()
  useEffect(() => {
    const image = new Image()
    const giveBack = takeTurn(() => {
      image.src = src
      image.decode().then(
        () => {
          giveBack()
          setLoaded(src)
        },
        giveBack, // a place without its picture stays empty
      )
    })
    return () => {
      image.src = ''
      giveBack()
    }
  }, [src])
  return <img className={className} style={style} src={loaded} alt="" draggable={false} hidden={!loaded} />
}
