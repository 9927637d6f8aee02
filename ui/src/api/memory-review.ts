// The review of the counter in memory: the same states and refusals as the core's, on drawn pages.
import type {
  DraftView, ErrorKind, Fields, Kept, KeyView, LeaveOut, NudgeMark, ReviewPaper, ReviewView, ReviewWish, Role, SignPapers, SignatureReport, SignerView, Spot, TokensView, Unstamped, Verdict,
} from "./generated";
import type { DeskState } from "./memory-cases";
import { CoreFault } from "./client";

/** What the review needs of the counter. */
export type Counter = {
  desks(): Map<string, DeskState>;
  draft(desk: string): DraftView;
  fault(kind: ErrorKind, params?: Record<string, string>): CoreFault;
  /** Refuses unless whoever opened the counter has one of these roles. */
  needs(...roles: [Role, ...Role[]]): void;
  /** The local key of the agency, or of whoever opened the counter. */
  key(agency: boolean): { name: string; pin: string; key: KeyView } | undefined;
  /** Whose signature it must be: the agency's, or that of whoever opened the counter. */
  owner(agency: boolean): string;
  /** What is plugged in. */
  tokens(): TokensView;
  /** One that a paper came with, worth that. */
  signature(worth: Verdict): SignatureReport;
  issues(fields: Fields): CoreFault | null;
  step(done: number, of: number): Promise<boolean>;
  keep(spot: Spot, fields: Fields, pages: number, by: string, kept: Kept | null): { record: string; code: string };
  leave(spot: Spot, reason: string): void;
  left(spot: Spot): string;
};

type Waiting = { spot: Spot; fields: Fields; dossier: string; owner: string; result: number | null };
type Item = { paper: ReviewPaper; fields: Fields; at: [number, number]; version: number };

export const TOKEN_PIN = "654321";

/** The agency's mark stands at the right. */
const AT_RIGHT = 120;

const same = (a: Spot, b: Spot): boolean => a.desk === b.desk && a.place === b.place;

export class MemoryReview {
  /** The key fails at this paper of a batch, from 1: the batch stops there. */
  failsAt = 0;
  /** Why nothing gets a time-stamp; null = no authority is named. */
  unstamped: Unstamped | null = null;
  /** This paper of a batch, from 1, cannot be signed for a fault of its own: the others are. */
  faulty = 0;
  /** Pages are strips, three sheets long. */
  tall = false;
  #items: Item[] = [];
  #signer = { token: "", key: "" };
  /** Results are reviewed, and not papers; how many wait of the other kind. */
  #agency = false;
  #others = 0;
  #next = 1;
  readonly #counter: Counter;

  constructor(counter: Counter) {
    this.#counter = counter;
  }

