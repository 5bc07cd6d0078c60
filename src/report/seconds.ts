/** A time in milliseconds as people read it: `1.5 s`. */
export function seconds(milliseconds: number): string {
  return `${Math.max(0, Math.round(milliseconds / 100) / 10)} s`;
}
