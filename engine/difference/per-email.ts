// Where a factor per email comes from: of what is credited per email, what comes anyway and what comes because, and beside
// it what the emails add in all. Emails that follow an act go to people who are about to do the thing; per email they are
// credited with many of those whatever the email does, and far fewer emails divide it (methods: J). Credited is
// attributed, added is projected: two fields, never one.

import { count, percent, rounded } from '../base/index.ts';
import { type Attributed, type CreditRule, NO_ATTRIBUTION, type Projection } from '../projection/index.ts';

/** Of one version, over the treated whose goal window is known. */
export interface PerEmail {
  /** Expected. */
  readonly emails: number;
  /** Attributed, per email: by the version's own rule. Null with the reason. */
  readonly credited: {
    readonly rule: CreditRule;
    /** `anyway` + `because`. */
    readonly rate: number;
    readonly anyway: number;
    readonly because: number;
  } | null;
  /** Projected, per email: conversions that would not have come, whether or not the rule credits them. */
  readonly added: number | null;
  /** Why something is missing. */
  readonly reason?: string;
}

/** Against the first version; null where either is not known, or nothing to divide by. */
export interface EmailFactors {
  readonly credited: number | null;
  readonly anyway: number | null;
  readonly added: number | null;
  /** Of what is added in all, whatever the number of emails. */
  readonly inAll: number | null;
}

export function perEmailOf(projection: Projection, attributed: Attributed | null): PerEmail | null {
  const emails = projection.sends.expected;
  if (emails === null || !(emails > 0)) return null;
  const { expected, reason } = projection.incremental;
  const why = [
    ...(attributed === null ? [NO_ATTRIBUTION] : []),
    ...(expected === null && reason !== undefined ? [reason] : []),
  ];
  return {
    emails,
    credited:
      attributed === null
        ? null
        : {
            rule: attributed.rule,
            rate: attributed.credited / emails,
            anyway: attributed.anyway / emails,
            because: attributed.because / emails,
          },
    added: expected === null ? null : expected / emails,
    ...(why.length === 0 ? {} : { reason: why.join(' ') }),
  };
}

/** How many times the first version's the other's are. */
export function emailFactors(first: PerEmail | null, other: PerEmail | null): EmailFactors | null {
  if (first === null || other === null) return null;
  const times = (a: number | null | undefined, b: number | null | undefined) =>
    a == null || b == null || !(b > 0) ? null : a / b;
  const all = (one: PerEmail) => (one.added === null ? null : one.added * one.emails);
  return {
    credited: times(other.credited?.rate, first.credited?.rate),
    anyway: times(other.credited?.anyway, first.credited?.anyway),
    added: times(other.added, first.added),
    inAll: times(all(other), all(first)),
  };
}

/** What of a factor per email is more than credit and a small divisor; null where it is not known. @param names first, other */
export function factorWords(
  names: readonly [string, string],
  first: PerEmail | null,
  other: PerEmail | null,
): string | null {
  const factors = emailFactors(first, other);
  if (
    first === null ||
    other === null ||
    factors?.credited == null ||
    first.credited === null ||
    other.credited === null
  )
    return null;
  // The version that is credited with more per email is the one a claim would be about.
  if (factors.credited < 1) return factorWords([names[1], names[0]], other, first);
  const [less, more] = names;
  const shareAnyway = other.credited.rate > 0 ? other.credited.anyway / other.credited.rate : 0;
  const emails = first.emails / other.emails;
  const sent =
    emails >= 1 ? `${less} sends ${rounded(emails, 2)} times as many` : `${less} sends ${percent(emails)} as many`;
  const all = (one: PerEmail) => count((one.added ?? 0) * one.emails);
  const inAll =
    factors.inAll === null
      ? ''
      : ` In all ${more} is projected to add ${rounded(factors.inAll, 2)} times as many as ${less} (${all(other)} against ${all(first)}), on the effect that is assumed of each.`;
  const caused = factors.added === null ? '' : `; projected to be added are ${rounded(factors.added, 2)} times as many`;
  return `Per email ${more} is credited with ${rounded(factors.credited, 2)} times as many conversions as ${less}${caused}. ${percent(shareAnyway, 0)} of what is credited to ${more} comes anyway, and ${sent}.${inAll}`;
}
