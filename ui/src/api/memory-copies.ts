// Signed copies of the counter in memory, what a check says of them, and the queue they wait in.
import type { Reply, Request } from "./client";
import type { Alteration, CopyView, DossierView, Fields, Kept, LastingView, LeftOut, OutboxItem, SignatureReport, Verdict, VerifyView } from "./generated";
import { fault } from "./memory-fault";
import { noFields, TYPES } from "./memory-fields";

type Command = "copies" | "print_verdict" | "extend_copies" | "open_copy" | "verify_copy" | "verify_dialog" | "stored_copies" | "outbox";

/** What came after a signature, of every sort: with a page, a name, a number, all or none of them. */
const ALTERATIONS: Alteration[] = [
  { how: "added", what: "signature", page: 3, name: "Chữ ký của lãnh đạo", object: 87 },
  { how: "changed", what: "field", page: 2, name: "bieu_mau.nguoi_nop.dia_chi_thuong_tru.so_nha_duong_pho_thon_xom_ap_khu_pho_to_dan_pho[0]", object: 41 },
  { how: "changed", what: "page_content", page: 1, name: null, object: 12 },
  { how: "removed", what: "page", page: 4, name: null, object: 19 },
  { how: "added", what: "annotation", page: 1, name: "Ghi chú: đã thu đủ lệ phí, hẹn trả kết quả vào buổi sáng ngày 27 tháng 11", object: 90 },
  { how: "changed", what: "catalog", page: null, name: "/OpenAction", object: null },
  { how: "added", what: "object", page: null, name: null, object: 1204 },
  { how: "changed", what: "metadata", page: null, name: null, object: 7 },
  { how: "changed", what: "structure", page: null, name: null, object: null },
];

/** Who signs what comes in signed. */
export const STRANGER = "Trần Văn Bình";

export class MemoryCopies {
  all: CopyView[] = [];
  readonly outbox: OutboxItem[] = [];
  /** A time-stamp authority answers. */
  stamps = false;
  /** Nobody who signs here is trusted here. */
  untrusted = false;
  /** Records that get no evidence all the same, and why. */
  readonly stubborn = new Map<string, string>();
  readonly #clerk: () => string;
  /** Tells how far the work is; false when it was stopped. */
  readonly #step: (done: number, of: number) => Promise<boolean>;

  constructor(clerk: () => string, step: (done: number, of: number) => Promise<boolean>) {
    this.#clerk = clerk;
    this.#step = step;
  }

  readonly answers: { [C in Command]: (request: Request<C>) => Reply<C> | Promise<Reply<C>> } = {
    copies: () => this.all,
    extend_copies: () => this.#extend(),
    open_copy: () => null,
    verify_copy: ({ record }) => {
      const copy = this.all.find((one) => one.record === record);
      if (!copy) throw fault("not_found", { what: record });
      return this.verdict(`${record}.pdf`, copy.kept?.worth ?? (this.untrusted ? "unknown" : "valid"), copy);
    },
    print_verdict: () => null,
    verify_dialog: () => this.verdict("don-de-nghi-da-ky.pdf", "unknown"),
    stored_copies: ({ text }) => this.all.filter((copy) => copy.owner !== "" && copy.owner === text),
    outbox: () => this.outbox,
  };

