// A counter that lives in memory: for tests, and for the window in a plain browser. Loaded only
// when there is no Tauri; it holds no citizen's data and signs nothing.
import { CoreFault, type Client, type Name, type Reply, type Request } from "./client";
import type {
  CatalogueVersion, Commands, CoreError, CopyView, DossierView, DraftView, ErrorKind, Events, FieldIssue, Fields, Finding, FindingKind, ImportReport, Landing,
  OutboxItem, PageView, PaperType, Role, Scan, ScanProfile, Severity, Spot, StatusView, Tag, TokensView, VerifyView, Whereabouts,
} from "./generated";
import { interleaved, laid, mend, passOf, placed, SCAN_PROFILES, shown } from "./memory-capture";
import { cardOf, caseView, exemption, freshDesk, noRequest, papersOf, PROCEDURES, received, SAMPLE_PAPERS, seek, standing, type DeskState } from "./memory-cases";
import { upright } from "./look";
import { MemoryKeys, noTokens } from "./memory-keys";
import { drawnPage, markedPage } from "./memory-pages";
import { MemoryReview } from "./memory-review";

export const MEMORY_PIN = "2468";
/** PIN of the second clerk. */
export const SECOND_PIN = "1357";

export const noFields: Fields = {
  owner: "", paper_type: "", name: "", number: "", issued: "", issuer: "", abstract_text: "", valid_until: "",
  permanent: false,
};

const TYPES: PaperType[] = [
  { code: "KQ.G15.000031", name: "Giấy khai sinh" },
  { code: "KQ.G15.000032", name: "Giấy chứng nhận kết hôn" },
  { code: "KQ.G15.000034", name: "Trích lục khai tử" },
  { code: "KQ.G15.000040", name: "Giấy xác nhận tình trạng hôn nhân" },
  { code: "G09.000002", name: "Giấy chứng nhận quyền sử dụng đất" },
  { code: "G05.000011", name: "Giấy chứng nhận đăng ký hộ kinh doanh" },
  { code: "G11.000120", name: "Bằng tốt nghiệp trung học phổ thông" },
  { code: "G22.000007", name: "Đơn đề nghị cấp bản sao trích lục hộ tịch" },
];

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

const LOOSE = "loose";
const FIRST = "Nguyễn Thị Lan";
/** Who sets a counter up may do everything. */
const ALL_ROLES: Role[] = ["clerk", "signer", "head", "administrator"];

