// What certificates call people, offices and keys, as people read it.

/** The parts of a name as RFC 4514 writes it, each with what it is: CN, O, C. */
const partsOf = (subject: string): [string, string][] =>
  [...subject.matchAll(/([\w.]+)=((?:\\.|[^,+\\])*)/g)].map(([, what = "", text = ""]) => [what, text.replace(/\\(.)/g, "$1")]);

/** The name of whom it is about; the whole of it when there is none. */
export const commonName = (subject: string): string => partsOf(subject).find(([what]) => /^cn$/i.test(what))?.[1] ?? subject;

/** All of it without the codes, the widest part first, as a verdict tells it. */
export const fullName = (subject: string): string => partsOf(subject).map(([, text]) => text).reverse().join(", ") || subject;

/** The core's word for a kind of key as it is written elsewhere: Ed25519, RSA 2048, ECDSA P-256. */
export const keyKind = (algorithm: string): string => algorithm.replace(/^ed/, "Ed").replace(/^rsa-/, "RSA ").replace(/^ecdsa-p/, "ECDSA P-");
