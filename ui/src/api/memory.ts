// A counter that lives in memory: for tests, and for the window in a plain browser. Loaded only
// when there is no Tauri; it holds no citizen's data and signs nothing.
import { CoreFault, type Client, type Name, type Reply, type Request } from "./client";
import type {
  CatalogueVersion, Commands, CoreError, CopyView, DossierView, Events, Fields, ImportReport, Kept, Landing, PageView, Role, Scan, ScanProfile, Spot, StatusView, Tag,
  TokensView, Whereabouts, Work,
} from "./generated";
import { passOf, SCAN_PROFILES } from "./memory-capture";
import { cardOf, caseView, freshDesk, handedOverDesk, noRequest, outcomesOf, papersOf, received, receivedDesk, seek, standing, type DeskState } from "./memory-cases";
import { MemoryCopies, STRANGER } from "./memory-copies";
import { LOOSE, MemoryDesks } from "./memory-desks";
import { fault, finding } from "./memory-fault";
import { issuesOf, noFields, TYPES } from "./memory-fields";
import { MemoryKeys, noTokens } from "./memory-keys";
import { drawnPage, markedPage } from "./memory-pages";
import { entered, resultCode, resultNumber, withResults } from "./memory-results";
import { MemoryReview } from "./memory-review";

export { fault, finding, noFields };

export const MEMORY_PIN = "2468";
/** PIN of the second clerk. */
export const SECOND_PIN = "1357";

/** PIN of the agency's key, where there is one. */
export const AGENCY_PIN = "7531";

export type MemoryOptions = {
  ready?: boolean;
  unlocked?: boolean;
  training?: boolean;
  /** Pages on the desk at the start. */
  pages?: number;
  /** The first import brings a page with warnings and a refused file. */
  findings?: boolean;
  copies?: number;
  /** Papers of a received dossier that wait for their signature, on a desk of their own. */
  waiting?: number;
  /** A dossier that was handed over, with so many scanned results; where there are some, on a desk of its own. */
  results?: number;
  /** The agency has a key. */
  agency?: boolean;
  /** Milliseconds a stage of signing or a page of the scanner takes. */
  pace?: number;
  /** Ways to scan; three when it is not said. */
  profiles?: ScanProfile[];
  /** What the first clerk may do. */
  roles?: Role[];
  /** What a second clerk, Trần Văn Bình, may do; none = there is no second one. */
  second?: Role[];
  /** Days the first clerk's certificate still holds. */
  daysLeft?: number;
  /** What is plugged in. */
  tokens?: TokensView;
  /** A time-stamp authority answers. */
  stamps?: boolean;
};

const FIRST = "Nguyễn Thị Lan";
/** Who sets a counter up may do everything. */
const ALL_ROLES: Role[] = ["clerk", "signer", "head", "administrator"];

