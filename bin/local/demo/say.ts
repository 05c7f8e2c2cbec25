import type { DemoOrder } from './demo-order.ts'
import type { Teller } from './run-orders.ts'

const width = 120
const marks: Readonly<Record<Teller, string>> = { title: '●', world: '→', hub: '←', inbox: '?', letter: '!' }

/** Tells what happens, a line each: when, to which order, and who says it. No line is longer than a terminal is wide. */
export function teller(seconds: () => number, write: (line: string) => void) {
  return ({ place, kind }: DemoOrder, who: Teller, text: string): void => {
    const line = `${seconds().toFixed(1).padStart(6)} s ${String(place).padStart(3)}  ${kind.name.padEnd(14)}  ${marks[who]} ${text}`
    write([...line].length <= width ? line : `${[...line].slice(0, width - 1).join('')}…`)
  }
}
