// A counter that lives in memory: for tests, and for the window in a plain browser. Loaded only
// when there is no Tauri; it holds no citizen's data and signs nothing.
import { CoreFault, type AllEvents, type Client, type Name, type Reply, type Request } from "./client";
import type {
  Commands, CoreError, CopyView, DraftView, ErrorKind, FieldIssue, Fields, Finding, FindingKind, ImportReport,
  OutboxItem, PageView, PaperType, Severity, Stage, StatusView, Tag, VerifyView,
} from "./generated";
import { drawnPage } from "./memory-pages";

export const MEMORY_PIN = "2468";

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

const STAGES: Stage[] = ["import", "assemble", "mark", "sign", "verify", "commit"];

export type MemoryOptions = {
  ready?: boolean;
  unlocked?: boolean;
  training?: boolean;
  /** Pages on the desk at the start. */
  pages?: number;
  /** The first import brings a page with warnings and a refused file. */
  findings?: boolean;
  copies?: number;
  /** Milliseconds a stage of signing takes. */
  pace?: number;
};

type Step = PageView[];

export class MemoryClient implements Client {
  /** Every call made, for tests. */
  readonly calls: { name: Name; request: unknown }[] = [];
  status: StatusView;
  pages: PageView[] = [];
  fields: Fields = { ...noFields };
  copies: CopyView[] = [];
  readonly outbox: OutboxItem[] = [];
  /** The next call of this name fails with this error. */
  readonly failNext = new Map<Name, CoreError>();
  #undo: Step[] = [];
  #redo: Step[] = [];
  #next = 1;
  #pin = MEMORY_PIN;
  #canceled = false;
  readonly #pace: number;
  readonly #findings: boolean;
  readonly #listeners = new Map<string, Set<(payload: never) => void>>();

  constructor(options: MemoryOptions = {}) {
    const { ready = true, unlocked = true, training = true } = options;
    this.#pace = options.pace ?? 0;
    this.#findings = options.findings ?? false;
    this.status = {
      ready, training: ready && training, office_code: ready ? "H56.14" : "",
      office_name: ready ? "UBND xã Thử Nghiệm" : "", clerk: ready ? "Nguyễn Thị Lan" : "", unlocked: ready && unlocked,
      station: "7K3Q", disk_free_bytes: 41_234_567_890, waiting: 0, held_back: 0, copies: 0,
      key_valid_until: ready ? "2029-11-23" : null, training_pin: ready && training ? MEMORY_PIN : null,
    };
    for (let i = 0; i < (options.pages ?? 0); i += 1) this.pages.push(this.#page(`quet-${String(i + 1).padStart(3, "0")}.jpg`));
    for (let i = 0; i < (options.copies ?? 0); i += 1) this.#sampleCopy(i);
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

  on<E extends keyof AllEvents>(event: E, listener: (payload: AllEvents[E]) => void): () => void {
    const all = this.#listeners.get(event) ?? new Set();
    all.add(listener as (payload: never) => void);
    this.#listeners.set(event, all);
    return () => all.delete(listener as (payload: never) => void);
  }

  onDragging(listener: (over: boolean) => void): () => void {
    const files = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    const over = (event: DragEvent): void => {
      if (!files(event)) return;
      event.preventDefault();
      listener(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) listener(false);
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      listener(false);
      this.drop([...(event.dataTransfer?.files ?? [])].map((file) => file.name));
    };
    window.addEventListener("dragover", over);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", over);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  }

  pageUrl(page: string, width: number, turns: number): string {
    return drawnPage(page, width, turns);
  }

  emit<E extends keyof AllEvents>(event: E, payload: AllEvents[E]): void {
    for (const listener of this.#listeners.get(event) ?? []) (listener as (payload: AllEvents[E]) => void)(payload);
  }

  /** As the shell does when files fall on the window. */
  drop(files: string[]): void {
    if (this.#dropTarget === "verify") {
      this.emit("verified", this.#verdict(files[0] ?? "ban-sao.pdf", "valid"));
      return;
    }
    this.#remember();
    for (const file of files) this.pages.push(this.#page(file));
    this.emit("imported", { added: files.length, refused: [] });
    this.#stale("draft", "status");
  }

  #dropTarget: "pages" | "verify" = "pages";

  readonly #answers: { [C in keyof Commands]: (request: Request<C>) => Reply<C> | Promise<Reply<C>> } = {
    status: () => this.#status(),
    set_up: (wish) => {
      if (!/^[A-Z0-9]+(\.[A-Z0-9]+)*$/.test(wish.office)) throw fault("bad_office_code", { value: wish.office });
      if (wish.pin.length < 4) throw fault("pin_too_short", { min: "4" });
      this.#pin = wish.pin;
      this.status = {
        ...this.status, ready: true, unlocked: true, training: wish.training, office_code: wish.office,
        office_name: wish.office_name, clerk: wish.clerk, key_valid_until: "2029-11-23",
        training_pin: wish.training ? MEMORY_PIN : null,
      };
      return this.#status();
    },
    unlock: ({ pin }) => {
      if (pin !== this.#pin) throw fault("wrong_pin");
      this.status.unlocked = true;
      this.#stale("status");
      return this.#status();
    },
    lock: () => {
      this.status.unlocked = false;
      this.#stale("status");
      return this.#status();
    },
    import_dialog: () => this.#import(),
    drop_target: ({ target }) => {
      this.#dropTarget = target;
      return null;
    },
    draft: () => this.#draft(),
    rotate_pages: ({ pages, quarter_turns }) =>
      this.#edit((all) =>
        all.map((page) => (pages.includes(page.id) ? { ...page, turns: (((page.turns + quarter_turns) % 4) + 4) % 4 } : page)),
      ),
    move_page: ({ page, to }) =>
      this.#edit((all) => {
        const moved = all.find((one) => one.id === page);
        if (!moved) throw fault("not_found", { what: page });
        const rest = all.filter((one) => one !== moved);
        return [...rest.slice(0, to), moved, ...rest.slice(to)];
      }),
    delete_pages: ({ pages }) => this.#edit((all) => all.filter((page) => !pages.includes(page.id))),
    undo: () => this.#step(this.#undo, this.#redo),
    redo: () => this.#step(this.#redo, this.#undo),
    set_fields: (fields) => {
      this.fields = fields;
      return this.#draft();
    },
    digitize: ({ accept_findings }) => this.#digitize(accept_findings),
    cancel: () => {
      this.#canceled = true;
      return null;
    },
    copies: () => this.copies,
    open_copy: () => null,
    verify_copy: ({ record }) => {
      const copy = this.copies.find((one) => one.record === record);
      if (!copy) throw fault("not_found", { what: record });
      return this.#verdict(`${record}.pdf`, "valid", copy);
    },
    verify_dialog: () => this.#verdict("don-de-nghi-da-ky.pdf", "unknown"),
    outbox: () => this.outbox,
    paper_types: () => TYPES,
  };

  #status(): StatusView {
    return {
      ...this.status, copies: this.copies.length,
      waiting: this.outbox.filter((item) => item.state === "waiting").length,
      held_back: this.outbox.filter((item) => item.state === "held_back").length,
    };
  }

  #draft(): DraftView {
    return {
      pages: this.pages.map((page, i) => ({ ...page, findings: page.findings.map((f) => ({ ...f, page: i + 1 })) })),
      findings: [], fields: this.fields, issues: issuesOf(this.fields), can_undo: this.#undo.length > 0,
      can_redo: this.#redo.length > 0, signed_whole: false,
    };
  }

  #remember(): void {
    this.#undo.push(this.pages);
    this.#redo = [];
    this.pages = [...this.pages];
  }

