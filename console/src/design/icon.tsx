// The console's own icons: sixteen units square, drawn with one stroke in the colour of the text. They are decoration: the word beside them says it.
import type { ReactElement } from 'react'

const shapes = {
  check: <path d="m3.5 8.5 3 3 6-7" />,
  cross: <path d="m4 4 8 8m0-8-8 8" />,
  dash: <path d="M3.5 8h9" />,
  question: <path d="M5.8 6.1a2.2 2.2 0 1 1 3.3 1.9c-.8.5-1.1.9-1.1 1.7m0 2.3v.1" />,
  warn: <path d="M8 2.5 14 13H2Zm0 4v3m0 1.8v.1" />,
  stop: <path d="M5.4 2h5.2L14 5.4v5.2L10.6 14H5.4L2 10.6V5.4Zm-1 9.6 7.2-7.2" />,
  allowed: <path d="M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4ZM5.2 8.3l2 2 3.6-4.2" />,
  denied: <path d="M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4ZM3.7 3.7l8.6 8.6" />,
  clock: <path d="M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4ZM8 4.6V8l2.4 1.6" />,
  copy: <path d="M5.5 5.5v-3h8v8h-3m-8-5h8v8h-8Z" />,
  left: <path d="M10 3.5 5.5 8l4.5 4.5" />,
  right: <path d="m6 3.5 4.5 4.5L6 12.5" />,
  down: <path d="m3.5 6 4.5 4.5L12.5 6" />,
  up: <path d="m3.5 10 4.5-4.5L12.5 10" />,
  out: <path d="M9.5 2.5h4v4m0-4L8 8M6.5 3.5h-4v10h10v-4" />,
  search: <path d="M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Zm3.3-1.2 3.7 3.7" />,
  menu: <path d="M2.5 4.5h11m-11 3.5h11m-11 3.5h11" />,
  lock: <path d="M3.5 7.5h9v6h-9Zm2 0V5a2.5 2.5 0 0 1 5 0v2.5" />,
  key: <path d="M5 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm2.2-5.2 5.3-5.3m-1.8 1.8 1.8 1.8" />,
  bell: <path d="M4 11V7a4 4 0 0 1 8 0v4l1.2 1.5H2.8Zm2.8 3h2.4" />,
  play: <path d="M4.5 2.8v10.4L13 8Z" />,
  cube: <path d="m8 1.8 5.5 3.1v6.2L8 14.2l-5.5-3.1V4.9Zm0 6.3v6.1m0-6.1 5.5-3.2M8 8.1 2.5 4.9" />,
  box: <path d="M2.5 5.5h11v8h-11Zm0 0 1.8-3h7.4l1.8 3M6.5 8.5h3" />,
  gate: <path d="M2.5 14V4.5L8 2l5.5 2.5V14M6 14V8h4v6" />,
  book: <path d="M3.5 2.5h9v11h-9Zm2.5 3h4m-4 2.5h4m-4 2.5h2.5" />,
  sun: (
    <path d="M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm0-9.5v1.2m0 10.6v1.2M1.5 8h1.2m10.6 0h1.2M3.4 3.4l.9.9m7.4 7.4.9.9m0-9.2-.9.9m-7.4 7.4-.9.9" />
  ),
  moon: <path d="M13 9.7A5.5 5.5 0 0 1 6.3 3 5.5 5.5 0 1 0 13 9.7Z" />,
  halves: <path d="M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4ZM8 1.8v12.4M8 5l3.9-2M8 8.2l5.9-3M8 11.4l5.7-2.8" />,
  screen: <path d="M2 3h12v8H2Zm3.5 10.5h5" />,
  live: (
    <path d="M8 9.2a1.2 1.2 0 1 0 0-2.4 1.2 1.2 0 0 0 0 2.4ZM4.8 11.2a4.5 4.5 0 0 1 0-6.4m6.4 0a4.5 4.5 0 0 1 0 6.4M2.6 13.4a7.6 7.6 0 0 1 0-10.8m10.8 0a7.6 7.6 0 0 1 0 10.8" />
  ),
  broken: <path d="M2.5 8h3.2m4.6 0h3.2M7.3 5.5 6.3 3.2m2.4 9.6-1-2.3" />,
  snow: <path d="M8 1.5v13M2.4 4.7l11.2 6.6m0-6.6L2.4 11.3M6.3 2.8 8 4.3l1.7-1.5M6.3 13.2 8 11.7l1.7 1.5" />,
  stack: <path d="m8 2.2 5.5 3L8 8.2l-5.5-3Zm-5.5 5.9 5.5 3 5.5-3M2.5 11l5.5 3 5.5-3" />,
  plus: <path d="M8 3v10M3 8h10" />,
  filter: <path d="M2 3.5h12L9.5 8.8v4l-3 1.4V8.8Z" />,
  person: <path d="M8 7.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4ZM2.8 14a5.2 5.2 0 0 1 10.4 0" />,
} as const

/** The name of an icon. */
export type IconName = keyof typeof shapes

interface IconProps {
  readonly name: IconName
  readonly className?: string
}

/** An icon beside its word. */
export function Icon({ name, className = '' }: IconProps): ReactElement {
  return (
    <svg
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
      className={`inline-block shrink-0 ${className}`}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {shapes[name]}
    </svg>
  )
}
