// Scripts and XML grammars run in threads, which run the built modules. Without a build their rows are left out.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const isThere = (path: string): boolean =>
  existsSync(fileURLToPath(new URL(`../../dist/waf/${path}`, import.meta.url)));

export const IS_BUILT: boolean = isThere('lua-thread.js') && isThere('xml-thread.js');
if (!IS_BUILT && process.env['CI'] === 'true') throw new Error('run "npm run build" first');

/** Their time is bounded by the clock, which a busy machine can let run out. */
export const retried = (needsBuild: boolean | undefined): { readonly retry: number } => ({
  retry: needsBuild === true ? 3 : 0,
});
