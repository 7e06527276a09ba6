// Words in a box: something to know, an offer with its button, something that does not work.
import { ReactNode } from 'react'
import styles from './Note.module.css'

type NoteKind = 'note' | 'offer' | 'failure'

interface Props {
  kind?: NoteKind
  role?: 'status' | 'alert'
  children: ReactNode
}

/** For an element that stays where it is when there is nothing to tell. */
export const noteLook = (kind: NoteKind): string | undefined => styles[kind]

export function Note({ kind = 'note', role, children }: Props) {
  const Box = kind === 'offer' ? 'div' : 'p'
  return (
    <Box className={styles[kind]} role={role}>
      {children}
    </Box>
  )
}
