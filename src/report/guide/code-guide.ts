/** What a person who meets a code in a log line needs. Texts may hold `code` in backticks, and no other markup. */
export interface CodeGuide {
  /** What it means in a few words, whatever the case at hand. */
  readonly title: string;
  /** What happened, and what that leads to. */
  readonly meaning: string;
  /** What to look at, and what to do. */
  readonly remedy: string;
}
