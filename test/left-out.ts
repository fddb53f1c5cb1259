// Says at the end of a run which tests were left out. Their names say why.

import type { Reporter, TestModule } from 'vitest/node';

export class LeftOut implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = modules.flatMap((module) => {
      const names = [...module.children.allTests('skipped')].map(({ fullName }) => fullName);
      return [...new Set(names)].map((name) => `  ${module.relativeModuleId}: ${name}\n`);
    });
    if (lines.length > 0) process.stdout.write(`\nLeft out:\n${lines.join('')}`);
  }
}
