/** One line through several lanes. */
export function Wordmark() {
  return (
    <svg aria-hidden="true" width={20} height={20} viewBox="0 0 20 20" fill="none" className="shrink-0">
      <path d="M1 5h18M1 10h18M1 15h18" className="stroke-line-strong" strokeWidth={1.5} strokeLinecap="round" />
      <path d="M2 15c4 0 4-5 8-5s4-5 8-5" className="stroke-accent" strokeWidth={2.25} strokeLinecap="round" />
      <circle cx={2.5} cy={15} r={2} className="fill-accent" />
      <circle cx={17.5} cy={5} r={2} className="fill-accent" />
    </svg>
  );
}
