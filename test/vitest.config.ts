// One configuration for all suites: real files, real time, no globals.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    // Commands keep what they compile; not in the home of whoever runs the tests.
    env: { XDG_CACHE_HOME: new URL('../node_modules/.cache', import.meta.url).pathname },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Suites are CPU-bound; more workers than cores only makes each slower.
    maxWorkers: 2,
  },
});
