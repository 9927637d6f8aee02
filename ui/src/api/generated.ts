// Generated from saoy-core `app::contract`; do not edit. `make types` writes it, a test compares it.

export type StatusView = { 
/**
 * There is a counter.
 */
ready: boolean, 
/**
 * It is for training.
 */
training: boolean, 
/**
 * Code of the office.
 */
office_code: string, 
/**
 * Name of the office.
 */
office_name: string, 
/**
 * Name of the clerk.
 */
clerk: string, 
/**
 * The clerk's key is open.
 */
unlocked: boolean, 
/**
 * Station.
 */
station: string, 
/**
 * Free space for this counter, bytes.
 */
disk_free_bytes: number, 
/**
 * Copies waiting to be sent.
 */
waiting: number, 
/**
 * Copies held back.
 */
held_back: number, 
/**
 * Copies in all.
 */
copies: number, 
/**
 * Last day of the certificate, yyyy-mm-dd.
 */
key_valid_until: string | null, 
/**
 * The documented PIN of a training counter.
 */
training_pin: string | null, };
export type SetUp = { 
/**
 * Code of the office, e.g. `H56.14`.
 */
office: string, 
/**
 * Name of the office.
 */
office_name: string, 
/**
 * Name of the clerk.
 */
clerk: string, 
/**
 * The PIN that will open the clerk's key.
 */
pin: string, 
/**
 * A counter for training.
 */
training: boolean, };
export type Unlock = { 
/**
 * The PIN.
 */
pin: string, };
export type Severity = "notice" | "warning" | "blocking";
export type FindingKind = "damaged" | "unsupported" | "too_large" | "encrypted" | "unreadable" | "missing" | "signed_beside_others" | "already_signed" | "low_dpi" | "unknown_dpi" | "not_colour" | "scale" | "blank" | "duplicate" | "damaged_exif" | "reencoded" | "gps_removed" | "active_content_removed" | "not_pdf_a";
export type Finding = { 
/**
 * Name of the file (no folder), empty inside the reader.
 */
file: string, 
/**
 * Page, counted from 1: inside the reader the page of the file, outside the page of the copy.
 * 0 = the file as a whole.
 */
page: number, 
/**
 * What.
 */
kind: FindingKind, 
/**
 * How bad.
 */
severity: Severity, 
/**
 * Parameters as short text without prose, e.g. `150 dpi`, `210.0 x 310.2 mm`, `page 2`.
 */
detail: string, };
export type ImportReport = { 
/**
 * Pages that landed.
 */
added: number, 
/**
 * Why files or pages did not.
 */
refused: Array<Finding>, };
export type Colour = "bitonal" | "grey" | "colour";
export type PageView = { 
/**
 * Id.
 */
id: string, 
/**
 * Name of the file it came in.
 */
file: string, 
/**
 * Stored width, px.
 */
width_px: number, 
/**
 * Stored height, px.
 */
height_px: number, 
/**
 * Effective resolution, dpi; 0 = none.
 */
dpi: number, 
/**
 * Colour.
 */
colour: Colour, 
/**
 * Clockwise quarter turns added by the clerk, 0–3.
 */
turns: number, 
/**
 * What was found.
 */
findings: Array<Finding>, 
/**
 * True once it is fsynced.
 */
saved: boolean, };
export type Fields = { 
/**
 * Owner's number.
 */
owner: string, 
/**
 * Paper-type code.
 */
paper_type: string, 
/**
 * Name of the paper.
 */
name: string, 
/**
 * Number and symbol.
 */
number: string, 
/**
 * Date of issue.
 */
issued: string, 
/**
 * Issuer.
 */
issuer: string, 
/**
 * Abstract (trích yếu).
 */
abstract_text: string, 
/**
 * End of validity.
 */
valid_until: string, 
/**
 * Valid for ever (vĩnh viễn).
 */
permanent: boolean, };
export type FieldName = "owner" | "paper_type" | "name" | "number" | "issued" | "issuer" | "abstract_text" | "valid_until" | "permanent" | "procedure" | "owner_name" | "owner_birth" | "submitter" | "submitter_name" | "submitter_birth";
export type FieldIssueKind = "required" | "not_twelve_digits" | "bad_tax_code" | "bad_characters" | "too_long" | "bad_date" | "date_in_future" | "valid_until_before_issued" | "permanent_and_date" | "number_disagrees_with_birth" | "number_disagrees_with_sex";
export type FieldIssue = { 
/**
 * Where.
 */
field: FieldName, 
/**
 * What.
 */
kind: FieldIssueKind, 
/**
 * How bad: a blocking one stops signing.
 */
severity: Severity, };
export type DraftView = { 
/**
 * Pages in order.
 */
pages: Array<PageView>, 
/**
 * What was found about the paper as a whole, not on one of its pages.
 */
findings: Array<Finding>, 
/**
 * What was typed.
 */
fields: Fields, 
/**
 * What is odd about it.
 */
issues: Array<FieldIssue>, 
/**
 * There is a step back.
 */
can_undo: boolean, 
/**
 * There is a step forward.
 */
can_redo: boolean, 
/**
 * The desk holds one PDF that is already signed: it will be kept whole.
 */
signed_whole: boolean, };
export type RotatePages = { 
/**
 * Ids.
 */
pages: Array<string>, 
/**
 * Clockwise quarter turns; negative = counter-clockwise.
 */
quarter_turns: number, };
export type MovePage = { 
/**
 * Id.
 */
page: string, 
/**
 * New place, from 0.
 */
to: number, };
export type PageIds = { 
/**
 * Ids.
 */
pages: Array<string>, };
export type Digitize = { 
/**
 * Findings that warn are accepted.
 */
accept_findings: boolean, };
export type OutboxState = "waiting" | "sending" | "received" | "held_back";
export type CopyView = { 
/**
 * Id of the record.
 */
record: string, 
/**
 * Code.
 */
code: string, 
/**
 * Type of paper.
 */
paper_type: string, 
/**
 * Name of the paper.
 */
name: string, 
/**
 * Owner's number.
 */
owner: string, 
/**
 * Pages.
 */
pages: number, 
/**
 * SHA-256 of the file.
 */
sha256: string, 
/**
 * State.
 */
state: OutboxState, 
/**
 * Name on the signature.
 */
signed_by: string, 
/**
 * Claimed time of the signature, RFC 3339.
 */
signed_at: string, };
export type RecordId = { 
/**
 * Id.
 */
record: string, };
export type Verdict = "valid" | "invalid" | "unknown" | "unsigned";
export type Reason = "intact" | "trusted" | "altered" | "bad_signature" | "not_whole_file" | "changed_after_signing" | "malformed" | "untrusted_signer" | "expired" | "not_yet_valid" | "wrong_key_usage" | "weak_algorithm" | "unsupported_algorithm" | "no_signature" | "unreadable_file" | "encrypted_file" | "not_a_pdf" | "code_mismatch" | "record_mismatch" | "revocation_unknown" | "certificate_mismatch";
export type Coverage = "whole" | "partial";
export type SignatureView = { 
/**
 * Name in the signer's certificate.
 */
signer: string, 
/**
 * Time the signer claims, RFC 3339.
 */
claimed_time: string | null, 
/**
 * How much of the file it covers.
 */
coverage: Coverage, 
/**
 * Verdict.
 */
verdict: Verdict, 
/**
 * Why.
 */
reasons: Array<Reason>, };
export type VerifyView = { 
/**
 * Name of the file.
 */
file: string, 
/**
 * Verdict.
 */
verdict: Verdict, 
/**
 * Why.
 */
reasons: Array<Reason>, 
/**
 * Each signature.
 */
signatures: Array<SignatureView>, 
/**
 * Digitization code in the signed bytes.
 */
code: string | null, };
export type OutboxItem = { 
/**
 * Place in the queue.
 */
seq: number, 
/**
 * Id of what it is about: a record, a dossier, a version of the catalogue.
 */
record: string, 
/**
 * What happened.
 */
kind: string, 
/**
 * Name of the paper or file, code of the dossier.
 */
name: string, 
/**
 * State.
 */
state: OutboxState, 
/**
 * How often it was tried.
 */
attempts: number, 
/**
 * Why it is held back.
 */
reason: string | null, };
export type PaperType = { 
/**
 * Code, e.g. `KQ.G15.000031`.
 */
code: string, 
/**
 * Name.
 */
name: string, };
export type Target = "pages" | "verify";
export type DropTarget = { 
/**
 * The target.
 */
target: Target, };
export type Stage = "unlock" | "import" | "assemble" | "mark" | "sign" | "verify" | "commit";
export type Progress = { 
/**
 * Stage.
 */
stage: Stage, 
/**
 * Pages (or files, for import) done.
 */
page: number, 
/**
 * Of how many; 0 = unknown.
 */
of: number, };
export type Tag = "status" | "draft" | "copies" | "outbox";
export type Stale = { 
/**
 * Tags.
 */
tags: Array<Tag>, };
export type LineIssueKind = "malformed" | "missing_column" | "empty" | "bad_code" | "bad_term" | "bad_hour" | "bad_number" | "bad_word" | "contradicts" | "twice" | "too_long" | "bad_characters";
export type LineIssue = { 
/**
 * Line of the file, from 1.
 */
line: number, 
/**
 * Column or field, by its name in JSON.
 */
column: string, 
/**
 * What.
 */
kind: LineIssueKind, 
/**
 * What stands there, at most 80 characters.
 */
value: string, };
export type ErrorKind = "not_ready" | "already_ready" | "locked" | "wrong_pin" | "pin_missing" | "pin_too_short" | "home_busy" | "home_damaged" | "home_newer" | "no_pages" | "findings" | "field_issues" | "bad_name" | "bad_office_code" | "bad_template" | "bad_settings" | "bad_term" | "bad_time" | "bad_calendar" | "bad_catalogue" | "bad_card" | "illegal_move" | "reason_missing" | "bad_word" | "unit_missing" | "bad_dossier_code" | "already_numbered" | "dossier_incomplete" | "dossier_closed" | "paper_copied" | "paper_exempt" | "not_reusable" | "not_found" | "disk_full" | "storage" | "key_damaged" | "certificate_expired" | "verification_failed" | "canceled" | "reader_failed" | "output_refused" | "internal";
export type CoreError = { 
/**
 * Tag.
 */
kind: ErrorKind, 
/**
 * Parameters of the text.
 */
params: { [key in string]: string }, 
/**
 * Findings, for `findings`.
 */
findings: Array<Finding>, 
/**
 * Issues, for `field_issues`.
 */
issues: Array<FieldIssue>, 
/**
 * Bad lines, for `bad_catalogue`.
 */
lines: Array<LineIssue>, };

/** Name: request and reply. */
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

/** Every command by name. */
export const COMMAND_NAMES: (keyof Commands)[] = [
  "status",
  "set_up",
  "unlock",
  "lock",
  "import_dialog",
  "drop_target",
  "draft",
  "rotate_pages",
  "move_page",
  "delete_pages",
  "undo",
  "redo",
  "set_fields",
  "digitize",
  "cancel",
  "copies",
  "open_copy",
  "verify_copy",
  "verify_dialog",
  "outbox",
  "paper_types",
];

/** Events the core sends to the window. */
export type Events = { stale: Stale; progress: Progress; imported: ImportReport; verified: VerifyView; failed: CoreError };
