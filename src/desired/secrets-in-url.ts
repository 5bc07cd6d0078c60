import { looksLikeCredential } from '../model/credential-name.ts';
import { readingsOf } from '../model/readings.ts';

/** User information, and the values of query parameters that look like credentials; as written, and decoded. */
export function secretsInUrl(url: string): readonly string[] {
  const userInfo = /^[a-z]+:\/\/([^/?#]*)@/i.exec(url)?.[1];
  const query = url.split('?', 2)[1]?.split('#', 1)[0] ?? '';
  const values = query.split('&').flatMap((pair) => {
    const [name = '', ...value] = pair.split('=');
    return name !== '' && readingsOf(name).some(looksLikeCredential) ? [value.join('=')] : [];
  });
  return [...(userInfo === undefined ? [] : [userInfo, ...userInfo.split(':')]), ...values].flatMap(percentDecoded);
}

function percentDecoded(text: string): readonly string[] {
  try {
    return [text, decodeURIComponent(text)];
  } catch {
    return [text];
  }
}
