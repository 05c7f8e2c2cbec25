import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './synthesized.ts'

const folders = ['bin', 'functions', 'lib', 'test'] as const
const forbidden = /^(util|helper|common|shared|core|manager|service|processor|data|info|base|misc)s?$/
/** The ERP's own word for customers, items and tax codes. */
const ownWords = ['master-data']

const paths = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8', withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .filter((path) => !path.includes('__pycache__')),
)
const typescript = paths.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))

/** `functions/domain/pick-next-event.test.ts` → `pick-next-event`. */
function nameOf(path: string): string {
  return basename(path).replace(/^(.)([^.]*)\..*$/, '$1$2')
}

describe('names', () => {
  it('of files and folders say what is in them', () => {
    const empty = paths.filter(
      (path) =>
        !ownWords.includes(nameOf(path)) &&
        nameOf(path)
          .split(/[-_]/)
          .some((word) => forbidden.test(word)),
    )
    expect(empty).toEqual([])
  })

  it('of TypeScript files and of folders are kebab-case', () => {
    const named = paths.filter((path) => path.endsWith('.ts') || !basename(path).includes('.'))
    // Packages of Python are named by its rules.
    const python = /^bin\/local\/.*\.py$|^bin\/local\/cloud\/repairs$/
    expect(named.filter((path) => !python.test(path) && !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(nameOf(path)))).toEqual([])
  })

  it('of types and classes say what they are', () => {
    const declared = typescript.flatMap((path) => {
      const types = readFileSync(join(root, path), 'utf8').matchAll(/^(?:export )?(?:class|interface|type) (\w+)/gm)
      return [...types].map(([, name = '']) => `${name} in ${path}`)
    })
    const last = (name: string) => name.replace(/^.*(?=[A-Z])|(?<=\w) in .*$/g, '').toLowerCase()
    expect(declared.length).toBeGreaterThan(100)
    // An event's data is the field's own word.
    expect(declared.filter((name) => forbidden.test(last(name)) && last(name) !== 'data')).toEqual([])
  })
})

describe('exports', () => {
  it('have names', () => {
    const unnamed = typescript.filter(
      (path) => !path.startsWith('test/') && /^export (default\b|\*)/m.test(readFileSync(join(root, path), 'utf8')),
    )
    expect(unnamed).toEqual([])
  })
})
