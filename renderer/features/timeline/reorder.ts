// Dragging a clip of the lane to another place of the film. Until it is let go only a line shows where it would stand; Escape leaves all as it was.
import { PointerEvent, useEffect, useRef, useState } from 'react'
import { ClipId } from '../../../electron/shared/document/project.js'
import { moveClip } from '../../commands/moveClip.js'
import { Piece } from '../../stores/filmTime.js'
import { run } from '../../stores/project.js'
import { selectClipById } from '../../stores/scene.js'
import { Scale, toSeconds, toX } from './scale.js'

/** CSS pixels: less is a click of an unsteady hand. */
const least = 6

interface Moving {
  id: ClipId
  /** Its place in the order, were it let go now, and where the line stands, in seconds. */
  index: number
  seconds: number
}

/** Where a clip would stand that is let go at a time: before the first other clip whose middle lies behind that. */
export function placeOf(pieces: readonly Piece[], id: ClipId, seconds: number): Moving {
  const others = pieces.filter(({ clip }) => clip.id !== id)
  const found = others.findIndex((piece) => piece.at + piece.seconds / 2 > seconds)
  const next = others[found]
  if (next) return { id, index: found, seconds: next.at }
  const last = others.at(-1)
  return { id, index: others.length, seconds: last ? last.at + last.seconds : 0 }
}

export function useReorder(pieces: readonly Piece[], scale: Scale) {
  const begun = useRef<{ id: ClipId; x: number }>(undefined)
  const [moving, setMoving] = useState<Moving>()
  const end = (): void => {
    begun.current = undefined
    setMoving(undefined)
  }

  useEffect(() => {
    if (!moving) return
    const hear = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      end()
    }
    window.addEventListener('keydown', hear, true)
    return () => window.removeEventListener('keydown', hear, true)
  }, [moving])

  const onPointerDown = ({ button, clientX, target }: PointerEvent): void => {
    const piece = target instanceof Element ? target.closest<HTMLElement>('[data-piece]') : null
    const id = piece?.dataset['piece']
    if (button === 0 && id !== undefined) begun.current = { id, x: clientX }
  }
  const onPointerMove = ({ clientX, currentTarget, pointerId }: PointerEvent): void => {
    const from = begun.current
    if (!from || (!moving && Math.abs(clientX - from.x) < least)) return
    // From here on it is no click.
    if (!moving) currentTarget.setPointerCapture(pointerId)
    const { left } = currentTarget.getBoundingClientRect()
    setMoving(placeOf(pieces, from.id, toSeconds(scale, clientX - left)))
  }
  const onPointerUp = (): void => {
    end()
    if (!moving) return
    if (pieces[moving.index]?.clip.id !== moving.id) run(moveClip(moving.id, moving.index))
    selectClipById(moving.id)
  }
  // At the edges of the lane the line is as wide as elsewhere.
  const lineAt = (x: number): number => Math.min(Math.max(2, x), scale.width - 2)
  return {
    moving: moving && { id: moving.id, x: lineAt(toX(scale, moving.seconds)) },
    handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: end },
  }
}
