import { cpSync, existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { processNames } from '#domain/processes.ts'
import { temporaryFolder } from './temporary-folder.ts'

const root = fileURLToPath(new URL('../', import.meta.url))

/** Folders of functions/ that hold Lambdas: one file is one Lambda. */
const lambdaFolders = [...processNames, 'ingress', 'operations', 'reconciliation']

let built: string | undefined

/**
 * Bundles every Lambda in one run of esbuild: ECMAScript modules for Node 24, the SDK included, since none is in the
 * runtime of the local cloud and a pinned one is safer in an account.
 * @param replaced modules by the path that imports them, and the file in place of each; the first call of a process decides
 * @returns the folder with one sub-folder for each Lambda: `order-to-cash/create-sales-order`
 */
export function bundleFunctions(replaced: Readonly<Record<string, string>> = {}): string {
  if (built !== undefined) return built
  const outdir = temporaryFolder('functions')
  buildSync({
    absWorkingDir: root,
    entryPoints: lambdaEntries().map(({ path, file }) => ({ in: file, out: `${path}/index` })),
    outdir,
    bundle: true,
    minify: true,
    keepNames: false,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    mainFields: ['module', 'main'],
    alias: {
      '@aws-sdk/credential-provider-node': join(root, 'functions', 'aws', 'lambda-credentials.ts'),
      ...replaced,
    },
    // Some dependencies are CommonJS and call require for Node's own modules.
    banner: { js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);" },
    logLevel: 'error',
  })
  for (const { path } of lambdaEntries().filter(({ name }) => /^(accept-|record-signal$)/.test(name))) {
    cpSync(join(root, 'mappings'), join(outdir, path, 'mappings'), { recursive: true })
  }
  built = outdir
  return outdir
}

/** A Lambda's file. */
interface LambdaEntry {
  /** `create-sales-order` */
  readonly name: string
  readonly folder: string
  /** `order-to-cash/create-sales-order` */
  readonly path: string
  readonly file: string
}

/** Every Lambda file. */
export function lambdaEntries(): LambdaEntry[] {
  return lambdaFolders
    .filter((folder) => existsSync(join(root, 'functions', folder)))
    .flatMap((folder) =>
      readdirSync(join(root, 'functions', folder))
        .filter((file) => file.endsWith('.ts'))
        .map((file) => {
          const name = basename(file, '.ts')
          return { name, folder, path: `${folder}/${name}`, file: join(root, 'functions', folder, file) }
        }),
    )
}
