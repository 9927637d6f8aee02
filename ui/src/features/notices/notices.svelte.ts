// What the window has to tell the clerk: errors of the core as three lines, and short good news.
// "Not now" is guidance; only what went wrong is an alarm.
import { asCoreError } from "../../api/client";
import type { CoreError, ErrorKind } from "../../api/generated";

export type Tone = "guidance" | "alarm";
export type Notice = { id: number; tone: Tone; error: CoreError };

const NOT_NOW = new Set<string>([
  "not_ready", "already_ready", "locked", "wrong_pin", "pin_missing", "pin_too_short", "home_busy", "no_pages", "no_results",
  "findings", "field_issues", "bad_name", "bad_office_code", "canceled", "desk_not_empty", "not_received", "pages_left", "dossier_incomplete", "dossier_closed", "paper_copied", "paper_exempt",
  "illegal_move", "reason_missing", "unit_missing", "bad_card", "not_reusable", "review_stale", "mark_stuck",
  "scanner_busy", "scanner_empty", "scanner_open", "clipboard_empty", "page_not_editable",
  "clerk_unknown", "role_missing", "agency_key_missing", "no_result_yet", "number_missing", "result_unknown",
  "not_the_agency", "the_agencys", "bad_address", "passphrase_unfit", "request_changed", "catalogue_changed",
]);

export const toneOf = (kind: ErrorKind): Tone => (NOT_NOW.has(kind) ? "guidance" : "alarm");

/** At most this many at once; an older one of the same kind gives way. */
const MOST = 3;

export class Notices {
  list = $state<Notice[]>([]);
  #next = 1;

  report(thrown: unknown): CoreError {
    const error = asCoreError(thrown);
    const notice = { id: this.#next, tone: toneOf(error.kind), error };
    this.#next += 1;
    const others = this.list.filter((one) => one.error.kind !== error.kind);
    this.list = [...others, notice].slice(-MOST);
    return error;
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  dismissLast(): void {
    this.list = this.list.slice(0, -1);
  }

  /** Another place is shown, or something is tried there: what was told before is out of date. */
  clear(): void {
    this.list = [];
  }

  /** After something succeeded, advice about it is out of date; alarms stay until read. */
  clearGuidance(): void {
    this.list = this.list.filter((notice) => notice.tone === "alarm");
  }
}