export class MemoryClient implements Client {
  /** What the code on every page says; empty = no page has one. */
  cardOnPages = "";
  /** Every call made, for tests. */
  readonly calls: { name: Name; request: unknown }[] = [];
  status: StatusView;
  readonly #desks = new MemoryDesks();
  readonly desks = this.#desks.all;
  dossiers: DossierView[] = [];
  versions: CatalogueVersion[] = [
    { version: 1, effective_from: "2026-11-24", file: "procedures.json", sample: true, imported_at: "2026-11-24T08:00:00+07:00", in_force: true },
  ];
  readonly #copies = new MemoryCopies(() => this.status.clerk, (done, of) => this.#tell("extend", done, of));
  readonly keys = new MemoryKeys({ fault, status: () => this.status, stale: (...tags) => this.#stale(...tags) });
  readonly review = new MemoryReview({
    desks: () => this.desks, draft: (desk) => this.#desks.draft(desk), fault,
    needs: (...roles) => this.keys.needs(...roles),
    key: (agency) => (agency ? this.keys.agency : this.keys.opener),
    tokens: () => this.keys.tokens,
    owner: (agency) => (agency ? this.status.office_name : this.keys.opener?.name ?? ""),
    issues: (fields) => {
      const issues = issuesOf(fields).filter((issue) => issue.severity === "blocking");
      return issues.length > 0 ? fault("field_issues", {}, issues) : null;
    },
    signature: (worth) => this.#copies.signature(worth, STRANGER),
    step: (done, of) => this.#tell("sign", done, of), keep: (spot, fields, pages, by, kept) => this.#signed(spot, fields, pages, by, kept),
    leave: (spot, reason) => this.#leave(spot, reason), left: (spot) => this.#left.get(`${spot.desk}:${spot.place}`) ?? "",
  });
  readonly #left = new Map<string, string>();
  /** Why the key has locked itself by the time the window asks next. */
  locksNext: StatusView["locked_because"] = null;
  /** The next call of this name fails with this error. */
  readonly failNext = new Map<Name, CoreError>();
  readonly #canceled = new Set<Work>();
  readonly #pace: number;
  readonly #profiles: ScanProfile[];
  readonly #findings: boolean;
  readonly #listeners = new Map<string, Set<(payload: never) => void>>();

  constructor(options: MemoryOptions = {}) {
    const { ready = true, unlocked = true, training = true, roles = ALL_ROLES } = options;
    this.#pace = options.pace ?? 0;
    this.#profiles = options.profiles ?? SCAN_PROFILES;
    this.#findings = options.findings ?? false;
    this.status = {
      ready, training: ready && training, office_code: ready ? "H56.14" : "",
      office_name: ready ? "UBND xã Thử Nghiệm" : "", clerk: ready ? FIRST : "", clerk_id: ready ? 1 : 0,
      roles: ready && unlocked ? roles : [], unlocked: ready && unlocked,
      station: "7K3Q", disk_free_bytes: 41_234_567_890, waiting: 0, held_back: 0, copies: 0,
      key_valid_until: null, key_days_left: null, backup_at: null, training_pin: ready && training ? MEMORY_PIN : null, locked_because: null,
    };
    if (ready) this.keys.add(FIRST, roles, MEMORY_PIN);
    if (options.second) this.keys.add("Trần Văn Bình", options.second, SECOND_PIN);
    if (options.daysLeft !== undefined) this.keys.certificate(1, options.daysLeft);
    this.keys.tokens = options.tokens ?? noTokens;
    this.#copies.stamps = options.stamps ?? false;
    if (options.agency) this.keys.add(this.status.office_name, [], AGENCY_PIN, true);
    for (let i = 0; i < (options.pages ?? 0); i += 1) this.pages.push(this.#desks.page(`quet-${String(i + 1).padStart(3, "0")}.jpg`));
    for (let i = 0; i < (options.copies ?? 0); i += 1) this.#copies.sample(i);
    const page = (file: string): PageView => this.#desks.page(file);
    if (options.waiting) this.#lay("d0", receivedDesk(options.waiting, this.status.clerk, page), true);
    if (options.results !== undefined) this.#lay("dr", handedOverDesk(options.results, this.status.clerk, page), options.results > 0);
  }

  /** Copies that get no lasting evidence, and why. */
  get stubborn(): Map<string, string> {
    return this.#copies.stubborn;
  }

  set untrusted(is: boolean) {
    this.#copies.untrusted = is;
  }

  get copies(): CopyView[] {
    return this.#copies.all;
  }

  get pages(): PageView[] {
    return this.#desk(LOOSE).pages;
  }

  set pages(pages: PageView[]) {
    this.#desk(LOOSE).pages = pages;
  }

  get fields(): Fields {
    return this.#desk(LOOSE).fields[0] ?? { ...noFields };
  }

  set fields(fields: Fields) {
    this.#desk(LOOSE).fields[0] = fields;
  }

  #desk(id: string): DeskState {
    return this.#desks.desk(id);
  }

  async call<C extends Name>(name: C, request: Request<C>): Promise<Reply<C>> {
    this.calls.push({ name, request: structuredClone(request) });
    await Promise.resolve();
    const failure = this.failNext.get(name);
    if (failure) {
      this.failNext.delete(name);
      throw new CoreFault(failure);
    }
    const answer = this.#answers[name] as (request: Request<C>) => Reply<C> | Promise<Reply<C>>;
    return structuredClone(await answer(request));
  }

  on<E extends keyof Events>(event: E, listener: (payload: Events[E]) => void): () => void {
    const all = this.#listeners.get(event) ?? new Set();
    all.add(listener as (payload: never) => void);
    this.#listeners.set(event, all);
    return () => all.delete(listener as (payload: never) => void);
  }

  /** In a plain browser: files held over the page and dropped on it, as the shell tells of them. */
  watchDrags(): void {
    window.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      this.emit("dragging", true);
    });
    window.addEventListener("dragleave", (event) => {
      if (event.relatedTarget === null) this.emit("dragging", false);
    });
    window.addEventListener("drop", (event) => {
      event.preventDefault();
      this.emit("dragging", false);
      this.drop([...(event.dataTransfer?.files ?? [])].map((file) => file.name));
    });
  }

