// Colours, and texts made safe for a terminal. What a server answered may hold control characters that somebody else typed: none of them reaches the
// terminal as such.
import { stripVTControlCharacters, styleText } from 'node:util'

/** The styles that are used. */
export interface Paint {
  bold(text: string): string
  dim(text: string): string
  green(text: string): string
  red(text: string): string
  yellow(text: string): string
  cyan(text: string): string
}

/** Makes the styles, or ones that leave texts as they are. */
export function createPaint(on: boolean): Paint {
  const style = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    on ? styleText(format, text, { validateStream: false }) : text
  return { bold: style('bold'), dim: style('dim'), green: style('green'), red: style('red'), yellow: style('yellow'), cyan: style('cyan') }
}

/** A text with control and invisible formatting characters made visible. */
export function safe(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) => (one === '\n' || one === '\t' ? ' ' : '\ufffd'))
}

/** How many columns a text takes; styles take none. */
export function columns(text: string): number {
  return [...stripVTControlCharacters(text)].length
}

/** A text filled up with spaces. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)))
}
