import { defineConfig } from 'vitest/config';
import { LeftOut } from './left-out.ts';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts', '**/*.test.tsx'],
    reporters: ['default', new LeftOut()],
    globalSetup: ['./build-cli.ts'],
    pool: 'forks',
    // On two cores the default leaves one idle.
    maxWorkers: '100%',
    // Machines are slow and shared; what hangs is found all the same.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
