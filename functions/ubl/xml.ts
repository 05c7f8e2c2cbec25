import { SaxesParser, type SaxesTagNS } from 'saxes'

/** An element with its name in the usual prefixes, whatever prefixes the document has. Text is kept as it stands. */
export interface XmlElement {
  /** `cbc:ID`, `cac:Party`; the root without a prefix: `Invoice`. */
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  /** Its own text, without that of its children and without the white space around it. */
  readonly text: string
  /** From the root, as XPath would say it: `cac:InvoiceLine[2]/cbc:ID`. */
  readonly path: string
}

/** Not XML, or XML that is refused unread; the message names the place. */
export class XmlError extends Error {
  override readonly name = 'XmlError'
}

const prefixes: Readonly<Record<string, string>> = {
  'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2': 'cbc:',
  'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2': 'cac:',
  'urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2': 'ext:',
  'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2': '',
  'urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2': '',
}
const most = { bytes: 20_000_000, depth: 60, elements: 500_000 } as const

interface OpenElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: OpenElement[]
  text: string
}

/**
 * Parses bytes or text to elements. A document type is refused before anything in it is read, so that there are no entities
 * but XML's own five: none that expand without end, and none that fetch a file.
 * @throws XmlError
 */
export function parseXml(source: Uint8Array | string): XmlElement {
  if (source.length > most.bytes) throw new XmlError(`${source.length} bytes are more than ${most.bytes}`)
  const parser = new SaxesParser({ xmlns: true, position: true })
  const open: OpenElement[] = []
  let root: OpenElement | undefined
  let count = 0
  const fail = (message: string): never => {
    throw new XmlError(`line ${parser.line}, column ${parser.column}: ${message}`)
  }
  parser.on('error', (error) => fail(error.message.replace(/^\d+:\d+: /, '')))
  parser.on('doctype', () => fail('a document type is not allowed'))
  parser.on('opentag', (tag) => {
    count += 1
    if (count > most.elements) fail(`more than ${most.elements} elements`)
    if (open.length >= most.depth) fail(`elements are nested deeper than ${most.depth}`)
    const element: OpenElement = { name: nameOf(tag), attributes: attributesOf(tag), children: [], text: '' }
    open.at(-1)?.children.push(element)
    root ??= element
    open.push(element)
  })
  const addText = (text: string) => {
    const element = open.at(-1)
    if (element) element.text += text
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => void open.pop())
  parser.write(typeof source === 'string' ? source.replace(/^\uFEFF/, '') : decodeXml(source)).close()
  if (!root) throw new XmlError('there is no element')
  return closed(root, '')
}

/** What is of no namespace of UBL has its own before the name, so that it is never taken for UBL: `{}Invoice`. */
function nameOf({ uri, local }: SaxesTagNS): string {
  const prefix = Object.hasOwn(prefixes, uri) ? prefixes[uri] : undefined
  return prefix === undefined ? `{${uri}}${local}` : `${prefix}${local}`
}

function attributesOf({ attributes }: SaxesTagNS): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.values(attributes).map(({ name, value }) => [name, value.trim()]))
}

/** Gives each element its path; among brothers of one name the position counts from 1. */
function closed(element: OpenElement, path: string): XmlElement {
  const brothers = new Map<string, number>()
  for (const { name } of element.children) brothers.set(name, (brothers.get(name) ?? 0) + 1)
  const met = new Map<string, number>()
  const children = element.children.map((child) => {
    const position = (met.get(child.name) ?? 0) + 1
    met.set(child.name, position)
    const step = (brothers.get(child.name) ?? 0) > 1 ? `${child.name}[${position}]` : child.name
    return closed(child, path === '' ? step : `${path}/${step}`)
  })
  return { name: element.name, attributes: element.attributes, children, text: element.text.trim(), path }
}

/**
 * By the byte order mark, or by the first sign if that takes two bytes, else by the encoding that the document declares, else as UTF-8; a wrong byte is refused.
 * @throws XmlError
 */
export function decodeXml(bytes: Uint8Array): string {
  const encoding = markedEncoding(bytes) ?? declaredEncoding(bytes)
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new XmlError(`its bytes are not ${encoding}`, { cause })
  }
}

function markedEncoding([first, second]: Uint8Array): string | undefined {
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le'
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be'
  return first === 0xef && second === 0xbb ? 'utf-8' : undefined
}

function declaredEncoding(bytes: Uint8Array): string {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 200))
  return /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.-]+)["']/.exec(start)?.[1] ?? 'utf-8'
}
