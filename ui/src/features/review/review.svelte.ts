// Review and sign: the papers that wait, their exact bytes page by page, and one PIN for all that were
// looked at. A paper is looked at once each of its pages was on the screen, drawn, from its top to its end;
// bytes that change must be looked at again, and so must everything by another clerk.
import { asCoreError, type Client } from "../../api/client";
import type { CasePaper, CaseView, CoreError, DeskLine, ErrorKind, MarkStep, Progress, ReviewPaper, ReviewView, SignerChoice, SignerDoubt, SignerView, Unstamped, Verdict, VerifyView } from "../../api/generated";
import type { Desk } from "../desk/desk.svelte";
import type { PaperFields } from "../fields/fields.svelte";
import { keysOn } from "../keyring/keyring.svelte";
import type { Notices } from "../notices/notices.svelte";
import type { Session } from "../session/session.svelte";
import { Reading } from "./reading.svelte";

export type Phase = "idle" | "preparing" | "open" | "signing";
/** How a paper stands, as the strip shows it; one that came signed is kept, and nobody here signs it. */
export type Look = ReviewPaper["state"] | "seen" | "to_keep" | "kept";
/** How many papers stand how. */
export type Tally = "signed" | "kept" | "failed" | "waiting" | "left_out" | "blocked";
const TALLIES: Tally[] = ["signed", "kept", "failed", "waiting", "left_out", "blocked"];
const VERDICTS: Verdict[] = ["valid", "invalid", "unknown", "unsigned"];

/** Such keys sign nothing here. */
const BARRED: SignerDoubt[] = ["not_the_agency", "the_agencys", "revoked"];
/** It may still be signed, or left out. */
const isOpen = (paper: ReviewPaper): boolean => paper.state === "waiting" || paper.state === "failed";
const isSame = (one: SignerChoice, other: SignerChoice): boolean => one.token === other.token && one.key === other.key;
/** What is known of a paper that came signed: where it lies, its pages, and all its signatures say. */
const told = (paper: ReviewPaper): string => JSON.stringify([spotOf(paper), paper.pages, paper.signatures, paper.findings]);
const spotOf = ({ spot }: ReviewPaper): string => `${spot.desk}:${spot.place}`;
const unsigned = (dossier: CaseView | null): CasePaper[] => (dossier?.papers ?? []).filter((paper) => paper.state === "to_copy" && paper.pages > 0);
const pageOf = (picture: string, page: number): string => `${picture}/${page}`;

export class ReviewStore {
  phase = $state<Phase>("idle");
  view = $state.raw<ReviewView | null>(null);
  /** Which paper is shown, and which of its pages, from 0. */
  index = $state(0);
  page = $state(0);
  /** How often papers were prepared: each time the clerk looks from there on. */
  round = $state(0);
  progress = $state<Progress | null>(null);
  canceling = $state(false);
  /** What a reason is being typed for: leaving the paper out, or keeping one whose signature does not hold. */
  asking = $state<"leave" | "keep" | null>(null);
  reason = $state("");
  /** Why the PIN or the like was refused. */
  refused = $state<CoreError | null>(null);
  /** The mark goes no further that way. */
  stuck = $state<CoreError | null>(null);
  /** The token that was to sign is not there now. */
  unplugged = $state(false);
  verified = $state.raw<Record<string, VerifyView>>({});
  /** Space was pressed before this page was drawn. */
  tooEarly = $state<string | null>(null);
  /** The page whose picture did not come, and how often it is asked for again. */
  undrawn = $state<string | null>(null);
  attempt = $state(0);
  /** How much waits on the desks of dossiers. */
  elsewhere = $state.raw({ papers: 0, results: 0 });
  #counting: Promise<unknown> = Promise.resolve();
  /** How large the page is shown, and how far it was read. */
  readonly reading = new Reading();
  /** Pages that were on the screen, that began at their top, that were read to their end; and ids of bytes all of whose pages were. */
  #drawn = new Set<string>();
  #begun = new Set<string>();
  #read = new Set<string>();
  #seen = $state.raw<string[]>([]);
  /** Reasons that were typed, or were given until the paper was taken in again: offered the next time. */
  #reasons = new Map<string, string>();
  /** Why bytes whose signature does not hold are kept. */
  #keeping = $state.raw<Record<string, string>>({});
  #nudging: Promise<unknown> = Promise.resolve();
  #judging: Promise<void> = Promise.resolve();
  readonly #client: Client;
  readonly #desk: Desk;
  readonly #fields: PaperFields;
  readonly #notices: Notices;
  readonly #session: Session;

