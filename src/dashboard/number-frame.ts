/** The frame of a problem with the number of its line in front: `12 | method: fetch`, and the caret below its place. */
export function numberFrame(frame: string, line: number): string {
  const margin = ' '.repeat(String(line).length);
  return frame
    .split('\n')
    .map((text, index) => `${index === 0 ? line : margin} | ${text}`)
    .join('\n');
}
