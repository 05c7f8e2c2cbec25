import Big from 'big.js'
import type { XmlElement } from './xml.ts'

/** Every element at a path below: `cac:TaxTotal/cac:TaxSubtotal`. `.` is the element itself. */
export function all(element: XmlElement, path: string): readonly XmlElement[] {
  if (path === '.') return [element]
  return path
    .split('/')
    .reduce<readonly XmlElement[]>((found, name) => found.flatMap((one) => childrenNamed(one, name)), [element])
}

/** Those of elements with many children, by name: each of thousands of lines asks for something of their document. */
const indexes = new WeakMap<XmlElement, ReadonlyMap<string, readonly XmlElement[]>>()
const many = 50

function childrenNamed(element: XmlElement, name: string): readonly XmlElement[] {
  const { children } = element
  if (children.length < many) return children.filter((child) => child.name === name)
  const index = indexes.get(element) ?? Map.groupBy(children, (child) => child.name)
  indexes.set(element, index)
  return index.get(name) ?? []
}

export function first(element: XmlElement, path: string): XmlElement | undefined {
  return all(element, path)[0]
}

/** The text at a path; undefined where the element is missing or empty. */
export function textAt(element: XmlElement, path: string): string | undefined {
  return first(element, path)?.text || undefined
}

/** Itself and everything below. */
export function descendants(element: XmlElement): readonly XmlElement[] {
  return [element, ...element.children.flatMap(descendants)]
}

/** A path for something that may be missing, seen from the root. */
export function pathOf(element: XmlElement, path: string): string {
  if (path === '.') return element.path
  return element.path === '' ? path : `${element.path}/${path}`
}

/** A decimal as XML Schema writes it, in the hub's form: `+1.` is `1`, `.5` is `0.5`. */
export function decimalOf(text: string | undefined): string | undefined {
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text ?? '')
  if (!parts) return undefined
  const [, sign = '', whole = '', fraction = ''] = parts
  if (whole === '' && fraction === '') return undefined
  const digits = whole.replace(/^0+(?=\d)/, '') || '0'
  // Less than nothing is not what `-0` is.
  const isNegative = sign === '-' && /[1-9]/.test(digits + fraction)
  return `${isNegative ? '-' : ''}${digits}${fraction === '' ? '' : `.${fraction}`}`
}

/** The number at a path; undefined where it is missing or no decimal. */
export function numberAt(element: XmlElement, path: string): Big | undefined {
  const decimal = decimalOf(textAt(element, path))
  return decimal === undefined ? undefined : new Big(decimal)
}

/** The sum of the numbers at a path, over several elements. */
export function sumAt(elements: readonly XmlElement[], path: string): Big {
  return elements.reduce((total, element) => total.plus(numberAt(element, path) ?? 0), new Big(0))
}

/** Whether a tax category or a tax number is one of VAT. */
export function isVat(element: XmlElement): boolean {
  return textAt(element, 'cac:TaxScheme/cbc:ID')?.toUpperCase() === 'VAT'
}

/** Whether an allowance or charge is a charge; XML Schema writes a truth value in two ways. */
export function isCharge(entry: XmlElement): boolean {
  return ['true', '1'].includes(textAt(entry, 'cbc:ChargeIndicator') ?? '')
}