  #edit(change: (pages: Step) => Step): DraftView {
    const changed = change(this.pages);
    this.#remember();
    this.pages = changed;
    return this.#draft();
  }

  #step(from: Step[], to: Step[]): DraftView {
    const step = from.pop();
    if (step) {
      to.push(this.pages);
      this.pages = step;
    }
    return this.#draft();
  }

  #page(file: string, findings: Finding[] = []): PageView {
    const id = `p${this.#next}`;
    this.#next += 1;
    return { id, file, width_px: 1654, height_px: 2339, dpi: 200, colour: "colour", turns: 0, findings, saved: true };
  }

  #import(): ImportReport {
    this.#remember();
    const file = `quet-${String(this.#next).padStart(3, "0")}.jpg`;
    this.pages.push(this.#page(file));
    this.#stale("draft", "status");
    if (!this.#findings) {
      this.pages.push(this.#page(file.replace(".jpg", "b.jpg")));
      return { added: 2, refused: [] };
    }
    this.pages.push(this.#page("anh-chup-zalo.jpg", [
      finding("anh-chup-zalo.jpg", "low_dpi", "warning", "150 dpi"),
      finding("anh-chup-zalo.jpg", "scale", "warning", "190.5 x 254.0 mm"),
      finding("anh-chup-zalo.jpg", "gps_removed", "notice", ""),
    ]));
    return { added: 2, refused: [{ ...finding("IMG_2031.HEIC", "unsupported", "blocking", "HEIC"), page: 0 }] };
  }

  async #digitize(accepted: boolean): Promise<CopyView> {
    if (!this.status.unlocked) throw fault("locked");
    const issues = issuesOf(this.fields).filter((issue) => issue.severity === "blocking");
    if (issues.length > 0) throw new CoreFault({ kind: "field_issues", params: {}, findings: [], issues, lines: [] });
    const found = this.#draft().pages.flatMap((page) => page.findings);
    const stopping = found.filter((f) => f.severity === "blocking" || (f.severity === "warning" && !accepted));
    if (stopping.length > 0) throw new CoreFault({ kind: "findings", params: {}, findings: found, issues: [], lines: [] });
    if (this.pages.length === 0) throw fault("no_pages");
    this.#canceled = false;
    const of = this.pages.length;
    for (const stage of STAGES) {
      for (let page = 1; page <= of; page += 1) {
        this.emit("progress", { stage, page, of });
        await new Promise((done) => setTimeout(done, this.#pace));
        if (this.#canceled) throw fault("canceled");
      }
    }
    const copy = this.#keep(this.fields, of);
    this.pages = [];
    this.fields = { ...noFields };
    this.#undo = [];
    this.#redo = [];
    this.#stale("draft", "copies", "outbox", "status");
    return copy;
  }

  #keep(fields: Fields, pages: number, signed_at = "2026-11-24T09:41:07+07:00"): CopyView {
    const running = String(this.copies.length + 1).padStart(2, "0");
    const number = fields.number === "" ? "" : `.${fields.number}`;
    const copy: CopyView = {
      record: `r${this.copies.length + 1}`, code: `${fields.owner}.${fields.paper_type}${number}.7K3Q${running}`,
      paper_type: fields.paper_type, name: fields.name, owner: fields.owner, pages,
      sha256: "9f2c4e7ab1d05836".repeat(4), state: "waiting", signed_by: this.status.clerk, signed_at,
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
      signatures: [{ signer, claimed_time: "2026-11-24T09:41:07+07:00", coverage: "whole", verdict, reasons }],
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
