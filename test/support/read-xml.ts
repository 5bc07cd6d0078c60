/** Just enough of an XML parser to prove that a report is well-formed, and to ask what is in it. */

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The text directly inside, entities resolved. */
  readonly text: string;
}

const TOKEN =
  /<\?xml [^<>]*\?>|<\/(?<closed>[\w-]+)>|<(?<opened>[\w-]+)(?<rest>(?: [\w-]+="[^"<>]*")*)(?<empty>\/?)>|[^<>]+/gy;
const ATTRIBUTE = / (?<name>[\w-]+)="(?<value>[^"]*)"/g;
const ENTITY = /&(?<name>amp|lt|gt|quot|apos|#10);|&/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#10': '\n' };

/** What the Char production of XML 1.0 leaves out. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** The root element. Throws an Error when the text is not well-formed. */
export function readXml(xml: string): XmlElement {
  if (FORBIDDEN.test(xml)) throw new Error('a character that XML 1.0 forbids');
  const root = { name: '', attributes: {}, children: [] as XmlElement[], text: '' };
  const open = [root];
  let end = 0;
  for (const match of xml.matchAll(TOKEN)) {
    end = match.index + match[0].length;
    const { closed, opened, rest = '', empty } = match.groups ?? {};
    const parent = open.at(-1) ?? root;
    if (opened !== undefined) {
      const attributes = [...rest.matchAll(ATTRIBUTE)].map(
        ({ groups }) => [groups?.['name'] ?? '', resolve(groups?.['value'] ?? '')] as const,
      );
      const element = { name: opened, attributes: Object.fromEntries(attributes), children: [], text: '' };
      if (Object.keys(element.attributes).length < attributes.length) throw new Error('an attribute stands twice');
      parent.children.push(element);
      if (empty === '') open.push(element);
    } else if (closed !== undefined) {
      if (open.length === 1 || open.pop()?.name !== closed) throw new Error(`</${closed}> closes nothing`);
    } else if (!match[0].startsWith('<')) parent.text += resolve(match[0]);
  }
  if (end < xml.length) throw new Error(`not XML: ${JSON.stringify(xml.slice(end, end + 40))}`);
  const [only, another] = root.children;
  if (open.length > 1 || only === undefined || another !== undefined) throw new Error('not exactly one closed root');
  return only;
}

function resolve(text: string): string {
  return text.replace(ENTITY, (entity, name: string | undefined) => {
    if (name === undefined) throw new Error(`a bare ${entity}`);
    return ENTITIES[name] ?? '';
  });
}
