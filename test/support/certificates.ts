/** Certificates of an authority that nobody knows, made anew for each test and without a network. */

import { randomUUID } from 'node:crypto';
import forge from 'node-forge';

export interface KeyPair {
  /** Both PEM. */
  readonly key: string;
  readonly cert: string;
}

export interface Authority {
  /** The authority's own certificate, PEM: what NODE_EXTRA_CA_CERTS names a file of. */
  readonly cert: string;
  /** A certificate for names, such as `databar.test`, or IPv4 addresses. Default: valid now, for an hour. */
  issue(names: readonly string[], validity?: { readonly from: Date; readonly until: Date }): KeyPair;
}

const HOUR_MS = 3_600_000;
const IPV4 = /^\d+(?:\.\d+){3}$/u;

export function createAuthority(): Authority {
  const keys = forge.pki.rsa.generateKeyPair(2048);
  // Each its own name: of two authorities with one name, a certificate would name both.
  const subject = [{ name: 'commonName', value: `Authority of test ${randomUUID()}` }];
  const own = certify({ subject, keys, issuer: subject, signer: keys.privateKey, validity: anHour() }, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, critical: true },
  ]);
  return {
    cert: own,
    issue(names, validity = anHour()) {
      const leaf = forge.pki.rsa.generateKeyPair(2048);
      const cert = certify(
        {
          subject: [{ name: 'commonName', value: names[0] }],
          keys: leaf,
          issuer: subject,
          signer: keys.privateKey,
          validity,
        },
        [
          { name: 'extKeyUsage', serverAuth: true },
          {
            name: 'subjectAltName',
            altNames: names.map((name) => (IPV4.test(name) ? { type: 7, ip: name } : { type: 2, value: name })),
          },
        ],
      );
      return { key: forge.pki.privateKeyToPem(leaf.privateKey), cert };
    },
  };
}

interface Content {
  readonly subject: forge.pki.CertificateField[];
  readonly keys: forge.pki.rsa.KeyPair;
  readonly issuer: forge.pki.CertificateField[];
  readonly signer: forge.pki.rsa.PrivateKey;
  readonly validity: { readonly from: Date; readonly until: Date };
}

function certify({ subject, keys, issuer, signer, validity }: Content, extensions: readonly object[]): string {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = keys.publicKey;
  certificate.serialNumber = `00${forge.util.bytesToHex(forge.random.getBytesSync(15))}`;
  certificate.validity.notBefore = validity.from;
  certificate.validity.notAfter = validity.until;
  certificate.setSubject(subject);
  certificate.setIssuer(issuer);
  certificate.setExtensions([...extensions]);
  certificate.sign(signer, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

function anHour(): Content['validity'] {
  return { from: new Date(Date.now() - HOUR_MS), until: new Date(Date.now() + HOUR_MS) };
}
