import { appendFileSync, readFileSync } from 'node:fs'
import type { Reporter, TestCase } from 'vitest/node'
import type { Check } from './check.ts'

/** Writes one line for each check, so that those that were made are known even when the rest is cut short. */
export class CheckReporter implements Reporter {
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  onTestCaseResult(testCase: TestCase): void {
    appendFileSync(this.#file, `${JSON.stringify(checkOf(testCase))}\n`)
  }

  /** A file that could not even be read has no checks that could fail. */
  onTestRunEnd(
    modules: Parameters<NonNullable<Reporter['onTestRunEnd']>>[0],
    errors: Parameters<NonNullable<Reporter['onTestRunEnd']>>[1],
  ): void {
    for (const error of [...errors, ...modules.flatMap((module) => module.errors())]) {
      const failed: Check = {
        title: 'the checks run',
        verdict: 'differs',
        expected: 'no error',
        seen: error.message,
        page: '',
      }
      appendFileSync(this.#file, `${JSON.stringify(failed)}\n`)
    }
  }
}

function checkOf(testCase: TestCase): Check {
  const { state, errors } = testCase.result()
  const { page, only } = sourceOf(testCase)
  const title = testCase.fullName.replaceAll(' > ', ' ')
  if (state === 'skipped') return { title, verdict: 'not here', expected: '', seen: `only in: ${only}`, page }
  const measured = testCase.meta().seen ?? ''
  const [error] = errors ?? []
  if (error === undefined)
    return {
      title,
      verdict: 'as expected',
      expected: 'holds',
      seen: measured === '' ? 'holds' : `holds: ${measured}`,
      page,
    }
  const compared = error.expected !== undefined && error.actual !== undefined
  const seen = compared ? String(error.actual) : error.message
  return {
    title,
    verdict: 'differs',
    expected: compared ? String(error.expected) : 'holds',
    seen: measured === '' ? seen : `${seen} (${measured})`,
    page,
  }
}

/** The page of AWS stands in the comment above each check, and its place in the name of the function. */
function sourceOf(testCase: TestCase): { readonly page: string; readonly only: string } {
  const lines = readFileSync(testCase.module.moduleId, 'utf8').split('\n')
  const at = (testCase.location?.line ?? 1) - 1
  const page = /https:\S+/.exec(lines[at - 1] ?? '')?.[0] ?? ''
  return { page, only: lines[at]?.includes('itInAnAccount') ? 'an account' : 'the local cloud' }
}
