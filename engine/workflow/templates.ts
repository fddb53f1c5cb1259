// The three workflows that ship as templates.

/** Names in `fixtures/workflows`, in the order they are offered. */
export const TEMPLATE_FILES = ['cart-recovery.json', 'feature-adoption.json', 'win-back.json'] as const;
export type TemplateFile = (typeof TEMPLATE_FILES)[number];