  #signersOf(agency: boolean): SignerView[] {
    const key = this.#counter.key(agency);
    const revoked = key?.key.findings.includes("revoked") ?? false;
    const local: SignerView[] = key
      ? [{ choice: { token: "", key: "" }, name: key.name, label: "", valid_until: key.key.valid_until, tries: null, usable: !revoked, doubt: revoked ? "revoked" : null }]
      : [];
    const plugged = this.#counter.tokens().tokens.flatMap(({ serial, label, tries, keys }) => keys.map(({ id, name, valid_until, usable, revoked }): SignerView => {
      const doubt = revoked ? "revoked" : name === this.#counter.owner(agency) ? null : agency ? "not_the_agency" : "another_name";
      return { choice: { token: serial, key: id }, name, label, valid_until, tries, usable: usable && tries !== "none" && doubt !== "not_the_agency", doubt };
    }));
    return [...local, ...plugged];
  }

  /** Without a choice: the clerk's own token, else the local key; for the agency its local key, else its token. */
  #default(agency: boolean): SignerView["choice"] {
    const sure = this.#signersOf(agency).filter((one) => one.usable && one.doubt === null);
    const token = sure.find((one) => one.tries !== null);
    return (agency && sure.some((one) => one.tries === null) ? null : token?.choice) ?? { token: "", key: "" };
  }

  #view(): ReviewView {
    return {
      papers: this.#items.map((item) => item.paper), signers: this.#signersOf(this.#agency), signer: this.#signer, problems: [], agency: this.#agency,
      others: this.#others,
    };
  }

  /** What waits on the desks, that of the desk shown first. */
  #waiting(desk: string): Waiting[] {
    const waiting: Waiting[] = [];
    const ids = [...this.#counter.desks().keys()].sort((a, b) => Number(b === desk) - Number(a === desk) || Number(a === "loose") - Number(b === "loose"));
    for (const id of ids) {
      const draft = this.#counter.draft(id);
      if (draft.case === null && draft.pages.length > 0) waiting.push({ spot: { desk: id, place: 0 }, fields: draft.fields, dossier: "", owner: "", result: null });
      const { dossier = null, papers = [], request } = draft.case ?? {};
      for (const { place, record, exemption, pages, fields, result } of dossier ? papers : []) {
        if (record !== null || exemption !== null || pages === 0) continue;
        waiting.push({ spot: { desk: id, place }, fields, dossier: dossier?.code ?? "", owner: request?.owner.name ?? "", result });
      }
    }
    return waiting;
  }

  async review({ desk, signer, agency: asked }: ReviewWish): Promise<ReviewView> {
    const all = this.#waiting(desk);
    const papers = all.filter((one) => one.result === null);
    const results = all.filter((one) => one.result !== null);
    const here = (some: Waiting[]): boolean => some.some((one) => one.spot.desk === desk);
    const agency = asked ?? (here(papers) ? false : here(results) || (papers.length === 0 && results.length > 0));
    const [waiting, others] = agency ? [results, papers] : [papers, results];
    this.#counter.needs(agency ? "signer" : "clerk", "head");
    const chosen = signer ?? this.#default(agency);
    if (chosen.token === "" && !this.#counter.key(agency)) throw this.#counter.fault("agency_key_missing");
    const shown = this.#counter.draft(desk);
    if (waiting.length === 0) throw this.#counter.fault(shown.case && !shown.case.dossier && shown.pages.length > 0 ? "not_received" : "no_pages");
    const before = this.#signer.token === chosen.token && this.#agency === agency ? this.#items : [];
    this.#signer = chosen;
    const items: Item[] = [];
    for (const one of waiting) {
      if (!(await this.#counter.step(items.length, waiting.length))) throw new CoreFault({ kind: "canceled", params: {}, findings: [], issues: [], lines: [] });
      const known = before.find((item) => same(item.paper.spot, one.spot) && item.paper.state !== "signed" && JSON.stringify(item.fields) === JSON.stringify(one.fields));
      items.push(known ? { ...known, paper: { ...known.paper, error: null, ...this.#left(one.spot) } } : this.#prepared(one));
    }
    [this.#items, this.#agency, this.#others] = [items, agency, others.length];
    const alone = items.find((item) => item.paper.spot.desk === desk && item.paper.error?.kind === "field_issues");
    if (alone && desk === "loose" && alone.paper.error) throw new CoreFault(alone.paper.error);
    return this.#view();
  }

  #left(spot: Spot): Pick<ReviewPaper, "state" | "reason"> {
    const reason = this.#counter.left(spot);
    return { reason, state: reason === "" ? "waiting" : "left_out" };
  }

  #prepared({ spot, fields, dossier, owner, result }: Waiting): Item {
    const pages = this.#counter.draft(spot.desk).pages.filter((page) => page.place === spot.place);
    const findings = pages.flatMap((page, i) => page.findings.map((found) => ({ ...found, page: i + 1 })));
    const kept_whole = findings.some((found) => found.kind === "already_signed");
    const blocked = findings.some((found) => found.severity === "blocking");
    const issues = this.#counter.issues(fields);
    const by = this.#signersOf(result !== null).find(({ choice }) => choice.token === this.#signer.token && choice.key === this.#signer.key);
    const revoked = by?.doubt === "revoked" ? this.#counter.fault("certificate_revoked", { name: by.name }).error : null;
    const error = revoked ?? issues?.error ?? (blocked ? { kind: "findings" as const, params: {}, findings, issues: [], lines: [] } : null);
    const running = this.#next++;
    const code = result === null ? `${fields.owner}.${fields.paper_type}.7K3Q-${running}` : `${dossier}-KQ${result}`;
    const paper: ReviewPaper = {
      spot, dossier, owner, name: fields.name, code: error ? "" : code, pages: pages.length,
      picture: error ? "" : `b${running}-1`, kept_whole, in_doubt: findings.some((found) => found.kind === "already_signed" && found.severity === "warning"), signatures: kept_whole ? [this.#counter.signature(findings.find((found) => found.kind === "already_signed")?.detail as Verdict)] : [], band: false, findings, error, record: null, level: null, unstamped: null,
      ...(error ? { state: "blocked" as const, reason: "" } : this.#left(spot)),
    };
    return { paper, fields, at: [0, 0], version: 1 };
  }

  #item(spot: Spot): Item {
    const item = this.#items.find((one) => same(one.paper.spot, spot));
    if (!item) throw this.#counter.fault("review_stale");
    return item;
  }

  nudge({ spot, step }: NudgeMark): ReviewPaper {
    const item = this.#item(spot);
    const [x, y] = item.at;
    const to: [number, number] = ({ left: [x - 1, y], right: [x + 1, y], up: [x, y - 1], down: [x, y + 1], automatic: [0, 0] } as Record<string, [number, number]>)[step] ?? [x, y];
    if (to[0] < 0 || to[1] < 0 || to[0] > 40 || to[1] > 10) throw this.#counter.fault("mark_stuck");
    item.at = to;
    item.version += 1;
    item.paper = { ...item.paper, picture: item.paper.picture.replace(/-\d+$/, `-${item.version}`) };
    return item.paper;
  }

  leaveOut({ spot, reason }: LeaveOut): ReviewView {
    const item = this.#item(spot);
    this.#counter.leave(spot, reason.trim());
    item.paper = { ...item.paper, error: null, ...this.#left(spot) };
    return this.#view();
  }

  async sign({ papers, pin }: SignPapers): Promise<ReviewView> {
    for (const { spot, picture, reason } of papers) {
      const { paper } = this.#item(spot);
      if (paper.picture !== picture) throw this.#counter.fault("review_stale");
      if (paper.in_doubt && reason === "") throw this.#counter.fault("findings");
    }
    const token = this.#counter.tokens().tokens.find((one) => one.serial === this.#signer.token);
    if (this.#signer.token !== "" && !token) throw this.#counter.fault("token_failed", { token: this.#signer.token, reason: "no_token" });
    if (token && pin !== TOKEN_PIN) {
      token.tries = token.tries === "all" ? "few" : "last";
      throw this.#counter.fault("token_pin_wrong", { token: token.label, tries: token.tries });
    }
    const key = this.#counter.key(this.#agency);
    if (!token && pin !== key?.pin) throw this.#counter.fault("wrong_pin");
    const by = this.#signersOf(this.#agency).find((one) => one.choice.token === this.#signer.token)?.name ?? "";
    for (const [done, { spot, reason }] of papers.entries()) {
      if (!(await this.#counter.step(done, papers.length))) break;
      const item = this.#item(spot);
      if (done + 1 === this.failsAt) {
        this.failsAt = 0;
        item.paper = { ...item.paper, state: "failed", error: this.#counter.fault("token_failed", { token: token?.label ?? "", reason: "removed" }).error };
        break;
      }
      if (done + 1 === this.faulty) {
        item.paper = { ...item.paper, state: "failed", error: this.#counter.fault("verification_failed", { found: "untrusted_signer" }).error };
        continue;
      }
      const { kept_whole, findings } = item.paper;
      const worth = findings.find((found) => found.kind === "already_signed")?.detail as Verdict | undefined;
      const kept = worth ? { worth, reason: reason === "" ? null : reason } : null;
      const { record, code } = this.#counter.keep(spot, item.fields, item.paper.pages, by, kept);
      item.paper = { ...item.paper, state: "signed", error: null, record, code, level: kept_whole ? null : "B-B", unstamped: kept_whole ? null : this.unstamped };
    }
    return this.#view();
  }

  /** Where the mark of these bytes stands, and what it says. */
  mark(picture: string): { at: [number, number]; lines: string[] } | null {
    const item = this.#items.find((one) => one.paper.picture === picture);
    if (!item || item.paper.kept_whole) return null;
    const [x, y] = item.at;
    const signer = this.#signersOf(this.#agency).find((one) => one.choice.token === this.#signer.token)?.name ?? "";
    const time = "24/11/2026 09:41:07 +07:00";
    return this.#agency
      ? { at: [x + AT_RIGHT, y], lines: ["SAO Y", signer, time, item.paper.code] }
      : { at: [x, y], lines: [`Người sao chụp: ${signer}`, `Thời gian sao chụp: ${time}`, `Mã số hóa: ${item.paper.code}`] };
  }
}