export class MemoryClient implements Client {
  /** Every call made, for tests. */
  /** What the code on every page says; empty = no page has one. */
  cardOnPages = "";
  readonly calls: { name: Name; request: unknown }[] = [];
  status: StatusView;
  readonly desks = new Map<string, DeskState>([[LOOSE, freshDesk()]]);
  dossiers: DossierView[] = [];
  versions: CatalogueVersion[] = [
    { version: 1, effective_from: "2026-11-24", file: "procedures.json", sample: true, imported_at: "2026-11-24T08:00:00+07:00", in_force: true },
  ];
  copies: CopyView[] = [];
  readonly outbox: OutboxItem[] = [];
  readonly review = new MemoryReview({
    desks: () => this.desks, draft: (desk) => this.#draft(desk), clerk: () => this.status.clerk, fault,
    pin: () => this.keys.pinOf(this.status.clerk_id),
    issues: (fields) => {
      const issues = issuesOf(fields).filter((issue) => issue.severity === "blocking");
      return issues.length > 0 ? new CoreFault({ kind: "field_issues", params: {}, findings: [], issues, lines: [] }) : null;
    },
    step: (done, of) => this.#tell(done, of), keep: (spot, fields, pages) => this.#signed(spot, fields, pages),
    leave: (spot, reason) => this.#leave(spot, reason), left: (spot) => this.#left.get(`${spot.desk}:${spot.place}`) ?? "",
  });
  readonly keys = new MemoryKeys({ fault, status: () => this.status, stale: (...tags) => this.#stale(...tags) });
  readonly #left = new Map<string, string>();
  /** Why the key has locked itself by the time the window asks next. */
  locksNext: StatusView["locked_because"] = null;
  /** The next call of this name fails with this error. */
  readonly failNext = new Map<Name, CoreError>();
  #next = 1;
  #canceled = false;
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
    this.#stamps = options.stamps ?? false;
    for (let i = 0; i < (options.pages ?? 0); i += 1) this.pages.push(this.#page(`quet-${String(i + 1).padStart(3, "0")}.jpg`));
    for (let i = 0; i < (options.copies ?? 0); i += 1) this.#sampleCopy(i);
    if (options.waiting) this.#lay(options.waiting);
  }

  #extendCopies(): LastingView {
    const due = this.copies.filter((copy) => copy.lasting !== "B-LTA");
    if (this.#stamps) this.copies = this.copies.map((copy) => ({ ...copy, lasting: "B-LTA" }));
    return {
      asked: due.length, missing: [],
      extended: this.#stamps ? due.map(({ record, code }) => ({ record, code, level: "B-LTA" })) : [],
      left: this.#stamps ? [] : due.map(({ record, code }) => ({ record, code, error: fault("not_extended", { file: code, reason: "no_time" }).error })),
    };
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
    const desk = this.desks.get(id);
    if (!desk) throw fault("not_found", { what: id });
    return desk;
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
    return markedPage(picture, page, width, this.review.mark(picture));
  }

  emit<E extends keyof Events>(event: E, payload: Events[E]): void {
    for (const listener of this.#listeners.get(event) ?? []) (listener as (payload: Events[E]) => void)(payload);
  }

  /** As the shell does when files fall on the window. */
  drop(files: string[]): void {
    if (this.#dropTarget === "verify") {
      this.emit("verified", this.#verdict(files[0] ?? "ban-sao.pdf", "valid"));
      return;
    }
    this.#land(this.#landing, files.map((file) => this.#page(file)));
    this.emit("imported", { added: files.length, refused: [], desks: [] });
    this.#stale("draft", "status");
  }

  #dropTarget: "pages" | "verify" = "pages";
  #landing: Landing = { spot: { desk: LOOSE, place: 0 }, before: null, replaces: null };

  #whereabouts: Whereabouts | null = null;
  readonly #stamps: boolean;
  readonly #answers: { [C in keyof Commands]: (request: Request<C>) => Reply<C> | Promise<Reply<C>> } = {
    ...this.keys.answers,
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
      const id = `d${this.#next++}`;
      this.desks.set(id, { ...freshDesk(), dossier: this.dossiers.find((one) => one.dossier === dossier) ?? null });
      return this.#draft(id);
    },
    close_desk: ({ desk, discard }) => {
      const { pages, request, dossier } = this.#desk(desk);
      const typed = dossier === null && JSON.stringify(request) !== JSON.stringify(noRequest);
      if (!discard && (pages.length > 0 || typed)) throw fault("desk_not_empty");
      this.desks.delete(desk);
      return null;
    },
    import_dialog: (landing) => this.#import(landing),
    import_clipboard: (landing) => {
      this.#land(landing, [this.#page("clipboard.png")]);
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
    draft: ({ desk }) => this.#draft(desk),
    rotate_pages: ({ desk, pages, quarter_turns }) =>
      this.#edit(desk, (all) =>
        all.map((page) => (pages.includes(page.id) ? { ...page, turns: (((page.turns + quarter_turns) % 4) + 4) % 4 } : page)),
      ),
    move_page: ({ desk, page, to }) =>
      this.#edit(desk, (all) => {
        const moved = all.find((one) => one.id === page);
        if (!moved) throw fault("not_found", { what: page });
        const rest = all.filter((one) => one !== moved);
        return [...rest.slice(0, to), moved, ...rest.slice(to)];
      }),
    place_pages: ({ spot, pages }) => {
      const { dossier, papers } = this.#desk(spot.desk);
      const paper = (dossier?.papers ?? papers).find((one) => one.place === spot.place);
      const why = paper && exemption(paper);
      if (why) throw fault("paper_exempt", { paper: paper.name, exemption: why });
      return this.#edit(spot.desk, (all) => placed(all, pages, spot.place));
    },
    interleave_pages: ({ desk, pages }) => this.#edit(desk, (all) => interleaved(all, pages)),
    mark_blank: ({ desk, pages, blank }) => this.#each(desk, pages, (page) => ({ ...page, blank })),
    accept_pages: ({ desk, pages, reason }) => this.#each(desk, pages, (page) => ({ ...page, accepted: reason.trim() || null })),
    edit_pages: ({ desk, pages, edit }) =>
      this.#each(desk, pages, (page) => {
        if (page.file.endsWith(".pdf")) throw fault("page_not_editable", { file: page.file, page: "1" });
        return { ...page, edits: [...page.edits, upright(edit, page.turns)] };
      }),
    mend_pages: ({ desk, pages, how }) =>
      this.#each(desk, pages, (page) => {
        const edit = mend(page, how);
        return edit ? { ...page, edits: [...page.edits, edit] } : page;
      }),
    drop_edit: ({ desk, page, edit }) => this.#each(desk, [page], (one) => ({ ...one, edits: one.edits.filter((_, i) => i !== edit) })),
    delete_pages: ({ desk, pages }) => this.#edit(desk, (all) => all.filter((page) => !pages.includes(page.id))),
    undo: ({ desk }) => this.#step(desk, "undo", "redo"),
    redo: ({ desk }) => this.#step(desk, "redo", "undo"),
    set_fields: ({ spot, fields }) => {
      this.#desk(spot.desk).fields[spot.place] = fields;
      return this.#draft(spot.desk);
    },
    set_request: ({ desk, request }) => {
      const state = this.#desk(desk);
      if (state.request.procedure !== request.procedure) {
        this.#remember(desk);
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
      if (state.dossier) this.#settle({ ...state.dossier, papers: state.dossier.papers.map(decide) });
      else {
        this.#remember(desk);
        state.papers = state.papers.map(decide);
      }
      return this.#draft(desk);
    },
    receive_dossier: ({ desk }) => {
      const state = this.#desk(desk);
      const { issues, papers } = caseView(state, issuesOf, noFields);
      if (issues.some((one) => one.severity === "blocking")) throw new CoreFault({ kind: "field_issues", params: {}, findings: [], issues, lines: [] });
      const undecided = papers.filter((one) => one.pages > 0 && one.submission === null).map((one) => one.name);
      if (undecided.length > 0) throw fault("submission_missing", { papers: undecided.join("; ") });
      state.dossier = received(state, `h${this.dossiers.length + 1}`, this.status.clerk);
      this.dossiers = [state.dossier, ...this.dossiers];
      this.#stale("dossiers", "outbox");
      return this.#draft(desk);
    },
    review: (wish) => {
      this.#canceled = false;
      return this.review.review(wish);
    },
    nudge_mark: (wish) => this.review.nudge(wish),
    leave_out: (wish) => this.review.leaveOut(wish),
    sign_papers: (wish) => {
      this.#canceled = false;
      if (!this.status.unlocked) throw fault("locked");
      return this.review.sign(wish);
    },
    forward_dossier: ({ desk, unit, holder }) => {
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
      const after = { ask_supplement: "supplement_asked", supplement: "received", withdraw: "withdrawn", stop: "stopped", finish: "done" } as const;
      const state = after[move as keyof typeof after] ?? known.state;
      return this.#settle({ ...this.#moved(known, move, reason), state, holder: holder ?? known.holder });
    },
    print_form: () => null,
    dossiers: () => this.dossiers,
    stored_copies: ({ text }) => this.copies.filter((copy) => copy.owner !== "" && copy.owner === text),
    read_card: ({ text }) => cardOf(text),
    card_on_page: () => {
      if (this.cardOnPages === "") throw fault("bad_card", { reason: "no_code" });
      return cardOf(this.cardOnPages);
    },
    find_procedures: ({ text }) => seek(text),
    catalogue_dialog: () => ({
      file: "danh-muc.csv", sha256: "ab".repeat(32), effective_from: "2026-11-24", sample: false, procedures: 2, papers: 3, ignored: ["STT"],
      new: [{ code: "1.000894", name: "Đăng ký kết hôn", field: "Hộ tịch" }], gone: [],
      changed: [{ code: "1.001193", name: "Đăng ký khai sinh", facts: ["term"] }], version: null,
    }),
    import_catalogue: ({ sha256, effective_from }) => {
      const version = this.versions.length + 1;
      const from = effective_from || "2026-11-24";
      this.versions = [
        { version, effective_from: from, file: "danh-muc.csv", sample: false, imported_at: "2026-11-24T09:00:00+07:00", in_force: true },
        ...this.versions.map((one) => ({ ...one, in_force: false })),
      ];
      return { file: "danh-muc.csv", sha256, effective_from: from, sample: false, procedures: 2, papers: 3, ignored: [], new: [], changed: [], gone: [], version };
    },
    catalogue_versions: () => this.versions,
    cancel: () => {
      this.#canceled = true;
      return null;
    },
    copies: () => this.copies,
    extend_copies: () => this.#extendCopies(),
    open_copy: () => null,
    verify_copy: ({ record }) => {
      const copy = this.copies.find((one) => one.record === record);
      if (!copy) throw fault("not_found", { what: record });
      return this.#verdict(`${record}.pdf`, "valid", copy);
    },
    verify_dialog: () => this.#verdict("don-de-nghi-da-ky.pdf", "unknown"),
    outbox: () => this.outbox,
    whereabouts: () => this.#whereabouts,
    keep_whereabouts: (place) => ((this.#whereabouts = place), null),
    paper_types: () => TYPES,
  };

  #status(): StatusView {
    return {
      ...this.status, ...this.keys.standing(this.status), copies: this.copies.length,
      waiting: this.outbox.filter((item) => item.state === "waiting").length,
      held_back: this.outbox.filter((item) => item.state === "held_back").length,
    };
  }

  #draft(desk: string): DraftView {
    const state = this.#desk(desk);
    const fields = state.fields[0] ?? noFields;
    return {
      desk, case: desk === LOOSE ? null : caseView(state, issuesOf, noFields),
      pages: state.pages.map((page, i) => shown(page, i + 1)),
      findings: [], fields, issues: issuesOf(fields), can_undo: state.undo.length > 0, can_redo: state.redo.length > 0,
      signed_whole: false,
    };
  }

  #remember(desk: string): void {
    const state = this.#desk(desk);
    state.undo.push({ pages: state.pages, papers: state.papers });
    state.redo = [];
  }

  #edit(desk: string, change: (pages: PageView[]) => PageView[]): DraftView {
    const changed = change(this.#desk(desk).pages);
    this.#remember(desk);
    this.#desk(desk).pages = changed;
    return this.#draft(desk);
  }

  #each(desk: string, ids: string[], change: (page: PageView) => PageView): DraftView {
    return this.#edit(desk, (all) => all.map((page) => (ids.includes(page.id) ? change(page) : page)));
  }

  /** Lays pages down; answers where the next ones land. */
  #land(landing: Landing, came: PageView[]): Landing {
    let next = landing;
    this.#edit(landing.spot.desk, (pages) => {
      const done = laid(pages, landing, came);
      next = done.next;
      return done.pages;
    });
    return next;
  }

  #step(desk: string, from: "undo" | "redo", to: "undo" | "redo"): DraftView {
    const state = this.#desk(desk);
    const step = state[from].pop();
    if (step) {
      state[to].push({ pages: state.pages, papers: state.papers });
      Object.assign(state, step);
    }
    return this.#draft(desk);
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

  #page(file: string, findings: Finding[] = []): PageView {
    const id = `p${this.#next}`;
    this.#next += 1;
    return {
      id, file, width_px: 1654, height_px: 2339, dpi: 200, colour: "colour", turns: 0, edits: [], look: "", findings, blank: false, accepted: null,
      saved: true, place: 0,
    };
  }

  /** A feeder that gives one page after the other until it is empty or stopped. */
  async #scan({ landing, profile: name }: Scan): Promise<ImportReport> {
    const profile = this.#profiles.find((one) => one.name === name);
    if (!profile) throw fault("not_found", { what: name });
    this.#canceled = false;
    let next = landing;
    let landed = 0;
    while (landed < passOf(profile)) {
      this.emit("progress", { stage: "scan", page: landed, of: 0 });
      await new Promise((done) => setTimeout(done, this.#pace));
      if (this.#canceled) throw fault("canceled", { profile: name, landed: String(landed) });
      const file = `trang-${String(landed + 1).padStart(3, "0")}.jpg`;
      const askew = this.#findings && landed === 2 ? [finding(file, "skewed", "warning", "1.5°")] : [];
      next = this.#land(next, [{ ...this.#page(file, askew), dpi: profile.dpi, colour: profile.colour }]);
      landed += 1;
      this.#stale("draft", "status");
    }
    return { added: landed, refused: [], desks: [] };
  }

  #import(landing: Landing): ImportReport {
    const file = `quet-${String(this.#next).padStart(3, "0")}.jpg`;
    const came = [this.#page(file)];
    if (this.#findings) {
      came.push(this.#page("anh-chup-zalo.jpg", [
        finding("anh-chup-zalo.jpg", "low_dpi", "warning", "150 dpi"),
        finding("anh-chup-zalo.jpg", "scale", "warning", "190.5 x 254.0 mm"),
        finding("anh-chup-zalo.jpg", "gps_removed", "notice", ""),
      ]));
    } else came.push(this.#page(file.replace(".jpg", "b.jpg")));
    this.#land(landing, came);
    this.#stale("draft", "status");
    const refused = this.#findings ? [{ ...finding("IMG_2031.HEIC", "unsupported", "blocking", "HEIC"), page: 0 }] : [];
    return { added: 2, refused, desks: [] };
  }

  /** Tells how far the work is; false when it was stopped. */
  async #tell(page: number, of: number): Promise<boolean> {
    this.emit("progress", { stage: "sign", page, of });
    if (this.#pace > 0) await new Promise((done) => setTimeout(done, this.#pace));
    return !this.#canceled;
  }

  #signed(spot: Spot, fields: Fields, pages: number): CopyView {
    const state = this.#desk(spot.desk);
    const copy = this.#keep(fields, pages);
    if (state.dossier) {
      const { dossier } = state;
      const papers = dossier.papers.map((one) => (one.place === spot.place ? { ...one, submission: one.submission ?? "original", record: copy.record, left_out: "" } : one));
      state.pages = state.pages.filter((page) => page.place !== spot.place);
      this.#settle({ ...dossier, papers });
    } else this.desks.set(LOOSE, freshDesk());
    state.undo = [];
    state.redo = [];
    this.#stale("draft", "copies", "outbox", "status");
    return copy;
  }

  #leave(spot: Spot, reason: string): void {
    this.#left.set(`${spot.desk}:${spot.place}`, reason);
    const { dossier } = this.#desk(spot.desk);
    if (dossier) this.#settle({ ...dossier, papers: dossier.papers.map((one) => (one.place === spot.place ? { ...one, left_out: reason } : one)) });
  }

  /** A received dossier with pages on every paper: two on each third, else one. */
  #lay(count: number): void {
    const papers = Array.from({ length: count }, (_, i) => ({
      place: i + 1, component: `${PROCEDURES[0]?.code ?? ""}.${String(i + 1).padStart(2, "0")}`, name: SAMPLE_PAPERS[i % SAMPLE_PAPERS.length] ?? "", required: true,
      submission: "original" as const, count: 1, record: null, note: "", left_out: "",
    }));
    const request = { ...noRequest, procedure: PROCEDURES[0]?.code ?? "", owner: { ...noRequest.owner, number: "001087000001", name: "Nguyễn Văn An" } };
    const state: DeskState = { ...freshDesk(), papers, request };
    state.dossier = received(state, "h1", this.status.clerk);
    for (const { place } of papers) for (let n = 0; n < (place % 3 === 0 ? 2 : 1); n += 1) state.pages.push({ ...this.#page(`quet-${place}-${n + 1}.jpg`), place });
    this.dossiers = [state.dossier];
    this.desks.set("d0", state);
  }

  #keep(fields: Fields, pages: number, signed_at = "2026-11-24T09:41:07+07:00"): CopyView {
    const running = String(this.copies.length + 1).padStart(2, "0");
    const number = fields.number === "" ? "" : `.${fields.number}`;
    const copy: CopyView = {
      record: `r${this.copies.length + 1}`, code: `${fields.owner}.${fields.paper_type}${number}.7K3Q${running}`,
      paper_type: fields.paper_type, name: fields.name, owner: fields.owner, pages,
      sha256: "9f2c4e7ab1d05836".repeat(4), lasting: null, state: "waiting", signed_by: this.status.clerk, signed_at,
    };
    this.copies = [copy, ...this.copies];
    this.outbox.push({ seq: this.outbox.length + 1, record: copy.record, kind: "digitized", name: copy.name, state: "waiting", attempts: 0, reason: null });
    return copy;
  }

  #sampleCopy(i: number): void {
    const type = TYPES[i % TYPES.length] ?? { code: "", name: "" };
    const owner = i % 4 === 3 ? "" : `00108700000${i % 10}`;
    const minute = String((i * 7) % 60).padStart(2, "0");
    const copy = this.#keep(
      { ...noFields, owner, paper_type: type.code, name: type.name, number: `${45 + i}/2025` }, 1 + (i % 5),
      `2026-11-24T0${7 + (i % 3)}:${minute}:00+07:00`,
    );
    const state = (["waiting", "received", "sending", "held_back"] as const)[i % 4] ?? "waiting";
    copy.state = state;
    const item = this.outbox.at(-1);
    if (!item) return;
    item.state = state;
    item.attempts = state === "waiting" ? 0 : 1;
    item.reason = state === "held_back" ? "Loại giấy tờ chưa có trong danh mục của kho" : null;
  }

  #verdict(file: string, verdict: "valid" | "unknown", copy?: CopyView): VerifyView {
    const reasons: VerifyView["reasons"] = verdict === "valid" ? ["intact", "trusted"] : ["intact", "untrusted_signer"];
    const signer = verdict === "valid" ? this.status.clerk : "Trần Văn Bình";
    return {
      file, verdict, reasons, code: copy?.code ?? null,
      signatures: [{ signer, claimed_time: "2026-11-24T09:41:07+07:00", trusted_time: verdict === "valid" ? "2026-11-24T09:41:09+07:00" : null, coverage: "whole", verdict, reasons }],
    };
  }

  #stale(...tags: Tag[]): void {
    this.emit("stale", { tags });
  }
}

