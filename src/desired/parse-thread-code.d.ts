/** The code of a thread that parses (`parse-thread.ts`), a script without imports. Made by `npm run build`; see `imports` in package.json. */
export declare const parseThread: string;
