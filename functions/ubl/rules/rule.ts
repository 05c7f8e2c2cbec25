import { all, first, pathOf, textAt } from '../element.ts'
import type { UblDocument } from '../ubl-document.ts'
import type { XmlElement } from '../xml.ts'

/** Why a document is not taken. */
export interface Refusal {
  /** The rule as EN 16931 or Peppol names it: `BR-CO-10`, `PEPPOL-EN16931-R120`. */
  readonly rule: string
  /** The element, from the root: `cac:LegalMonetaryTotal/cbc:PayableAmount`. */
  readonly element: string
  /** What stands there; empty where the element is missing. */
  readonly found: string
  /** What the rule asks for. */
  readonly message: string
}

/** A rule of the norm, as a row of a table. */
export interface Rule {
  readonly id: string
  /** What it is about: `lines`, or a path from the root. */
  readonly at: 'line' | string | ((document: UblDocument) => readonly XmlElement[])
  /** The element that is named when it does not hold, seen from there. */
  readonly element: string
  readonly holds: (at: XmlElement, document: UblDocument) => boolean
  readonly says: string
  /** Holds for documents that follow Peppol BIS Billing only. */
  readonly isPeppol?: boolean
}

/** Every place at which a rule does not hold. */
export function check(rule: Rule, document: UblDocument): readonly Refusal[] {
  if (rule.isPeppol && !document.isPeppol) return []
  return placesOf(rule, document)
    .filter((at) => !rule.holds(at, document))
    .map((at) => {
      const element = rule.element.replace('QUANTITY', document.quantityName).replace('LINE', document.lineName)
      const [path = '.', attribute] = element.split('/@')
      const place = path === '.' ? at : first(at, path)
      const value = attribute === undefined ? place?.text : place?.attributes[attribute]
      const found = value ?? ''
      return {
        rule: rule.id,
        element:
          `${place?.path ?? pathOf(at, path)}${attribute === undefined ? '' : `/@${attribute}`}` || document.root.name,
        found: found.length > 80 ? `${found.slice(0, 77)}…` : found,
        message: rule.says,
      }
    })
}

function placesOf({ at }: Rule, document: UblDocument): readonly XmlElement[] {
  if (typeof at === 'function') return at(document)
  return at === 'line' ? document.lines : all(document.root, at)
}

/** A rule that something must be there, and not empty. */
export function requires(id: string, at: Rule['at'], element: string, says: string, isPeppol = false): Rule {
  const [path = '.', attribute] = element.split('/@')
  return {
    id,
    at,
    element,
    says,
    isPeppol,
    holds: (place, document) => {
      const name = path.replace('QUANTITY', document.quantityName).replace('LINE', document.lineName)
      if (attribute !== undefined) {
        // An attribute of what is missing is another rule's business.
        const bearers = all(place, name)
        return bearers.every((bearer) => (bearer.attributes[attribute] ?? '') !== '')
      }
      return name === '.' || all(place, name).some((found) => found.text !== '' || found.children.length > 0)
    },
  }
}

/** Whether one of several elements is there. */
export function hasOne(at: XmlElement, ...paths: readonly string[]): boolean {
  return paths.some((path) => textAt(at, path) !== undefined)
}
