// Buttons: with words, or with a picture and a name for screen readers and the tooltip.
import { AnchorHTMLAttributes, ButtonHTMLAttributes, ReactNode } from 'react'
import styles from './Button.module.css'

interface ButtonStyle {
  kind?: 'primary' | 'plain' | 'quiet' | 'danger'
  size?: 'normal' | 'large' | 'small'
  icon?: ReactNode
}

type ButtonProps = ButtonStyle & ButtonHTMLAttributes<HTMLButtonElement>

export function Button({
  kind = 'plain',
  size = 'normal',
  icon,
  children,
  className = '',
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`${styles.button} ${styles[kind]} ${styles[size]} ${className}`}
    >
      {icon}
      {children}
    </button>
  )
}

/** Looks like a button and is a link: for what a browser does with an address. */
export function LinkButton({
  kind = 'plain',
  size = 'normal',
  icon,
  children,
  ...rest
}: ButtonStyle & AnchorHTMLAttributes<HTMLAnchorElement>) {
  return (
    <a {...rest} className={`${styles.button} ${styles.link} ${styles[kind]} ${styles[size]}`}>
      {icon}
      {children}
    </a>
  )
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string
  /** Shown after the label in the tooltip. */
  keys?: string
  isOn?: boolean
}

export function IconButton({ label, keys, isOn, children, className = '', ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={keys ? `${label} (${keys})` : label}
      aria-pressed={isOn}
      {...rest}
      className={`${styles.icon} ${isOn ? styles.on : ''} ${className}`}
    >
      {children}
    </button>
  )
}