  pageUrl(page: string, width: number, turns: number, look: string): string {
    return drawnPage(page, width, turns, look);
  }

  preparedUrl(picture: string, page: number, width: number): string {
    return markedPage(picture, page, width, this.review.mark(picture), this.review.tall);
  }

  emit<E extends keyof Events>(event: E, payload: Events[E]): void {
    for (const listener of this.#listeners.get(event) ?? []) (listener as (payload: Events[E]) => void)(payload);
  }

  /** As the shell does when files fall on the window. */
  drop(files: string[]): void {
    if (this.#dropTarget === "verify") {
      this.emit("verified", this.#copies.dropped(files[0] ?? "ban-sao.pdf"));
      return;
    }
    this.#desks.land(this.#landing, files.map((file) => this.#desks.page(file)));
    this.emit("imported", { added: files.length, refused: [], desks: [] });
    this.#stale("draft", "status");
  }

  #dropTarget: "pages" | "verify" = "pages";
  #landing: Landing = { spot: { desk: LOOSE, place: 0 }, before: null, replaces: null };

  #whereabouts: Whereabouts | null = null;
  readonly #answers: { [C in keyof Commands]: (request: Request<C>) => Reply<C> | Promise<Reply<C>> } = {
    ...this.keys.answers, ...this.#desks.answers, ...this.#copies.answers,
    status: () => this.#status(),
    set_up: (wish) => {
      if (!/^[A-Z0-9]+(\.[A-Z0-9]+)*$/.test(wish.office)) throw fault("bad_office_code", { value: wish.office });
      if (wish.pin.length < 4) throw fault("pin_too_short", { min: "4" });
      this.keys.add(wish.clerk, ALL_ROLES, wish.pin);
      this.status = {
        ...this.status, ready: true, unlocked: true, training: wish.training, office_code: wish.office,
        office_name: wish.office_name, clerk: wish.clerk, clerk_id: 1, roles: ALL_ROLES,
        training_pin: wish.training ? MEMORY_PIN : null,
      };
      return this.#status();
    },
    unlock: ({ clerk, pin }) => {
      Object.assign(this.status, this.keys.unlock(clerk, pin), { unlocked: true, locked_because: null });
      this.#stale("status");
      return this.#status();
    },
    lock: () => {
      this.status.unlocked = false;
      this.#stale("status");
      return this.#status();
    },
    back_up: () => {
      this.emit("progress", { stage: "backup", page: 1, of: 1 });
      this.status.backup_at = "2026-11-27T09:00:00+07:00";
      return this.#status();
    },
    alive: () => {
      if (this.locksNext) Object.assign(this.status, { unlocked: false, locked_because: this.locksNext });
      this.locksNext = null;
      return this.#status();
    },
    desks: () =>
      [...this.desks].map(([desk, { request, dossier, pages }]) => ({
        desk, code: dossier?.code ?? null, procedure_name: seek((dossier ?? request).procedure || "?")[0]?.name ?? "",
        owner_name: (dossier ?? request).owner.name, pages: pages.length,
      })),
    open_desk: ({ dossier }) => {
      const known = [...this.desks].find(([, desk]) => dossier !== null && desk.dossier?.dossier === dossier);
      if (known) return this.#draft(known[0]);
      return this.#draft(this.#desks.open({ ...freshDesk(), dossier: this.dossiers.find((one) => one.dossier === dossier) ?? null }));
    },
    close_desk: ({ desk, discard }) => {
      const { pages, request, dossier, fields } = this.#desk(desk);
      const differs = (one: object, other: object): boolean => JSON.stringify(one) !== JSON.stringify(other);
      const open = (place: number): boolean => dossier?.papers.some((one) => one.place === place && (one.state === "missing" || one.state === "to_copy")) ?? true;
      const typed = Object.entries(fields).some(([place, one]) => open(Number(place)) && differs(one, noFields));
      if (!discard && (pages.length > 0 || typed || (dossier === null && differs(request, noRequest)))) throw fault("desk_not_empty");
      this.desks.delete(desk);
      return null;
    },
    import_dialog: (landing) => this.#import(landing),
    import_clipboard: (landing) => {
      this.#desks.land(landing, [this.#desks.page("clipboard.png")]);
      this.#stale("draft", "status");
      return { added: 1, refused: [], desks: [] };
    },
    scan_profiles: () => this.#profiles,
    scan: (wish) => this.#scan(wish),
    drop_target: ({ target, landing }) => {
      this.#dropTarget = target;
      this.#landing = landing;
      return null;
    },
    set_request: ({ desk, request }) => {
      const state = this.#desk(desk);
      if (state.request.procedure !== request.procedure) {
        this.#desks.remember(desk);
        state.papers = papersOf(request.procedure);
      }
      state.request = request;
      return this.#draft(desk);
    },
    decide_paper: ({ desk, paper: wish }) => {
      const state = this.#desk(desk);
      const decide = <P extends { place: number; count: number; note: string }>(paper: P): P =>
        paper.place === wish.place
          ? { ...paper, submission: wish.submission, record: wish.record, count: wish.count ?? paper.count, note: wish.note ?? paper.note }
          : paper;
      if (state.dossier) {
        this.keys.needs("clerk", "head");
        if (!["received", "supplement_asked"].includes(state.dossier.state)) throw fault("dossier_closed", { dossier: state.dossier.code, state: state.dossier.state });
        this.#settle({ ...state.dossier, papers: state.dossier.papers.map(decide) });
      } else {
        this.#desks.remember(desk);
        state.papers = state.papers.map(decide);
      }
      return this.#draft(desk);
    },
    receive_dossier: ({ desk }) => {
      const state = this.#desk(desk);
      const { issues, papers } = caseView(state, issuesOf, noFields);
      if (issues.some((one) => one.severity === "blocking")) throw fault("field_issues", {}, issues);
      this.keys.needs("clerk", "head");
      const undecided = papers.filter((one) => one.pages > 0 && one.submission === null).map((one) => one.name);
      if (undecided.length > 0) throw fault("submission_missing", { papers: undecided.join("; ") });
      state.dossier = received(state, `h${this.dossiers.length + 1}`, this.status.clerk);
      state.undo = [];
      state.redo = [];
      this.dossiers = [state.dossier, ...this.dossiers];
      this.#stale("dossiers", "outbox");
      return this.#draft(desk);
    },
    review: (wish) => {
      this.#canceled.delete("review");
      return this.review.review(wish);
    },
    nudge_mark: (wish) => this.review.nudge(wish),
    leave_out: (wish) => this.review.leaveOut(wish),
    sign_papers: (wish) => {
      this.#canceled.delete("review");
      if (!this.status.unlocked) throw fault("locked");
      return this.review.sign(wish);
    },
    add_result: ({ desk, code, name }) => {
      const { dossier } = this.#desk(desk);
      if (!dossier) throw fault("not_received");
      const changed = entered(dossier, outcomesOf(dossier.procedure), { code, name });
      this.keys.needs("clerk", "head");
      this.#settle(changed);
      return this.#draft(desk);
    },
    forward_dossier: ({ desk, unit, holder }) => {
      this.keys.needs("clerk", "head");
      const { dossier, pages } = this.#desk(desk);
      if (!dossier) throw fault("not_received");
      if (dossier.missing.length > 0) throw fault("dossier_incomplete", { dossier: dossier.code, papers: "" });
      if (pages.length > 0) throw fault("pages_left", { count: String(pages.length) });
      const gone = this.#settle({ ...this.#moved(dossier, "forward", ""), unit, holder: holder ?? dossier.holder, state: "in_progress", state_number: 4 });
      this.desks.delete(desk);
      return gone;
    },
    move_dossier: ({ dossier, move, reason, holder }) => {
      const known = this.dossiers.find((one) => one.dossier === dossier);
      if (!known) throw fault("not_found", { what: dossier });
      this.keys.needs("clerk", "head");
      const after = { ask_supplement: "supplement_asked", supplement: "received", withdraw: "withdrawn", stop: "stopped", finish: "done", return: "returned" } as const;
      const state = after[move as keyof typeof after] ?? known.state;
      return this.#settle({ ...this.#moved(known, move, reason), state, holder: holder ?? known.holder });
    },
    name_dossier: ({ dossier, code }) => {
      const known = this.dossiers.find((one) => one.dossier === dossier || one.code === dossier);
      if (!known) throw fault("not_found", { what: dossier });
      this.keys.needs("clerk", "head");
      if (!known.provisional) throw fault("already_numbered");
      if (!/^[A-Z0-9]+(\.[A-Z0-9]+)*-\d{6}-\d{4,}$/.test(code.trim())) throw fault("bad_dossier_code", { value: code });
      return this.#settle({ ...known, code: code.trim(), provisional: false });
    },
    print_form: () => null,
    dossiers: () => this.dossiers.map((one) => withResults(one, [...this.desks.values()].find((desk) => desk.dossier?.dossier === one.dossier)?.pages ?? [])),
    read_card: ({ text }) => cardOf(text),
    card_on_page: () => {
      if (this.cardOnPages === "") throw fault("bad_card", { reason: "no_code" });
      return cardOf(this.cardOnPages);
    },
    find_procedures: ({ text }) => seek(text),
    catalogue_dialog: () => ({
      file: "danh-muc.csv", sha256: "ab".repeat(32), effective_from: "2026-11-24", overtaken_by: null, sample: false, procedures: 2, papers: 3, ignored: ["STT"],
      new: [{ code: "1.000894", name: "Đăng ký kết hôn", field: "Hộ tịch" }], gone: [],
      changed: [{ code: "1.001193", name: "Đăng ký khai sinh", facts: ["term"] }], version: null,
    }),
    import_catalogue: ({ sha256, effective_from }) => {
      this.keys.needs("administrator");
      const version = this.versions.length + 1;
      const from = effective_from || "2026-11-24";
      const now = this.versions.find((one) => one.in_force)?.effective_from ?? "";
      const in_force = from >= now;
      this.versions = [
        { version, effective_from: from, file: "danh-muc.csv", sample: false, imported_at: "2026-11-24T09:00:00+07:00", in_force },
        ...this.versions.map((one) => ({ ...one, in_force: one.in_force && !in_force })),
      ];
      return { file: "danh-muc.csv", sha256, effective_from: from, overtaken_by: in_force ? null : now, sample: false, procedures: 2, papers: 3, ignored: [], new: [], changed: [], gone: [], version };
    },
    catalogue_versions: () => this.versions,
    cancel: ({ work }) => {
      this.#canceled.add(work);
      return null;
    },
    whereabouts: () => this.#whereabouts,
    keep_whereabouts: (place) => ((this.#whereabouts = place), null),
    paper_types: () => TYPES,
  };

  #status(): StatusView {
    return {
      ...this.status, ...this.keys.standing(this.status), training_pin: this.keys.members[0]?.pin === this.status.training_pin ? this.status.training_pin : null, copies: this.copies.length,
      waiting: this.#copies.outbox.filter((item) => item.state === "waiting").length,
      held_back: this.#copies.outbox.filter((item) => item.state === "held_back").length,
    };
  }

  #draft(desk: string): ReturnType<MemoryDesks["draft"]> {
    return this.#desks.draft(desk);
  }

  /** A dossier as it is now, wherever it lies. */
  #settle(changed: DossierView): DossierView {
    const dossier = standing(changed);
    this.dossiers = this.dossiers.map((one) => (one.dossier === dossier.dossier ? dossier : one));
    for (const desk of this.desks.values()) if (desk.dossier?.dossier === dossier.dossier) desk.dossier = dossier;
    this.#stale("dossiers", "outbox");
    return dossier;
  }

