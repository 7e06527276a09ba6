// Whether the focus came by the pointer or by Tab: what was clicked leaves Space and the arrow keys to the film, what was reached
// with Tab keeps them.

let isByPointer = false

export const isPointed = (): boolean => isByPointer

/** Answers a function that stops watching. */
export function watchPointing(): () => void {
  const onPointer = (): void => void (isByPointer = true)
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Tab') isByPointer = false
  }
  window.addEventListener('pointerdown', onPointer, true)
  window.addEventListener('keydown', onKey, true)
  return () => {
    window.removeEventListener('pointerdown', onPointer, true)
    window.removeEventListener('keydown', onKey, true)
    isByPointer = false
  }
}
