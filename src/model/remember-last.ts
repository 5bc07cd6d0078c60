/** What was computed last, given again as long as it is asked the same. */

/**
 * @param compute pure; what it gives is never written to
 * @returns the same function; with arguments that are, each, the very objects of the call before, it gives what it gave then
 */
export function rememberLast<A extends readonly unknown[], R>(compute: (...args: A) => R): (...args: A) => R {
  let last: { readonly args: A; readonly result: R } | null = null;
  return (...args) => {
    if (last?.args.every((arg, index) => arg === args[index]) !== true) last = { args, result: compute(...args) };
    return last.result;
  };
}
