// The package is plain JavaScript's and has no declarations of its own.
declare module 'asl-validator' {
  function validate(definition: unknown): {
    readonly isValid: boolean
    readonly errorsText: (separator: string) => string
  }
  export = validate
}
