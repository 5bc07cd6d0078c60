import { styleText } from 'node:util';

/** Text in ANSI colours, or as it is where nobody wants them. */
export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

export function createPaint(colour: boolean): Paint {
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}
