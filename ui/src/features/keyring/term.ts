// How long a certificate still holds, counted as the core counts it, and the words for it.
import type { KeyLine, KeyView } from "../../api/generated";
import type { Texts } from "../../texts/vi";

export type Term = Pick<KeyView, "days_left" | "findings">;

/** Days before the end from which on the core warns too. */
export const SOON = 60;
const DAY = 24 * 3600 * 1000;

/** Of a last moment (RFC 3339) or a last day (yyyy-mm-dd). */
export function termOf(until: string): Term {
  const end = Date.parse(until.length === 10 ? `${until}T23:59:59` : until);
  const days_left = Math.floor((end - Date.now()) / DAY);
  return { days_left, findings: days_left < 0 ? ["expired"] : days_left < SOON ? ["expires_soon"] : [] };
}

/** Of a key: one that is revoked has no days left, whatever its certificate says. */
export const termOfKey = ({ revoked, valid_until }: Pick<KeyLine, "revoked" | "valid_until">): Term =>
  revoked ? { days_left: 0, findings: ["revoked"] } : termOf(valid_until);

/** “còn 59 ngày”, or what is wrong with it. */
export function termWords({ days_left, findings: [finding] }: Term, t: Texts["keyring"]["state"]): string {
  if (finding === "expired") return t.expired(-days_left);
  if (finding === "revoked") return t.revoked;
  if (finding === "not_yet_valid") return t.notYet;
  return days_left === 0 ? t.today : t.left(days_left);
}