  #moved(dossier: DossierView, move: DossierView["moves"][number], reason: string): DossierView {
    return { ...dossier, steps: [...dossier.steps, { at: "2026-11-24T10:00:00+07:00", move, by: this.status.clerk, reason }] };
  }

  /** A feeder that gives one page after the other until it is empty or stopped. */
  async #scan({ landing, profile: name }: Scan): Promise<ImportReport> {
    const profile = this.#profiles.find((one) => one.name === name);
    if (!profile) throw fault("not_found", { what: name });
    this.#canceled.delete("arrival");
    let next = landing;
    let landed = 0;
    while (landed < passOf(profile)) {
      this.emit("progress", { stage: "scan", page: landed, of: 0 });
      await new Promise((done) => setTimeout(done, this.#pace));
      if (this.#canceled.has("arrival")) throw fault("canceled", { profile: name, landed: String(landed) });
      const file = `trang-${String(landed + 1).padStart(3, "0")}.jpg`;
      const askew = this.#findings && landed === 2 ? [finding(file, "skewed", "warning", "1.5°")] : [];
      next = this.#desks.land(next, [{ ...this.#desks.page(file, askew), dpi: profile.dpi, colour: profile.colour }]);
      landed += 1;
      this.#stale("draft", "status");
    }
    return { added: landed, refused: [], desks: [] };
  }

  #import(landing: Landing): ImportReport {
    const first = this.#desks.page("");
    const file = `quet-${first.id.slice(1).padStart(3, "0")}.jpg`;
    const came = [{ ...first, file }];
    if (this.#findings) {
      came.push(this.#desks.page("anh-chup-zalo.jpg", [
        finding("anh-chup-zalo.jpg", "low_dpi", "warning", "150 dpi"),
        finding("anh-chup-zalo.jpg", "scale", "warning", "190.5 x 254.0 mm"),
        finding("anh-chup-zalo.jpg", "gps_removed", "notice", ""),
      ]));
    } else came.push(this.#desks.page(file.replace(".jpg", "b.jpg")));
    this.#desks.land(landing, came);
    this.#stale("draft", "status");
    const refused = this.#findings ? [{ ...finding("IMG_2031.HEIC", "unsupported", "blocking", "HEIC"), page: 0 }] : [];
    return { added: 2, refused, desks: [] };
  }

  /** Tells how far the work is; false when it was stopped. */
  async #tell(stage: "sign" | "extend", page: number, of: number): Promise<boolean> {
    const work = stage === "sign" ? "review" : "lasting";
    if (stage === "extend" && page === 0) this.#canceled.delete(work);
    this.emit("progress", { stage, page, of });
    if (this.#pace > 0) await new Promise((done) => setTimeout(done, this.#pace));
    return !this.#canceled.has(work);
  }

  #signed(spot: Spot, fields: Fields, pages: number, by: string, kept: Kept | null): CopyView {
    const state = this.#desk(spot.desk);
    const { dossier } = state;
    const number = resultNumber(spot.place);
    const copy = this.#copies.keep(fields, pages, { by, kept, ...(dossier && number !== null ? { code: resultCode(dossier, number) } : {}) });
    if (dossier) {
      const copied = { record: copy.record, left_out: "" };
      const papers = dossier.papers.map((one) => (one.place === spot.place ? { ...one, ...copied, submission: one.submission ?? "original" } : one));
      const results = dossier.results.map((one) => (one.place === spot.place ? { ...one, ...copied, code: copy.code } : one));
      state.pages = state.pages.filter((page) => page.place !== spot.place);
      this.#settle({ ...dossier, papers, results });
    } else this.desks.set(LOOSE, freshDesk());
    state.undo = [];
    state.redo = [];
    this.#stale("draft", "copies", "outbox", "status");
    return copy;
  }

  #leave(spot: Spot, left_out: string): void {
    this.#left.set(`${spot.desk}:${spot.place}`, left_out);
    const { dossier } = this.#desk(spot.desk);
    const leave = <P extends { place: number }>(one: P): P => (one.place === spot.place ? { ...one, left_out } : one);
    if (dossier) {
      const paper = [...dossier.papers, ...dossier.results].find((one) => one.place === spot.place)?.name ?? "";
      this.#copies.leftOut(dossier, { paper, reason: left_out });
      this.#settle({ ...dossier, papers: dossier.papers.map(leave), results: dossier.results.map(leave) });
    }
    this.#stale("draft");
  }

  /** A dossier that was there before the window opened. */
  #lay(id: string, desk: DeskState, open: boolean): void {
    if (desk.dossier) this.dossiers = [...this.dossiers, desk.dossier];
    if (open) this.desks.set(id, desk);
  }

  #stale(...tags: Tag[]): void {
    this.emit("stale", { tags });
  }
}