  /** Keeps a signed copy; a result's code is its dossier's. */
  keep(fields: Fields, pages: number, { code, by = this.#clerk(), signed_at = "2026-11-24T09:41:07+07:00", kept = null }: { code?: string; by?: string; signed_at?: string; kept?: Kept | null } = {}): CopyView {
    const running = String(this.all.length + 1).padStart(2, "0");
    const number = fields.number === "" ? "" : `.${fields.number}`;
    const copy: CopyView = {
      record: `r${this.all.length + 1}`, code: code ?? `${fields.owner}.${fields.paper_type}${number}.7K3Q${running}`,
      paper_type: fields.paper_type, name: fields.name, owner: fields.owner, pages,
      sha256: "9f2c4e7ab1d05836".repeat(4), lasting: null, state: "waiting", kept, signed_by: kept ? STRANGER : by, signed_at,
    };
    this.all = [copy, ...this.all];
    this.outbox.push({ seq: this.outbox.length + 1, record: copy.record, kind: "digitized", name: copy.name, kept, left_out: null, state: "waiting", attempts: 0, reason: null });
    return copy;
  }

  /** A paper of a dossier is left out for a reason, or taken in again. */
  leftOut(dossier: DossierView, left_out: LeftOut): void {
    this.outbox.push({ seq: this.outbox.length + 1, record: dossier.dossier, kind: "dossier_paper_left_out", name: dossier.code, kept: null, left_out, state: "waiting", attempts: 0, reason: null });
  }

  async #extend(): Promise<LastingView> {
    const due = this.all.filter((copy) => copy.lasting !== "B-LTA");
    const view: LastingView = { asked: due.length, missing: [], extended: [], left: [] };
    for (const [done, copy] of due.entries()) {
      if (!(await this.#step(done, due.length))) {
        if (done === 0) throw fault("canceled");
        break;
      }
      const { record, code } = copy;
      const reason = this.stamps ? this.stubborn.get(record) : "no_time";
      if (reason === undefined) {
        copy.lasting = "B-LTA";
        view.extended.push({ record, code, level: "B-LTA" });
      } else view.left.push({ record, code, error: fault("not_extended", { file: code, reason }).error });
    }
    return view;
  }

  sample(i: number): void {
    const type = TYPES[i % TYPES.length] ?? { code: "", name: "" };
    const owner = i % 4 === 3 ? "" : `00108700000${i % 10}`;
    const minute = String((i * 7) % 60).padStart(2, "0");
    const signed_at = `2026-11-24T0${7 + (i % 3)}:${minute}:00+07:00`;
    const copy = this.keep({ ...noFields, owner, paper_type: type.code, name: type.name, number: `${45 + i}/2025` }, 1 + (i % 5), { signed_at });
    const state = (["waiting", "received", "sending", "held_back"] as const)[i % 4] ?? "waiting";
    copy.state = state;
    const item = this.outbox.at(-1);
    if (!item) return;
    item.state = state;
    item.attempts = state === "waiting" ? 0 : 1;
    item.reason = state === "held_back" ? "Loại giấy tờ chưa có trong danh mục của kho" : null;
  }

  /** A file that came from elsewhere; its name says that it was changed after it was signed: “…-sua.pdf”. */
  dropped(file: string): VerifyView {
    const view = this.verdict(file, "valid");
    if (!/\bsua\b/.test(file)) return view;
    const [signature] = view.signatures;
    if (!signature) return view;
    const reasons: VerifyView["reasons"] = ["changed_after_signing", "altered"];
    const first = { ...signature, verdict: "invalid" as const, reasons, coverage: "partial" as const, after: "other" as const, alterations: ALTERATIONS };
    const later = { ...signature, signer: STRANGER, after: "form_filling" as const, alterations: ALTERATIONS.slice(0, 2) };
    return { ...view, verdict: "invalid", reasons, signatures: [first, later] };
  }

  verdict(file: string, verdict: Verdict, copy?: CopyView): VerifyView {
    const signature = this.signature(verdict, verdict === "valid" ? (copy?.signed_by ?? this.#clerk()) : STRANGER);
    return {
      file, sha256: copy?.sha256 ?? "5d41402abc4b2a76".repeat(4), size: 249_607, record: copy ? "same" : "not_compared",
      verdict, reasons: signature.reasons, code: copy?.code ?? null, signatures: [signature],
    };
  }

  signature(verdict: Verdict, signer: string): SignatureReport {
    return {
      kind: "signature", signer, after: "none", alterations: [],
      certificate: {
        subject: `UBND xã Thử Nghiệm, ${signer}`, issuer: `UBND xã Thử Nghiệm, ${signer}`, serial: "4f2a91",
        not_before: "2026-11-01T00:00:00+07:00", not_after: "2028-10-31T23:59:59+07:00",
      },
      claimed_time: "2026-11-24T09:41:07+07:00", trusted_time: verdict === "valid" ? "2026-11-24T09:41:09+07:00" : null, coverage: "whole", verdict,
      reasons: verdict === "valid" ? ["intact", "trusted"] : verdict === "unknown" ? ["intact", "untrusted_signer"] : ["altered"],
    };
  }
}
