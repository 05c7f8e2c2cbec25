import { isRecord } from '../json.ts'

/** What an expression comes to where it is plain what JSONata would say; undefined where JSONata has to be asked. */
export type Shortcut = (states: unknown) => unknown

type Part = (states: unknown, context: unknown) => unknown

/** JSONata's own undefined: a field that is not there. */
const nothing = Symbol('nothing')

/**
 * Most of the time of a history went into asking JSONata, which walks an expression's syntax tree with a promise for every
 * node. What most expressions are made of is understood here: a value on the way of objects, texts put together, compared
 * or chosen by, and objects of such. Whatever meets a list or a null on its way is left to JSONata: only there do its
 * sequences begin.
 * @param tree what JSONata has parsed
 */
export function compileShortcut(tree: unknown): Shortcut | undefined {
  const part = compile(tree)
  return (
    part &&
    ((states) => {
      const value = part(states, undefined)
      return value === nothing ? undefined : value
    })
  )
}

function compile(node: unknown): Part | undefined {
  if (!isRecord(node) || node.group !== undefined || node.predicate !== undefined) return undefined
  switch (node.type) {
    case 'string':
    case 'number':
    case 'value':
      return () => node.value
    case 'path':
      return compilePath(node.steps)
    case 'unary':
      return node.value === '{' ? compileObject(node.lhs) : undefined
    case 'binary':
      return compileBinary(node.value, compile(node.lhs), compile(node.rhs))
    case 'condition':
      return compileCondition(compile(node.condition), compile(node.then), compile(node.else))
    case 'function':
      return compileCall(node)
    default:
      return undefined
  }
}

/** `$states.input.case`, also with an object of some of its fields at the end; within that, a bare name is a field. */
function compilePath(steps: unknown): Part | undefined {
  if (!Array.isArray(steps)) return undefined
  const [first, ...others]: readonly unknown[] = steps
  const isVariable = isRecord(first) && first.type === 'variable' && first.value === 'states'
  const last = others.at(-1)
  const end = isRecord(last) && last.type === 'unary' ? compile(last) : undefined
  const names = [...(isVariable ? [] : [first]), ...(end ? others.slice(0, -1) : others)].map(nameOf)
  if (names.includes(undefined)) return undefined
  return (states, context) => {
    let value = isVariable ? states : context
    for (const name of names) {
      value = fieldOf(value, name ?? '')
      if (value === nothing || value === undefined) return value
    }
    return end ? (isRecord(value) ? end(states, value) : undefined) : value
  }
}

function nameOf(step: unknown): string | undefined {
  const isName = isRecord(step) && step.type === 'name' && step.stages === undefined && step.group === undefined
  return isName && typeof step.value === 'string' ? step.value : undefined
}

function fieldOf(value: unknown, name: string): unknown {
  if (!isRecord(value)) return undefined
  const field = Object.hasOwn(value, name) ? value[name] : nothing
  return field === null || Array.isArray(field) ? undefined : field
}

/** Each name once; a field that is not there leaves its name out. */
function compileObject(pairs: unknown): Part | undefined {
  if (!Array.isArray(pairs)) return undefined
  const fields = pairs.map((pair: unknown) => {
    const [name, value]: readonly unknown[] = Array.isArray(pair) ? pair : []
    const part = compile(value)
    return part && isRecord(name) && name.type === 'string' ? ([String(name.value), part] as const) : undefined
  })
  if (new Set(fields.map((field) => field?.[0])).size !== fields.length || fields.includes(undefined)) return undefined
  return (states, context) => {
    const made: Record<string, unknown> = {}
    for (const [name, part] of fields.filter((field) => field !== undefined)) {
      const value = part(states, context)
      if (value === undefined) return undefined
      if (value !== nothing) made[name] = value
    }
    return made
  }
}

function compileBinary(operator: unknown, left: Part | undefined, right: Part | undefined): Part | undefined {
  const combine = operator === '=' ? areEqual : operator === '&' ? joined : operator === 'and' ? areBoth : undefined
  if (!combine || !left || !right) return undefined
  return (states, context) => combine(left(states, context), right(states, context))
}

function areEqual(left: unknown, right: unknown): boolean | undefined {
  if (!isPlain(left) || !isPlain(right)) return undefined
  return left !== nothing && left === right
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === nothing
}

function joined(left: unknown, right: unknown): string | undefined {
  const [first, second] = [textOf(left), textOf(right)]
  return first === undefined || second === undefined ? undefined : first + second
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (value === nothing) return ''
  return Number.isSafeInteger(value) ? String(value) : undefined
}

function areBoth(left: unknown, right: unknown): boolean | undefined {
  return typeof left === 'boolean' && typeof right === 'boolean' ? left && right : undefined
}

function compileCondition(condition?: Part, then?: Part, otherwise?: Part): Part | undefined {
  if (!condition || !then || !otherwise) return undefined
  return (states, context) => {
    const isMet = condition(states, context)
    return typeof isMet === 'boolean' ? (isMet ? then : otherwise)(states, context) : undefined
  }
}

function compileCall({ procedure, arguments: given }: Readonly<Record<string, unknown>>): Part | undefined {
  const [argument, ...others]: readonly unknown[] = Array.isArray(given) ? given : []
  const part = compile(argument)
  const name = isRecord(procedure) && procedure.type === 'variable' ? procedure.value : undefined
  if (!part || others.length > 0) return undefined
  if (name === 'exists') {
    return (states, context) => {
      const value = part(states, context)
      return value === undefined ? undefined : value !== nothing
    }
  }
  if (name !== 'not') return undefined
  return (states, context) => {
    const value = part(states, context)
    return typeof value === 'boolean' ? !value : undefined
  }
}
