// How a page stands, in one word: what its findings come to, and what the clerk decided about them.
import type { PageView } from "../../api/generated";

export type Standing = "good" | "look" | "rescan" | "accepted" | "blank";

export function standingOf(page: PageView): Standing {
  if (page.blank) return "blank";
  if (page.findings.some((found) => found.severity === "blocking")) return "rescan";
  if (page.findings.some((found) => found.severity === "warning")) return "look";
  return page.accepted === null ? "good" : "accepted";
}
