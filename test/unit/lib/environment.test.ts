import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  checkTimes,
  erpAccountOf,
  parseEnvironment,
  readEnvironment,
  taskTimeoutSeconds,
} from '../../../lib/environment.ts'

const folder = new URL('../../../environments/', import.meta.url)
const text = readFileSync(new URL('prod.json', folder), 'utf8')
const prod = readEnvironment('prod')

describe('the ERP account of an environment', () => {
  it('has the limits that the environment names, and the costs of its connector', () => {
    const { name, limits, costs } = erpAccountOf(prod)
    expect([name, limits.slots, limits.fewer?.slots, costs.calls['sales-order']]).toEqual(['tryton', 4, 1, 15])
  })

  it('is refused while nobody has measured its connector', () => {
    expect(() => erpAccountOf({ ...prod, erp: { ...prod.erp, connector: 'sap' } })).toThrow(
      'environments/prod.json: erp.connector is sap, which must be one that was measured: tryton',
    )
  })
})

describe('an environment', () => {
  it.each(readdirSync(folder))('%s is valid', (file) => {
    const name = file.replace(/\.json$/, '')
    expect(readEnvironment(name)).toMatchObject({ name })
  })

  it('for an ERP that is killed differs from that of the tests in its times alone', () => {
    const { name, times } = readEnvironment('local-kill')
    expect({ ...readEnvironment('local-test'), name, times }).toEqual(readEnvironment('local-kill'))
  })

  it('that is unknown is refused with those that there are', () => {
    expect(() => readEnvironment('staging')).toThrow(
      /^There is no environment "staging"\. Known: (.*, )?local, (.*, )?prod\. Add environments\/staging\.json\.$/,
    )
  })

  it('that is not JSON is refused by its file', () => {
    expect(() => parseEnvironment('prod', '{ "localCloud": false,, }')).toThrow('environments/prod.json is not JSON')
  })

  it.each([
    ['a field that is missing', '"localCloud": false,', '', 'localCloud'],
    ['a field that nobody knows', '"localCloud"', '"locaCloud": true, "localCloud"', 'locaCloud'],
    ['an account id that is none', '"localCloud": false', '"localCloud": false, "account": "12"', '"12"'],
    ['an ERP account with a space', '"account": "tryton"', '"account": "try ton"', 'erp.account'],
    ['limits that nobody knows', '"tryton-postgresql"', '"tryton"', 'erp.limits must be one of tryton-sqlite'],
    [
      'a repair that needs a person',
      '"fourEyesAbove"',
      '"selfRepair": { "amount": "adjust" }, "fourEyesAbove"',
      'selfRepair.amount must be adopt, which the hub can do by itself (was "adjust")',
    ],
    [
      'a class that the hub cannot repair',
      '"fourEyesAbove"',
      '"selfRepair": { "missing-in-source": "ignore" }, "fourEyesAbove"',
      'selfRepair.missing-in-source is no class that the hub can repair by itself (was "ignore")',
    ],
    [
      'a class of difference that there is not',
      '"fourEyesAbove"',
      '"selfRepair": { "drift": "replay" }, "fourEyesAbove"',
      'selfRepair',
    ],
    [
      'a time zone that nobody knows',
      '"secretName"',
      '"calendar": { "timeZone": "Europe/Entenhausen" }, "secretName"',
      'erp.calendar.timeZone must be an IANA time zone such as Europe/Berlin (was "Europe/Entenhausen")',
    ],
    [
      'a maintenance window without a day',
      '"secretName"',
      '"calendar": { "timeZone": "UTC", "maintenance": [{ "days": [], "from": "02:00", "to": "24:00" }] }, "secretName"',
      'erp.calendar.maintenance[0].days',
    ],
    ['a time of zero', '"skewSeconds": 2', '"skewSeconds": 0', 'times.skewSeconds'],
    ['a time as text', '"leaseSeconds": 120', '"leaseSeconds": "120"', 'times.leaseSeconds'],
    ['an address that is none', '"on-call@example.com"', '"on-call"', 'alarmEmail'],
  ])('with %s is refused by its file and field', (_what, part, other, named) => {
    expect(text).toContain(part)
    const refused = () => parseEnvironment('prod', text.replace(part, other))
    expect(refused).toThrow('environments/prod.json is not valid')
    expect(refused).toThrow(named)
  })
})

describe('what an environment tells its functions', () => {
  const withSuppliers = (count: number, letter = 'S') => {
    const own = Array.from({ length: count }, (_one, index) => `"${letter}${index}": { "price": { "percent": "2" } }`)
    const rules = `"purchasing": { "tolerances": { "bySupplier": { ${own.join()} } } }`
    return parseEnvironment(
      'prod',
      text.replace(/"purchasing": \{[\s\S]*?\n {2}\}/, () => rules),
    )
  }

  it('may have rules of its own for dozens of suppliers', () => {
    expect(Object.keys(withSuppliers(60).purchasing.tolerances.bySupplier)).toHaveLength(60)
  })

  it('is counted in bytes, as AWS does: as many suppliers with letters of two are too many', () => {
    const fits = (count: number) => {
      try {
        return withSuppliers(count) !== undefined
      } catch {
        return false
      }
    }
    let most = 60
    while (most < 200 && fits(most + 1)) most++
    expect(() => withSuppliers(most)).not.toThrow()
    expect(() => withSuppliers(most, 'Š')).toThrow('must have 2800 bytes together')
  })

  it('is refused before it is deployed when no function could hold it, by its settings with their sizes', () => {
    expect(() => withSuppliers(200)).toThrow(
      /^environments\/prod\.json: purchasing, erp\.calendar, fourEyesAbove, selfRepair must have 2800 bytes together .* \(are \d+: purchasing \d+, erp\.calendar 2, fourEyesAbove \d+, selfRepair \d+\); give rules to fewer suppliers in purchasing\.tolerances\.bySupplier/,
    )
  })
})

describe('the times of an environment', () => {
  it.each([
    [
      { clientTimeoutSeconds: 68 },
      'clientTimeoutSeconds (68) + 5 to wait for a slot + skewSeconds (2) < lambdaTimeoutSeconds (75)',
    ],
    [
      { clientTimeoutSeconds: 80 },
      'clientTimeoutSeconds (80) + 5 to wait for a slot + skewSeconds (2) < lambdaTimeoutSeconds (75)',
    ],
    [{ leaseSeconds: 75 }, 'lambdaTimeoutSeconds (75) < leaseSeconds (75)'],
    [{ leaseSeconds: 181 }, "leaseSeconds (181) ≤ the Tasks' TimeoutSeconds (180)"],
  ])('%j are refused, since an attempt could send after its claim was taken', (times, rule) => {
    const refused = () => checkTimes({ ...prod, times: { ...prod.times, ...times } })
    expect(refused).toThrow(`environments/prod.json: times must satisfy ${rule}`)
  })

  it('may let the lease last as long as the Task', () => {
    const times = { ...prod.times, leaseSeconds: taskTimeoutSeconds }
    expect(checkTimes({ ...prod, times }).times).toEqual(times)
  })
})
