// Generated from saoy-core `app::contract`; do not edit. `make types` writes it, a test compares it.

/** A counter as the status line shows it. */
export type StatusView = {
  ready: boolean; training: boolean; office_code: string; office_name: string; clerk: string;
  unlocked: boolean; station: string; disk_free_bytes: number; waiting: number; held_back: number; copies: number;
  key_valid_until: string | null; training_pin: string | null;
};
export type SetUp = { office: string; office_name: string; clerk: string; pin: string; training: boolean };
export type Unlock = { pin: string };
export type Severity = "notice" | "warning" | "blocking";
export type FindingKind =
  | "damaged" | "unsupported" | "too_large" | "encrypted" | "unreadable" | "missing" | "signed_beside_others"
  | "already_signed" | "low_dpi" | "unknown_dpi" | "not_colour" | "scale" | "blank" | "duplicate" | "damaged_exif"
  | "reencoded" | "gps_removed" | "active_content_removed" | "not_pdf_a";
export type Finding = { file: string; page: number; kind: FindingKind; severity: Severity; detail: string };
/** What came of an import: pages that landed, files that did not (blocking findings). */
export type ImportReport = { added: number; refused: Finding[] };
export type PageId = string;
export type PageView = {
  id: PageId; file: string; width_px: number; height_px: number; dpi: number; colour: "bitonal" | "grey" | "colour";
  /** Clockwise quarter turns added by the clerk, 0–3. */
  turns: number;
  findings: Finding[];
  /** True once the page is fsynced. */
  saved: boolean;
};
/** Fields of the paper; empty string = not given (no default for a legal fact). Dates are yyyy-mm-dd. */
export type Fields = {
  owner: string; paper_type: string; name: string; number: string; issued: string; issuer: string;
  abstract_text: string; valid_until: string; permanent: boolean;
};
export type FieldName = keyof Fields;
export type FieldIssueKind =
  | "required" | "not_twelve_digits" | "unknown_province" | "bad_tax_code" | "bad_characters" | "too_long" | "bad_date"
  | "date_in_future" | "valid_until_before_issued" | "permanent_and_date";
export type FieldIssue = { field: FieldName; kind: FieldIssueKind; severity: Severity };
export type DraftView = {
  pages: PageView[]; fields: Fields; issues: FieldIssue[]; can_undo: boolean; can_redo: boolean;
  /** Set when the draft is one PDF that is already signed: it will be kept whole. */
  signed_whole: boolean;
};
export type RotatePages = { pages: PageId[]; quarter_turns: number };
export type MovePage = { page: PageId; to: number };
export type PageIds = { pages: PageId[] };
export type Digitize = { accept_findings: boolean };
export type OutboxState = "waiting" | "sending" | "received" | "held_back";
export type CopyView = {
  record: string; code: string; paper_type: string; name: string; owner: string; pages: number; sha256: string;
  state: OutboxState; signed_by: string; signed_at: string;
};
export type RecordId = { record: string };
export type Verdict = "valid" | "invalid" | "unknown" | "unsigned";
export type Reason =
  | "intact" | "trusted" | "altered" | "bad_signature" | "not_whole_file" | "changed_after_signing" | "malformed" | "untrusted_signer"
  | "expired" | "not_yet_valid" | "wrong_key_usage" | "weak_algorithm" | "unsupported_algorithm" | "no_signature"
  | "unreadable_file" | "encrypted_file" | "not_a_pdf" | "code_mismatch" | "record_mismatch" | "revocation_unknown" | "certificate_mismatch";
export type SignatureView = {
  signer: string; claimed_time: string | null; coverage: "whole" | "partial"; verdict: Verdict; reasons: Reason[];
};
export type VerifyView = { file: string; verdict: Verdict; reasons: Reason[]; signatures: SignatureView[]; code: string | null };
export type OutboxItem = { seq: number; record: string; name: string; state: OutboxState; attempts: number; reason: string | null };
export type PaperType = { code: string; name: string };
export type DropTarget = { target: "pages" | "verify" };
export type Stage = "unlock" | "import" | "assemble" | "mark" | "sign" | "verify" | "commit";
export type Progress = { stage: Stage; page: number; of: number };
export type Tag = "status" | "draft" | "copies" | "outbox";
export type Stale = { tags: Tag[] };

/** Every error the core can answer with; the window's table has three lines for each. */
export type ErrorKind =
  | "not_ready" | "already_ready" | "locked" | "wrong_pin" | "pin_too_short" | "home_busy" | "home_damaged" | "home_newer"
  | "no_pages" | "findings" | "field_issues" | "bad_office_code" | "bad_template" | "bad_settings" | "not_found" | "disk_full" | "storage"
  | "key_damaged" | "certificate_expired" | "verification_failed" | "canceled" | "reader_failed" | "output_exists" | "internal";
export type CoreError = {
  kind: ErrorKind; params: Record<string, string>; findings: Finding[]; issues: FieldIssue[];
};

/** Name → request, reply, what it makes stale. */
export type Commands = {
  status: { request: null; reply: StatusView };
  set_up: { request: SetUp; reply: StatusView };
  unlock: { request: Unlock; reply: StatusView };
  lock: { request: null; reply: StatusView };
  import_dialog: { request: null; reply: ImportReport };
  drop_target: { request: DropTarget; reply: null };
  draft: { request: null; reply: DraftView };
  rotate_pages: { request: RotatePages; reply: DraftView };
  move_page: { request: MovePage; reply: DraftView };
  delete_pages: { request: PageIds; reply: DraftView };
  undo: { request: null; reply: DraftView };
  redo: { request: null; reply: DraftView };
  set_fields: { request: Fields; reply: DraftView };
  digitize: { request: Digitize; reply: CopyView };
  cancel: { request: null; reply: null };
  copies: { request: null; reply: CopyView[] };
  open_copy: { request: RecordId; reply: null };
  verify_copy: { request: RecordId; reply: VerifyView };
  verify_dialog: { request: null; reply: VerifyView | null };
  outbox: { request: null; reply: OutboxItem[] };
  paper_types: { request: null; reply: PaperType[] };
};
/** Events the core sends to the window. */
export type Events = { stale: Stale; progress: Progress; imported: ImportReport; verified: VerifyView };
