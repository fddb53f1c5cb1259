// Collects what is wrong, each with its place in the workflow file. With any error nothing is written anywhere.

import type { Issue } from '../base/index.ts';

export class Problems {
  readonly issues: Issue[] = [];

  error(code: string, at: string, message: string): void {
    if (this.issues.some((issue) => issue.code === code && issue.at === at && issue.message === message)) return;
    this.issues.push({ code, message, at, severity: 'error' });
  }

  warn(code: string, at: string, message: string): void {
    this.issues.push({ code, message, at, severity: 'warning' });
  }

  /** What the vendor has no words for, with the way out. */
  cannot(at: string, message: string): void {
    this.error('NOT_EXPRESSIBLE', at, message);
  }

  get failed(): boolean {
    return this.issues.some((issue) => issue.severity === 'error');
  }
}