  constructor(client: Client, desk: Desk, fields: PaperFields, notices: Notices, session: Session) {
    this.#client = client;
    this.#desk = desk;
    this.#fields = fields;
    this.#notices = notices;
    this.#session = session;
  }

  get running(): boolean {
    return this.phase === "preparing" || this.phase === "signing";
  }

  get papers(): ReviewPaper[] {
    return this.view?.papers ?? [];
  }

  get paper(): ReviewPaper | null {
    return this.papers[this.index] ?? null;
  }

  /** Who will sign. */
  get signer(): SignerView | null {
    const { signer, signers } = this.view ?? { signer: null, signers: [] };
    return signer && (signers.find((one) => isSame(one.choice, signer)) ?? null);
  }

  /** What was looked at is no longer what lies there: it is prepared anew, or nothing is signed. */
  get stale(): boolean {
    return this.refused?.kind === "review_stale";
  }

  /** The page on the screen, as the picture of it is named. */
  get shown(): string {
    return pageOf(this.paper?.picture ?? "", this.page);
  }

  /** Results are shown, to be signed for the agency; else papers. */
  get agency(): boolean {
    return this.view?.agency ?? false;
  }

  /** Papers of the dossier shown that have pages and no signature yet. */
  get waiting(): CasePaper[] {
    return unsigned(this.#desk.case).filter((paper) => paper.result === null);
  }

  /** Its results likewise. */
  get waitingResults(): CasePaper[] {
    return unsigned(this.#desk.case).filter((paper) => paper.result !== null);
  }

  /** Counts what waits on the desks of received dossiers. */
  async countElsewhere(lines: DeskLine[]): Promise<void> {
    const desks = lines.filter(({ code, pages }) => code !== null && pages > 0);
    const counting = (this.#counting = Promise.all(desks.map(({ desk }) => this.#client.call("draft", { desk }))));
    const drafts = await counting.catch(() => null);
    // What could not be counted, or is being counted anew, stays as it was told.
    if (drafts === null || counting !== this.#counting) return;
    const waiting = drafts.flatMap((draft) => unsigned(draft.case));
    const results = waiting.filter((paper) => paper.result !== null).length;
    this.elsewhere = { papers: waiting.length - results, results };
  }

  look(paper: ReviewPaper): Look {
    if (paper.state === "signed" && paper.kept_whole) return "kept";
    if (paper.state !== "waiting" || !this.#seen.includes(paper.picture)) return paper.state;
    return paper.kept_whole ? "to_keep" : "seen";
  }

  /** What the signature that a paper has, or came with, is worth; null where there is none, or nobody has said. */
  worth(paper: ReviewPaper): Verdict | null {
    const read = paper.record === null ? undefined : this.verified[paper.record]?.verdict;
    const said = paper.kept_whole ? paper.findings.find((one) => one.kind === "already_signed")?.detail : undefined;
    return read ?? VERDICTS.find((one) => one === said) ?? null;
  }

  /** Papers signed here whose signature is found to be less than valid, by its worth. */
  get doubted(): { verdict: Verdict; count: number }[] {
    const found = this.#signedHere.map((paper) => this.worth(paper));
    return VERDICTS.filter((one) => one !== "valid").map((verdict) => ({ verdict, count: found.filter((one) => one === verdict).length })).filter(({ count }) => count > 0);
  }

  /** Every paper signed here was read again and is valid. */
  get allValid(): boolean {
    return this.#signedHere.every((paper) => this.worth(paper) === "valid");
  }

  /** Of a paper signed here it is not known whether its signer is to be trusted. */
  get untrusted(): boolean {
    return this.#signedHere.some(({ record }) => record !== null && this.verified[record]?.reasons.includes("untrusted_signer"));
  }

  get #signedHere(): ReviewPaper[] {
    return this.papers.filter((paper) => paper.state === "signed" && !paper.kept_whole);
  }

  /** How many papers stand how, without what there is none of. */
  get tally(): { state: Tally; count: number }[] {
    const stands = (paper: ReviewPaper): Tally => (paper.state === "signed" && paper.kept_whole ? "kept" : paper.state);
    return TALLIES.map((state) => ({ state, count: this.papers.filter((paper) => stands(paper) === state).length })).filter(({ count }) => count > 0);
  }

  /** Why signed papers have no time-stamp, each reason once. */
  get unstamped(): Unstamped[] {
    return [...new Set(this.papers.flatMap(({ unstamped }) => unstamped ?? []))];
  }

  /** Papers that are to be looked at, and how many of them were. */
  get looked(): { done: number; of: number } {
    const due = this.papers.filter((paper) => paper.state !== "left_out" && paper.state !== "blocked");
    return { done: due.length - this.unseen, of: due.length };
  }

  /** The papers the button signs: looked at, and neither left out nor signed. */
  get picked(): ReviewPaper[] {
    return this.papers.filter((paper) => isOpen(paper) && paper.picture !== "" && this.#seen.includes(paper.picture));
  }

  /** How many papers still wait to be looked at. */
  get unseen(): number {
    return this.papers.filter((paper) => paper.state === "waiting" && !this.#seen.includes(paper.picture)).length;
  }

  /** Something was signed or failed: the sheet tells how it went. */
  get over(): boolean {
    return this.papers.some((paper) => paper.state === "signed" || paper.state === "failed");
  }

  /** Papers that were looked at wait still: the key failed, or the clerk stopped. */
  get stopped(): boolean {
    return this.picked.some((paper) => paper.state === "waiting");
  }

  /** Prepares what waits and shows it; with a choice of signer, prepares it anew for that one. */
  async begin(signer: SignerChoice | null = this.view?.signer ?? null, agency: boolean | null = this.view?.agency ?? this.only): Promise<void> {
    if (this.running || this.#desk.importing) return;
    const before = this.phase;
    this.phase = "preparing";
    this.progress = null;
    this.canceling = false;
    this.refused = null;
    this.stopAsking();
    this.#notices.clearGuidance();
    if (!(await this.#fields.flush())) {
      this.phase = before;
      return;
    }
    const { view, paper } = this;
    try {
      this.view = await this.#client.call("review", { desk: this.#desk.id, signer, agency });
    } catch (thrown) {
      this.phase = before;
      this.#refuse(thrown, before === "open");
      return;
    }
    const resigned = view !== null && view.agency === this.view.agency && !isSame(view.signer, this.view.signer);
    if (resigned) this.#carry(view.papers);
    // Other marks are looked at from the first; else the clerk goes on where he was.
    const same = resigned ? 0 : paper === null ? -1 : this.papers.findIndex((one) => spotOf(one) === spotOf(paper));
    const chosen = this.papers.findIndex((one) => one.spot.place === this.#desk.paper && one.spot.desk === this.#desk.id);
    this.phase = "open";
    this.round += 1;
    this.unplugged = false;
    const from = same >= 0 ? same : Math.max(0, this.#desk.paper > 0 ? chosen : 0);
    this.#show(this.#isUnseen(this.papers[from]) ? from : (this.#unseenAfter(from) ?? from));
  }

  /** Shows what waits of the other kind: results instead of papers, or papers again. */
  turn(): Promise<void> {
    return this.begin(null, !this.agency);
  }

  /** Another signer changes no byte of what is kept as it came: what was looked at or given a reason stays so. */
  #carry(before: ReviewPaper[]): void {
    for (const paper of this.papers.filter((one) => one.kept_whole && one.picture !== "")) {
      const known = before.find((one) => one.kept_whole && one.picture !== "" && told(one) === told(paper));
      if (!known) continue;
      const reason = this.keptFor(known);
      if (this.#seen.includes(known.picture)) this.#seen = [...this.#seen, paper.picture];
      if (reason !== "") this.#keeping = { ...this.#keeping, [paper.picture]: reason };
    }
  }

  /** Who may sign results only is shown those; null = what waits decides. */
  get only(): true | null {
    return this.#session.may("signer") && !this.#session.may("clerk", "head") ? true : null;
  }

  close(): void {
    if (this.running) return;
    this.phase = "idle";
    this.stopAsking();
    this.view = null;
    this.refused = null;
    this.stuck = null;
  }

  /** Another clerk sits here: nobody inherits what somebody else looked at. */
  forget(): void {
    this.close();
    this.#drawn.clear();
    this.#begun.clear();
    this.#read.clear();
    this.#reasons.clear();
    this.#seen = [];
    this.#keeping = {};
    this.verified = {};
  }

  /** The page shown begins at its top. */
  fromTop(): void {
    this.reading.top();
    this.#begun.add(this.shown);
  }

  /** The picture of a page came, or did not. */
  drew(page: string, came: boolean): void {
    if (came) this.#drawn.add(page);
    else this.undrawn = page;
    if (this.tooEarly === page) this.tooEarly = null;
  }

  /** Asks once more for a picture that did not come. */
  drawAgain(): void {
    this.undrawn = null;
    this.attempt += 1;
  }

  /** What Space does now; null = nothing. */
  get ahead(): "down" | "page" | "paper" | "last" | "keep" | "other" | "pin" | null {
    const { paper } = this;
    if (!paper) return null;
    const passed = paper.state === "left_out" || paper.picture === "";
    if (!passed && this.reading.more) return "down";
    if (!passed && this.page + 1 < paper.pages) return "page";
    if (this.#isUnseen(paper)) return paper.in_doubt ? "keep" : this.unseen > 1 ? "paper" : "last";
    if (this.unseen > 0) return "other";
    if (this.picked.length > 0) return "pin";
    return this.index + 1 < this.papers.length ? "other" : null;
  }

  /** Down the page, then the next one; once each was read the paper is looked at, and the next that is not comes up. */
  next(): void {
    const { paper } = this;
    if (!paper) return;
    const due = this.#isUnseen(paper);
    if (due && !this.#drawn.has(this.shown)) {
      if (this.undrawn === this.shown) this.drawAgain();
      else this.tooEarly = this.shown;
      return;
    }
    // Other bytes came up in the middle of the page, as where the mark was moved: their top is seen first.
    if (due && !this.#begun.has(this.shown)) {
      this.#begun.add(this.shown);
      if (this.reading.rewind()) return;
    }
    // What is not signed now need not be read through.
    const passed = paper.state === "left_out" || paper.picture === "";
    if (!passed && this.reading.down()) return;
    this.#read.add(this.shown);
    if (this.page + 1 < paper.pages && !passed) {
      this.page += 1;
      return;
    }
    const skipped = due ? [...Array(paper.pages).keys()].find((page) => !this.#read.has(pageOf(paper.picture, page))) : undefined;
    if (skipped !== undefined) {
      this.page = skipped;
      return;
    }
    if (due && paper.in_doubt) this.#ask("keep");
    else this.#looked();
  }

  /** The paper shown is looked at; the next that is not comes up. */
  #looked(): void {
    const { paper } = this;
    if (paper && this.#isUnseen(paper)) this.#seen = [...this.#seen, paper.picture];
    if (!this.#goOn()) this.step(1);
  }

  /** To the next paper that is to be looked at, else to the PIN; answers whether there was any. */
  #goOn(): boolean {
    const next = this.#unseenAfter(this.index);
    if (next !== undefined) this.#show(next);
    else if (this.picked.length > 0) this.focusPin();
    else return false;
    return true;
  }

  back(): void {
    if (this.paper?.picture !== "" && this.reading.up()) return;
    if (this.page > 0) this.page -= 1;
    else if (this.index > 0) {
      this.#show(this.index - 1);
      this.page = Math.max(0, (this.paper?.pages ?? 1) - 1);
    }
  }

  step(by: -1 | 1): void {
    this.#show(Math.max(0, Math.min(this.papers.length - 1, this.index + by)));
  }

  choose(index: number): void {
    this.#show(index);
  }

  /** What was not looked at when the others were signed comes up. */
  lookOn(): void {
    this.#goOn();
    this.focusPage();
  }

  /** The keys of the review act there. */
  focusPage(): void {
    document.querySelector<HTMLElement>("[data-testid='review-stage']")?.focus();
  }

  /** Where nobody can sign there is no PIN to type; who signs is chosen first. */
  focusPin(): void {
    (document.getElementById("review-pin") ?? document.getElementById("review-signer"))?.focus();
  }

  /** The mark of the paper shown may be moved. */
  get movable(): boolean {
    return this.paper !== null && !this.paper.kept_whole && isOpen(this.paper);
  }

  /** Moves the mark; quick presses are done one after the other. */
  nudge(step: MarkStep): Promise<unknown> {
    const { paper } = this;
    if (!paper || !this.movable) return Promise.resolve();
    this.page = 0;
    const { spot } = paper;
    this.#nudging = this.#nudging.then(async () => {
      try {
        const moved = await this.#client.call("nudge_mark", { spot, step });
        this.stuck = null;
        this.#put(moved);
      } catch (thrown) {
        const error = asCoreError(thrown);
        if (error.kind === "mark_stuck") this.stuck = error;
        else this.refused = error;
      }
    });
    return this.#nudging;
  }

  /** Asks why the paper is left out, or takes it in again. */
  toggleLeaving(): void {
    const { paper } = this;
    if (paper?.state === "left_out") {
      this.#reasons.set(`leave ${spotOf(paper)}`, paper.reason);
      void this.leaveOut("");
    } else if (paper && isOpen(paper)) this.#ask("leave");
  }

  #ask(what: "leave" | "keep"): void {
    this.stopAsking();
    this.asking = what;
    this.reason = this.paper ? (this.#reasons.get(`${what} ${spotOf(this.paper)}`) ?? "") : "";
  }

  /** No reason is given after all; what was typed is offered the next time. */
  stopAsking(): void {
    if (this.paper && this.asking !== null) this.#reasons.set(`${this.asking} ${spotOf(this.paper)}`, this.reason);
    this.asking = null;
  }

  /** The reason is given. */
  async answer(): Promise<void> {
    const { paper, asking } = this;
    const reason = this.reason.trim();
    if (!paper || asking === null || reason === "") return;
    if (asking === "leave") return this.leaveOut(reason);
    this.stopAsking();
    this.#keeping = { ...this.#keeping, [paper.picture]: reason };
    this.#looked();
  }

  /** Why the paper is kept though its signature does not hold; empty while nobody said. */
  keptFor({ picture }: ReviewPaper): string {
    return this.#keeping[picture] ?? "";
  }

  async leaveOut(reason: string): Promise<void> {
    const { paper } = this;
    if (!paper) return;
    try {
      this.view = await this.#client.call("leave_out", { spot: paper.spot, reason });
      this.asking = null;
      this.refused = null;
      if (reason !== "") {
        this.#reasons.delete(`leave ${spotOf(paper)}`);
        this.#goOn();
      }
    } catch (thrown) {
      this.refused = asCoreError(thrown);
    }
  }

  /** Why the signer shown cannot sign now. */
  refuseSigner(): void {
    const { signer } = this;
    if (!signer || signer.usable) return;
    const of = (kind: ErrorKind, params: CoreError["params"]): CoreError => ({ kind, params, findings: [], issues: [], lines: [] });
    this.refused = signer.doubt === "revoked" ? of("certificate_revoked", { name: signer.name })
      : signer.tries === "none" ? of("token_locked", { token: signer.label })
      : signer.tries !== null ? of("token_failed", { token: signer.label, reason: this.unplugged ? "removed" : "no_key" })
      : of("certificate_expired", {});
  }

  /** One PIN for all that were looked at. It is tried once. */
  async sign(pin: string): Promise<void> {
    if (this.phase !== "open" || this.picked.length === 0) return;
    this.stopAsking();
    const papers = this.picked.map((paper) => ({ spot: paper.spot, picture: paper.picture, reason: this.keptFor(paper) }));
    this.phase = "signing";
    this.progress = null;
    this.canceling = false;
    this.refused = null;
    try {
      this.view = await this.#client.call("sign_papers", { papers, pin });
      const failed = this.papers.findIndex((one) => one.state === "failed");
      const done = this.papers.findIndex((one) => one.state === "signed");
      this.#show(Math.max(0, failed >= 0 ? failed : done));
    } catch (thrown) {
      this.refused = asCoreError(thrown);
    }
    this.phase = "open";
    // A refused PIN may have cost the token a try; the next one can be typed meanwhile.
    if (this.refused) void this.lookAtTokens();
    else await this.#desk.read(true);
    void this.judge();
  }

  /** Which tokens are plugged in now, and the tries each has left: the signers follow, the bytes stay. */
  async lookAtTokens(): Promise<void> {
    // A token that is signing is left in peace.
    if (this.running) return;
    const looked = await this.#client.call("tokens", null).catch(() => null);
    // What cannot be told now stays as it was.
    if (looked === null || this.phase !== "open" || !this.view) return;
    const plugged = keysOn(looked).map(({ choice, label, tries, key }): SignerView => {
      // What speaks against a key is told when papers are prepared.
      const doubt = key.revoked ? "revoked" : (this.view?.signers.find((one) => isSame(one.choice, choice))?.doubt ?? null);
      const barred = doubt !== null && BARRED.includes(doubt);
      return { choice, name: key.name, label, valid_until: key.valid_until, tries, usable: key.usable && tries !== "none" && !barred, doubt };
    });
    const { signer, unplugged } = this;
    this.unplugged = signer !== null && signer.tries !== null && !plugged.some((one) => isSame(one.choice, signer.choice));
    // What was said of it is out of date once it is there again.
    if (unplugged && !this.unplugged && this.refused?.kind === "token_failed") this.refused = null;
    const local = this.view.signers.filter((one) => one.tries === null);
    this.view = { ...this.view, signers: [...local, ...plugged, ...(this.unplugged && signer ? [{ ...signer, usable: false }] : [])] };
  }

  /** The verdicts shown are of files read from the disk now, not the memory of having signed, and by whom is trusted now.
   *  One after the other; a copy that cannot be read keeps the others from nothing. */
  judge(): Promise<void> {
    const each = async (): Promise<void> => {
      for (const { record } of this.papers) {
        if (record === null) continue;
        const view = await this.#client.call("verify_copy", { record }).catch((thrown: unknown) => void this.#notices.report(thrown));
        if (this.view === null) return;
        const { [record]: _, ...others } = this.verified;
        this.verified = view ? { ...others, [record]: view } : others;
      }
    };
    this.#judging = this.#judging.then(each);
    return this.#judging;
  }

  async cancel(): Promise<void> {
    if (!this.running || this.canceling) return;
    this.canceling = true;
    try {
      await this.#client.call("cancel", { work: "review" });
    } catch (thrown) {
      this.#notices.report(thrown);
    }
  }

  #isUnseen(paper: ReviewPaper | undefined): boolean {
    return paper?.state === "waiting" && !this.#seen.includes(paper.picture);
  }

  /** The next paper that was not looked at, round to the one before this. */
  #unseenAfter(index: number): number | undefined {
    const order = [...this.papers.keys()].map((i) => (index + 1 + i) % this.papers.length);
    return order.find((i) => i !== index && this.#isUnseen(this.papers[i]));
  }

  #show(index: number): void {
    this.stopAsking();
    this.index = index;
    this.page = 0;
    this.stuck = null;
  }

  #put(paper: ReviewPaper): void {
    if (!this.view) return;
    const same = (one: ReviewPaper): boolean => one.spot.desk === paper.spot.desk && one.spot.place === paper.spot.place;
    this.view = { ...this.view, papers: this.view.papers.map((one) => (same(one) ? paper : one)) };
  }

  #refuse(thrown: unknown, here: boolean): void {
    const error = asCoreError(thrown);
    if (here) this.refused = error;
    if (error.kind === "field_issues") this.#fields.refuse(error.issues);
    if (!here) this.#notices.report(error);
  }
}
