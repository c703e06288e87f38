/**
 * The worker's first module, in plain JavaScript: teaches this thread TypeScript (tsx, all of it: enums,
 * decorators, imports with and without extension), then starts the worker proper. Node 20 passes no `--import`
 * on to threads, so each registers for itself.
 */
import { register as registerRequire } from 'tsx/cjs/api'
import { register } from 'tsx/esm/api'

register()
registerRequire()
await import('./worker.ts')
