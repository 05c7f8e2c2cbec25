/** `owner`: only who owns a case writes for it, so that a compensation can only undo what its own case did. */
export type Law =
  | 'once'
  | 'limit'
  | 'never lost'
  | 'newest wins'
  | 'owner'
  | 'books'
  | 'events'
  | 'audit'
  | 'told'
  | 'doubt'
export type Violation = {
  readonly law: Law
  readonly what: string
}

export type Tell = (law: Law, what: string) => void
