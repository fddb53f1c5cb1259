// The tokens as charts need them: values, because a canvas knows no variables.

/** Read from the page; replaced when the theme changes. */
export interface ChartTheme {
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly surface: string;
  readonly inverse: string;
  readonly field: string;
  readonly because: string;
  readonly becauseSoft: string;
  readonly anyway: string;
  readonly anywaySoft: string;
  readonly holdout: string;
  readonly suppressed: string;
  /** Opacity of bands in the parent's colour. */
  readonly band80: number;
  readonly band95: number;
}

/** Without quotes, which ECharts would put into its drawings as they are. */
export const FONT = 'Inter Variable, Inter, system-ui, sans-serif';

export function readTheme(element: Element): ChartTheme {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: token('ink'),
    ink2: token('ink-2'),
    ink3: token('ink-3'),
    line: token('line'),
    lineStrong: token('line-strong'),
    surface: token('surface'),
    inverse: token('inverse'),
    field: token('field'),
    because: token('because'),
    becauseSoft: token('because-soft'),
    anyway: token('anyway'),
    anywaySoft: token('anyway-soft'),
    holdout: token('holdout'),
    suppressed: token('suppressed'),
    band80: Number(token('band-80')),
    band95: Number(token('band-95')),
  };
}
