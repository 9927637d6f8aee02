// What a piece of work asks of whoever opened the counter, as the core has it; and why somebody may not.
import type { Role } from "../../api/generated";
import { words } from "../../texts/index.svelte";
import type { Session } from "./session.svelte";

/** Of these roles one is needed; the first is named where none is there. */
const ROLES = {
  /** Receive dossiers, copy papers, sign the copies. */
  counter: ["clerk", "head"],
  /** Sign for the agency. */
  agency: ["signer", "head"],
  /** Look after clerks, keys, authority and catalogue. */
  manage: ["administrator"],
} satisfies Record<string, [Role, ...Role[]]>;

/** Why the clerk whose key is open may not; `undefined` = may. */
export const whyNot = (session: Session, right: keyof typeof ROLES): string | undefined =>
  session.may(...ROLES[right]) ? undefined : words.t.keyring.needs(words.role(ROLES[right][0]), session.status?.clerk ?? "");