export const fault = (kind: ErrorKind, params: Record<string, string> = {}): CoreFault =>
  new CoreFault({ kind, params, findings: [], issues: [], lines: [] });

export const finding = (file: string, kind: FindingKind, severity: Severity, detail: string): Finding => ({
  file, page: 1, kind, severity, detail,
});

function issuesOf(fields: Fields): FieldIssue[] {
  const issues: FieldIssue[] = [];
  const digits = /^\d+$/.test(fields.owner) && ![10, 12, 13].includes(fields.owner.length);
  if (digits) issues.push({ field: "owner", kind: "not_twelve_digits", severity: "warning" });
  for (const field of ["paper_type", "name"] as const) {
    if (fields[field].trim() === "") issues.push({ field, kind: "required", severity: "blocking" });
  }
  if (fields.paper_type !== "" && !/^[A-Za-z0-9._-]+$/.test(fields.paper_type)) {
    issues.push({ field: "paper_type", kind: "bad_characters", severity: "blocking" });
  }
  for (const field of ["issued", "valid_until"] as const) {
    const day = fields[field];
    if (day !== "" && !isDay(day)) issues.push({ field, kind: "bad_date", severity: "blocking" });
  }
  if (isDay(fields.issued) && fields.issued > "2026-11-24") {
    issues.push({ field: "issued", kind: "date_in_future", severity: "blocking" });
  }
  if (fields.permanent && fields.valid_until !== "") {
    issues.push({ field: "permanent", kind: "permanent_and_date", severity: "blocking" });
  }
  return issues;
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
