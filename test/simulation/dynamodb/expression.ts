/** The forms that expressions are parsed to. Names stay as written (`#status`); they are looked up when evaluated. */
export type Path = {
  readonly kind: 'path'
  readonly steps: readonly (string | number)[]
  /** Whether a step is written as `#name`. */
  readonly hasPlaceholder: boolean
}
export type Value = { readonly kind: 'value'; readonly name: string }
export type Size = { readonly kind: 'size'; readonly path: Path }
export type Operand = Path | Value | Size

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>='
export type FunctionName = 'attribute_exists' | 'attribute_not_exists' | 'attribute_type' | 'begins_with' | 'contains'

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'compare'; readonly comparator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly options: readonly Operand[] }
  | { readonly kind: 'function'; readonly name: FunctionName; readonly path: Operand; readonly operand?: Operand }

export type UpdateValue =
  | Path
  | Value
  | { readonly kind: 'if_not_exists'; readonly path: Path; readonly otherwise: UpdateValue }
  | { readonly kind: 'list_append'; readonly first: UpdateValue; readonly second: UpdateValue }
  | { readonly kind: '+' | '-'; readonly left: UpdateValue; readonly right: UpdateValue }

export type Update = {
  readonly set: readonly { readonly path: Path; readonly value: UpdateValue }[]
  readonly remove: readonly Path[]
  readonly add: readonly { readonly path: Path; readonly value: Value }[]
  readonly delete: readonly { readonly path: Path; readonly value: Value }[]
  /** Everything that any of them changes. */
  readonly paths: readonly Path[]
}

/** A parsed expression with the placeholders it uses. */
export type Parsed<Form> = {
  readonly form: Form
  readonly names: ReadonlySet<string>
  readonly values: ReadonlySet<string>
}
