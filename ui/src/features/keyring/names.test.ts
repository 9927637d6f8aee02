// Names and kinds of keys as people read them.
import { expect, test } from "vitest";
import { commonName, fullName, keyKind } from "./names";

test("a name is read without its codes, the widest part first; its commas stay", () => {
  const subject = "CN=Nguyễn Thị Lan,OU=Khóa ký cục bộ,O=Công ty A\\, B,C=VN";
  expect([commonName(subject), fullName(subject)]).toEqual(["Nguyễn Thị Lan", "VN, Công ty A, B, Khóa ký cục bộ, Nguyễn Thị Lan"]);
  expect([commonName("O=UBND xã"), fullName("UBND xã")], "what is not so written stays").toEqual(["O=UBND xã", "UBND xã"]);
});

test.each([["ed25519", "Ed25519"], ["rsa-2048", "RSA 2048"], ["ecdsa-p256", "ECDSA P-256"], ["ecdsa-1.2.3", "ecdsa-1.2.3"]])("%s is written %s", (word, written) => expect(keyKind(word)).toBe(written));
