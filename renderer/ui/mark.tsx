// The sign of Foresend: what comes because of the emails, over what comes anyway.

export function Mark() {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" fill="none" strokeLinecap="round">
      <path d="M2 14.5C8 14.5 8 4 16 3.5" stroke="currentColor" strokeWidth="2" />
      <path d="M2 14.5c5 0 8-2.5 14-2.5" className="mark-anyway" strokeWidth="1.5" strokeDasharray=".1 3" />
    </svg>
  );
}
