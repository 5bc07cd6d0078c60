/** Milliseconds on the one clock that all processes of a machine share and nobody sets; the wall clock may be put right during a run. */
export function systemNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
