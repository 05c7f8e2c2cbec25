/**
 * Exact decimals of the oracle's own: an integer and the number of its digits after the point. It shares nothing with
 * the hub, not even the library, so that one mistake cannot hide another.
 */
export interface Exact {
  readonly units: bigint
  readonly digits: number
}

export function exact(text: string): Exact {
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (parts === null) throw new Error(`${text} is no decimal`)
  const [, sign = '', whole = '', fraction = ''] = parts
  return { units: BigInt(`${sign}${whole}${fraction}`), digits: fraction.length }
}

export function times(one: Exact, other: Exact): Exact {
  return { units: one.units * other.units, digits: one.digits + other.digits }
}

export function plus(one: Exact, other: Exact): Exact {
  const digits = Math.max(one.digits, other.digits)
  return { units: scaled(one, digits) + scaled(other, digits), digits }
}

export function minus(one: Exact, other: Exact): Exact {
  return plus(one, { units: -other.units, digits: other.digits })
}

export function compare(one: Exact, other: Exact): number {
  const { units } = minus(one, other)
  return units < 0n ? -1 : units > 0n ? 1 : 0
}

export function total(decimals: readonly Exact[]): Exact {
  return decimals.reduce(plus, zero)
}

export function least(one: Exact, other: Exact): Exact {
  return compare(one, other) <= 0 ? one : other
}

export const zero: Exact = { units: 0n, digits: 0 }

type Tie = 'even' | 'away'

/** Rounded to so many digits; a tie goes to the even digit, or away from zero. */
export function rounded(one: Exact, digits: number, tie: Tie): Exact {
  if (one.digits <= digits) return { units: scaled(one, digits), digits }
  return { units: quotient(one.units, 10n ** BigInt(one.digits - digits), tie), digits }
}

/** A quotient, rounded to so many digits. */
export function divided(one: Exact, other: Exact, digits: number, tie: Tie): Exact {
  const numerator = one.units * 10n ** BigInt(digits + other.digits)
  return { units: quotient(numerator, other.units * 10n ** BigInt(one.digits), tie), digits }
}

function quotient(numerator: bigint, denominator: bigint, tie: Tie): bigint {
  const isNegative = numerator < 0n !== denominator < 0n
  const [top, bottom] = [absolute(numerator), absolute(denominator)]
  const floor = top / bottom
  const twice = 2n * (top % bottom)
  const isUp = twice > bottom || (twice === bottom && (tie === 'away' || floor % 2n === 1n))
  const size = isUp ? floor + 1n : floor
  return isNegative ? -size : size
}

function absolute(number: bigint): bigint {
  return number < 0n ? -number : number
}

function scaled({ units, digits }: Exact, to: number): bigint {
  return units * 10n ** BigInt(to - digits)
}

/** An amount in cents as text: `-3.50`. */
export function cents(one: Exact): string {
  return fixed(one, 2)
}

/** With so many digits after the point. */
export function fixed(one: Exact, digits: number): string {
  return textOf(rounded(one, digits, 'even'))
}

/** As short as it can be written: `3`, not `3.00`. */
export function plain(one: Exact): string {
  return textOf(one)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
}

function textOf({ units, digits }: Exact): string {
  const text = String(absolute(units)).padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits)
  return `${units < 0n ? '-' : ''}${whole}${digits === 0 ? '' : `.${text.slice(text.length - digits)}`}`
}
