// Generated from saoy-core `app::contract`; do not edit. `make types` writes it, a test compares it.

export type LockReason = "idle" | "shift_end" | "clock_set_back" | "roles_changed";
export type Alive = { 
/**
 * A key or the mouse moved since the last call, or work is running.
 */
active: boolean, };
export type Role = "clerk" | "signer" | "head" | "administrator";
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
 * Name of the clerk whose key is open; while none is, of the first one.
 */
clerk: string, 
/**
 * Which one; 0 while there is no counter.
 */
clerk_id: number, 
/**
 * What the clerk whose key is open may do.
 */
roles: Array<Role>, 
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
 * Whole days until then; negative when it is over.
 */
key_days_left: number | null, 
/**
 * When the counter was backed up last, RFC 3339.
 */
backup_at: string | null, 
/**
 * The documented PIN of a training counter, while the first clerk's key opens with it.
 */
training_pin: string | null, 
/**
 * Why the key locked itself, when it did.
 */
locked_because: LockReason | null, };
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
 * Row of the clerk; `None` = the only one there is.
 */
clerk: number | null, 
/**
 * The PIN.
 */
pin: string, };
export type KeyFinding = "expires_soon" | "expired" | "not_yet_valid" | "revoked";
export type KeyView = { 
/**
 * Name of the clerk at this counter.
 */
clerk: string, 
/**
 * Kind of key: `ed25519`.
 */
algorithm: string, 
/**
 * Subject of the certificate, as RFC 4514 writes names.
 */
subject: string, 
/**
 * Its issuer.
 */
issuer: string, 
/**
 * Serial number, hexadecimal.
 */
serial: string, 
/**
 * SHA-256 of the certificate, hexadecimal.
 */
fingerprint: string, 
/**
 * First moment of validity, RFC 3339.
 */
valid_from: string, 
/**
 * Last moment of validity, RFC 3339.
 */
valid_until: string, 
/**
 * Whole days until then; negative when it is over.
 */
days_left: number, 
/**
 * Nobody but the clerk vouches for it.
 */
self_signed: boolean, 
/**
 * Certificates of issuers that signatures carry along.
 */
issuers: number, 
/**
 * What is odd about it.
 */
findings: Array<KeyFinding>, };
export type ClerkView = { 
/**
 * Row: which one.
 */
clerk: number, 
/**
 * Name.
 */
name: string, 
/**
 * Not a person: a key of the agency's.
 */
agency: boolean, 
/**
 * The key lies on a token of the agency's; only its certificate is known here.
 */
on_token: boolean, 
/**
 * What the clerk may do; none for the agency's key.
 */
roles: Array<Role>, 
/**
 * The clerk left this counter.
 */
left: boolean, 
/**
 * Key and certificate.
 */
key: KeyView, };
export type AddClerk = { 
/**
 * Name.
 */
name: string, 
/**
 * What the clerk may do; at least one thing.
 */
roles: Array<Role>, 
/**
 * The PIN that will open the key.
 */
pin: string, };
export type ChangeClerk = { 
/**
 * Which.
 */
clerk: number, 
/**
 * The roles.
 */
roles: Array<Role>, 
/**
 * The clerk leaves: the key is destroyed, what it signed stays verifiable.
 */
left: boolean, };
export type ClerkId = { 
/**
 * Row.
 */
clerk: number, };
export type NewPin = { 
/**
 * The PIN.
 */
pin: string, };
export type OpenKey = { 
/**
 * Row of the clerk, or of the agency.
 */
clerk: number, 
/**
 * The PIN. Tried once.
 */
pin: string, };
export type ChangePin = { 
/**
 * The PIN from now on.
 */
new: string, 
/**
 * Row of the clerk, or of the agency.
 */
clerk: number, 
/**
 * The PIN. Tried once.
 */
pin: string, };
export type KeyFormat = "pkcs8" | "pkcs12";
export type ExportKey = { 
/**
 * How it is written.
 */
format: KeyFormat, 
/**
 * The pass phrase of the file.
 */
passphrase: string, 
/**
 * Row of the clerk, or of the agency.
 */
clerk: number, 
/**
 * The PIN. Tried once.
 */
pin: string, };
export type ImportKey = { 
/**
 * The pass phrase of the file; empty = it has none.
 */
passphrase: string, 
/**
 * Row of the clerk, or of the agency.
 */
clerk: number, 
/**
 * The PIN. Tried once.
 */
pin: string, };
export type MakeAuthority = { 
/**
 * Its name, which certificates show as issuer.
 */
name: string, 
/**
 * The PIN that will open its key.
 */
pin: string, 
/**
 * Days it holds.
 */
days: number, };
export type WrittenRequest = { 
/**
 * Name of the file.
 */
file: string, 
/**
 * SHA-256 of the request (DER), hexadecimal: whoever issues the certificate sees the same.
 */
sha256: string, };
export type RequestView = { 
/**
 * Name of the file.
 */
file: string, 
/**
 * Name of who asks.
 */
name: string, 
/**
 * Office or unit of who asks; empty when the request tells none.
 */
unit: string, 
/**
 * Subject, as RFC 4514 writes names.
 */
subject: string, 
/**
 * Kind of key.
 */
algorithm: string, 
/**
 * SHA-256 of the request (DER), name and key included, hexadecimal: who asks sees the same.
 */
fingerprint: string, };
export type Issue = { 
/**
 * PIN of the authority. Tried once.
 */
pin: string, 
/**
 * Days it holds.
 */
days: number, 
/**
 * Fingerprint of the request as it was shown: the file must still hold that one.
 */
fingerprint: string, };
export type RevocationList = { 
/**
 * PIN of the authority. Tried once.
 */
pin: string, 
/**
 * Days until counters ask for a newer one.
 */
days: number, };
export type Certify = { 
/**
 * PIN of the authority. Tried once.
 */
authority_pin: string, 
/**
 * Days it holds.
 */
days: number, 
/**
 * Row of the clerk, or of the agency.
 */
clerk: number, 
/**
 * The PIN. Tried once.
 */
pin: string, };
export type Renew = { 
/**
 * PIN of the authority. Tried once.
 */
pin: string, 
/**
 * Serial number of the certificate before, hexadecimal.
 */
serial: string, 
/**
 * Days it holds.
 */
days: number, };
export type RevocationReason = "unspecified" | "key_compromise" | "affiliation_changed" | "superseded" | "cessation_of_operation";
export type Revoke = { 
/**
 * PIN of the authority. Tried once.
 */
pin: string, 
/**
 * Serial number, hexadecimal.
 */
serial: string, 
/**
 * Why.
 */
why: RevocationReason, };
export type IssuedLine = { 
/**
 * Serial number, hexadecimal.
 */
serial: string, 
/**
 * Subject, as RFC 4514 writes names.
 */
subject: string, 
/**
 * Kind of key.
 */
algorithm: string, 
/**
 * When it was issued, RFC 3339.
 */
issued_at: string, 
/**
 * Last moment of validity, RFC 3339.
 */
valid_until: string, 
/**
 * When it was revoked, RFC 3339.
 */
revoked_at: string | null, 
/**
 * Why.
 */
why: RevocationReason | null, };
export type AuthorityInfo = { 
/**
 * Subject, as RFC 4514 writes names.
 */
subject: string, 
/**
 * Last moment of validity, RFC 3339.
 */
valid_until: string, 
/**
 * Every certificate, oldest first.
 */
issued: Array<IssuedLine>, };
export type KeyLine = { 
/**
 * Id of certificate and key, hexadecimal.
 */
id: string, 
/**
 * Common name.
 */
name: string, 
/**
 * Subject, as RFC 4514 writes names.
 */
subject: string, 
/**
 * Issuer, the same.
 */
issuer: string, 
/**
 * Serial number, hexadecimal.
 */
serial: string, 
/**
 * Kind of key.
 */
algorithm: string, 
/**
 * Last moment of validity, RFC 3339.
 */
valid_until: string, 
/**
 * It may sign documents here and now.
 */
usable: boolean, 
/**
 * The certificate was revoked.
 */
revoked: boolean, };
export type TokenInfo = { 
/**
 * Label.
 */
label: string, 
/**
 * Serial number.
 */
serial: string, 
/**
 * Model.
 */
model: string, 
/**
 * Maker.
 */
manufacturer: string, 
/**
 * Tries of the PIN that are left.
 */
tries: Tries, 
/**
 * Certificates on it.
 */
keys: Array<KeyLine>, };
export type ModuleProblem = { 
/**
 * Name of its file.
 */
module: string, 
/**
 * Why.
 */
problem: TokenError, };
export type TokensView = { 
/**
 * Tokens.
 */
tokens: Array<TokenInfo>, 
/**
 * Modules that were asked and told of none: file name, and what is wrong.
 */
problems: Array<ModuleProblem>, 
/**
 * How many modules were asked; none = no maker's software is installed.
 */
modules: number, };
export type TrustPurpose = "everything" | "certificates" | "time_stamps";
export type TrustFinding = "overdue" | "not_yet_effective" | "superseded";
export type TrustListView = { 
/**
 * Name of the file.
 */
file: string, 
/**
 * Who decides on it.
 */
issuer: string, 
/**
 * Its number.
 */
number: string, 
/**
 * First day it holds; before, nobody in it is trusted.
 */
effective_from: string, 
/**
 * Day a newer one is due.
 */
next_update: string | null, 
/**
 * What is odd about it; it is used all the same, but an early one.
 */
findings: Array<TrustFinding>, };
export type TrustedView = { 
/**
 * Name of the file that says so.
 */
file: string, 
/**
 * Name in the list, else in the certificate.
 */
name: string, 
/**
 * Subject of the certificate, as RFC 4514 writes names.
 */
subject: string, 
/**
 * SHA-256 of the certificate, hexadecimal.
 */
fingerprint: string, 
/**
 * What for.
 */
kind: TrustPurpose, 
/**
 * First day.
 */
from: string | null, 
/**
 * Last day; what is proven to be older stays trusted.
 */
until: string | null, 
/**
 * Last day of its certificate.
 */
certificate_until: string | null, 
/**
 * Decision that says so.
 */
source: string, };
export type RevocationView = { 
/**
 * Name of the file.
 */
file: string, 
/**
 * It is that of the counter's own authority, and stays while that is there.
 */
own: boolean, 
/**
 * Whose certificates it is about, as RFC 4514 writes names.
 */
issuer: string, 
/**
 * When it was made, RFC 3339.
 */
this_update: string, 
/**
 * When the next one is due, RFC 3339.
 */
next_update: string | null, 
/**
 * The next one was due.
 */
overdue: boolean, };
export type TrustView = { 
/**
 * Lists of authorities.
 */
lists: Array<TrustListView>, 
/**
 * Who is trusted.
 */
authorities: Array<TrustedView>, 
/**
 * Lists of revoked certificates.
 */
revocations: Array<RevocationView>, };
export type OfferedTrust = { 
/**
 * Name of the file.
 */
file: string, 
/**
 * Its SHA-256.
 */
sha256: string, 
/**
 * What it says.
 */
trust: TrustView, };
export type OfferedFile = { 
/**
 * Its SHA-256, as it was shown.
 */
sha256: string, };
export type TrustFile = { 
/**
 * Its name.
 */
file: string, };
export type Severity = "notice" | "warning" | "blocking";
export type FindingKind = "damaged" | "unsupported" | "too_large" | "encrypted" | "unreadable" | "missing" | "signed_beside_others" | "already_signed" | "low_dpi" | "unknown_dpi" | "not_colour" | "scale" | "blank" | "duplicate" | "blurred" | "dark" | "pale" | "cut_edge" | "skewed" | "upside_down" | "damaged_exif" | "reencoded" | "gps_removed" | "active_content_removed" | "not_pdf_a";
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
refused: Array<Finding>, 
/**
 * Desks that were opened for further dossiers of the stack.
 */
desks: Array<string>, };
export type Colour = "bitonal" | "grey" | "colour";
export type Edit = { "edit": "straighten", 
/**
 * Thousandths of a degree, at most 45 degrees either way.
 */
mdeg: number, } | { "edit": "crop", 
/**
 * From the top, ten-thousandths of what an earlier crop left.
 */
top: number, 
/**
 * From the right, likewise.
 */
right: number, 
/**
 * From the bottom, likewise.
 */
bottom: number, 
/**
 * From the left, likewise.
 */
left: number, } | { "edit": "contrast", 
/**
 * Darkest that stays different from black, steps of 255.
 */
black: number, 
/**
 * Lightest that stays different from white.
 */
white: number, };
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
 * What else the clerk did to it, oldest first.
 */
edits: Array<Edit>, 
/**
 * The edits as part of the picture's address; empty = none.
 */
look: string, 
/**
 * What was found; what the clerk accepted is a notice.
 */
findings: Array<Finding>, 
/**
 * Nothing is on it: it is kept, but is no page of the copy.
 */
blank: boolean, 
/**
 * Why the clerk accepts what was found on it.
 */
accepted: string | null, 
/**
 * True once it is fsynced.
 */
saved: boolean, 
/**
 * The paper it belongs to, by its place in the dossier from 1; 0 = not sorted yet.
 */
place: number, };
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
export type Doubt = "province_unknown" | "number_disagrees_with_birth" | "number_disagrees_with_sex" | "old_number_odd" | "name_missing" | "name_mangled" | "address_mangled" | "birth_unreadable" | "birth_in_future" | "birth_long_ago" | "sex_unreadable" | "issue_missing" | "issue_unreadable" | "issued_in_future" | "issued_before_birth";
export type Sex = "male" | "female";
export type Birth = { "known": "day", 
/**
 * The day.
 */
date: string, } | { "known": "month", 
/**
 * Year.
 */
year: number, 
/**
 * Month, 1–12.
 */
month: number, } | { "known": "year", 
/**
 * Year.
 */
year: number, } | { "known": "unreadable" };
export type CardReading = { 
/**
 * Personal number, 12 digits.
 */
number: string, 
/**
 * Number of the old identity card; empty if none.
 */
old_number: string, 
/**
 * Full name as on the card, composed (NFC).
 */
name: string, 
/**
 * Birth.
 */
birth: Birth, 
/**
 * Sex; `None` when the field says neither.
 */
sex: Sex | null, 
/**
 * Place of residence.
 */
address: string, 
/**
 * Day of issue; `None` when missing or no date.
 */
issued: string | null, 
/**
 * What is odd, each at most once.
 */
doubts: Array<Doubt>, };
export type CardView = { 
/**
 * Province its number begins with, when we know it.
 */
province: string | null, 
/**
 * Personal number, 12 digits.
 */
number: string, 
/**
 * Number of the old identity card; empty if none.
 */
old_number: string, 
/**
 * Full name as on the card, composed (NFC).
 */
name: string, 
/**
 * Birth.
 */
birth: Birth, 
/**
 * Sex; `None` when the field says neither.
 */
sex: Sex | null, 
/**
 * Place of residence.
 */
address: string, 
/**
 * Day of issue; `None` when missing or no date.
 */
issued: string | null, 
/**
 * What is odd, each at most once.
 */
doubts: Array<Doubt>, };
export type Channel = "in_person" | "online" | "post";
export type PartyKind = "citizen" | "enterprise" | "agency" | "other";
export type Party = { 
/**
 * What it is; `None` = not said.
 */
kind: PartyKind | null, 
/**
 * Personal number, tax code or agency code; empty if none.
 */
number: string, 
/**
 * Name.
 */
name: string, 
/**
 * Birth, as exactly as it is known: yyyy-mm-dd, yyyy-mm or yyyy; empty = not said.
 */
birth: string, 
/**
 * Sex as the card says it; empty = not said.
 */
sex: string, 
/**
 * Address.
 */
address: string, 
/**
 * Telephone.
 */
phone: string, 
/**
 * E-mail.
 */
email: string, };
export type WayOfReturn = "counter" | "post" | "online";
export type Holder = "citizen" | "counter" | "department";
export type Request = { 
/**
 * Code of the procedure.
 */
procedure: string, 
/**
 * How it came.
 */
channel: Channel, 
/**
 * Whose case it is (chủ hồ sơ).
 */
owner: Party, 
/**
 * Who brings it (người nộp), when that is somebody else, authorised.
 */
submitter: Party | null, 
/**
 * Abstract (trích yếu).
 */
abstract_text: string, 
/**
 * Sets of papers handed in.
 */
sets: number, 
/**
 * How the result goes back; `None` = not said.
 */
way_of_return: WayOfReturn | null, };
export type Submission = "original" | "certified_copy" | "photocopy" | "electronic" | "shown" | "in_store" | "secret";
export type Exemption = "certified_copy" | "photocopy" | "shown" | "in_store" | "secret";
export type PaperState = "missing" | "not_given" | "to_copy" | "copied" | "exempt" | "reused" | "refused";
export type Paper = { 
/**
 * Place, from 1.
 */
place: number, 
/**
 * Code of the component; it is the paper type of the copy.
 */
component: string, 
/**
 * Name.
 */
name: string, 
/**
 * Without it the dossier is not complete.
 */
required: boolean, 
/**
 * What was handed in; `None` = nothing is decided yet.
 */
submission: Submission | null, 
/**
 * How many sheets or sets of it.
 */
count: number, 
/**
 * Record of its signed copy, made here or reused.
 */
record: string | null, 
/**
 * What the clerk notes about it.
 */
note: string, 
/**
 * Why it is not signed for now; empty = nothing keeps it back.
 */
left_out: string, };
export type State = "registered" | "received" | "refused" | "in_progress" | "supplement_asked" | "fee_asked" | "withdrawn" | "stopped" | "done" | "returned";
export type Move = "receive" | "refuse" | "ask_supplement" | "supplement" | "ask_fee" | "pay_fee" | "forward" | "withdraw" | "stop" | "finish" | "return";
export type Step = { 
/**
 * When.
 */
at: string, 
/**
 * Which.
 */
move: Move, 
/**
 * Who made it.
 */
by: string, 
/**
 * Why, where a reason is asked for.
 */
reason: string, };
export type PaperView = { 
/**
 * How it stands.
 */
state: PaperState, 
/**
 * Why it is not copied.
 */
exemption: Exemption | null, 
/**
 * Digitization code of its copy.
 */
code: string | null, 
/**
 * Place, from 1.
 */
place: number, 
/**
 * Code of the component; it is the paper type of the copy.
 */
component: string, 
/**
 * Name.
 */
name: string, 
/**
 * Without it the dossier is not complete.
 */
required: boolean, 
/**
 * What was handed in; `None` = nothing is decided yet.
 */
submission: Submission | null, 
/**
 * How many sheets or sets of it.
 */
count: number, 
/**
 * Record of its signed copy, made here or reused.
 */
record: string | null, 
/**
 * What the clerk notes about it.
 */
note: string, 
/**
 * Why it is not signed for now; empty = nothing keeps it back.
 */
left_out: string, };
export type ResultState = "awaited" | "scanned" | "left_out" | "signed";
export type ResultView = { 
/**
 * Which result of its dossier, from 1.
 */
number: number, 
/**
 * How it stands.
 */
state: ResultState, 
/**
 * Code of the electronic result.
 */
code: string | null, 
/**
 * Place, from 1.
 */
place: number, 
/**
 * Code of the component; it is the paper type of the copy.
 */
component: string, 
/**
 * Name.
 */
name: string, 
/**
 * Without it the dossier is not complete.
 */
required: boolean, 
/**
 * What was handed in; `None` = nothing is decided yet.
 */
submission: Submission | null, 
/**
 * How many sheets or sets of it.
 */
count: number, 
/**
 * Record of its signed copy, made here or reused.
 */
record: string | null, 
/**
 * What the clerk notes about it.
 */
note: string, 
/**
 * Why it is not signed for now; empty = nothing keeps it back.
 */
left_out: string, };
export type DueState = "in_term" | "soon" | "overdue";
export type DossierView = { 
/**
 * Id.
 */
dossier: string, 
/**
 * Code.
 */
code: string, 
/**
 * The code is not an official one yet.
 */
provisional: boolean, 
/**
 * Name of the procedure.
 */
procedure_name: string, 
/**
 * Field of the procedure.
 */
field: string, 
/**
 * Version of the catalogue it was received under.
 */
catalogue: number, 
/**
 * Term as the procedure writes it.
 */
term: string, 
/**
 * Received, RFC 3339.
 */
received_at: string, 
/**
 * Due, RFC 3339.
 */
due_at: string | null, 
/**
 * How near that is; `None` when nothing is due any more.
 */
due: DueState | null, 
/**
 * Clerk who received it.
 */
receiver: string, 
/**
 * Department that handles it.
 */
unit: string, 
/**
 * Who has the papers themselves.
 */
holder: Holder, 
/**
 * How far it is.
 */
state: State, 
/**
 * The same as a number of the national packet.
 */
state_number: number, 
/**
 * The papers.
 */
papers: Array<PaperView>, 
/**
 * The results.
 */
results: Array<ResultView>, 
/**
 * Places of papers that are missing or still to be copied.
 */
missing: Array<number>, 
/**
 * What may be done now.
 */
moves: Array<Move>, 
/**
 * What was done.
 */
steps: Array<Step>, 
/**
 * Code of the procedure.
 */
procedure: string, 
/**
 * How it came.
 */
channel: Channel, 
/**
 * Whose case it is (chủ hồ sơ).
 */
owner: Party, 
/**
 * Who brings it (người nộp), when that is somebody else, authorised.
 */
submitter: Party | null, 
/**
 * Abstract (trích yếu).
 */
abstract_text: string, 
/**
 * Sets of papers handed in.
 */
sets: number, 
/**
 * How the result goes back; `None` = not said.
 */
way_of_return: WayOfReturn | null, };
export type Outcome = { 
/**
 * Code, e.g. `KQ.G15.000031`.
 */
code: string, 
/**
 * Name.
 */
name: string, };
export type AddResult = { 
/**
 * Desk its dossier lies on.
 */
desk: string, 
/**
 * Code of the result, as the procedure names it, e.g. `KQ.G15.000031`.
 */
code: string, 
/**
 * Its name; empty = the procedure's name for that code.
 */
name: string, };
export type CasePaper = { 
/**
 * Which result of the dossier it is, from 1; `None` = a paper.
 */
result: number | null, 
/**
 * How it stands.
 */
state: PaperState, 
/**
 * Why it is not copied.
 */
exemption: Exemption | null, 
/**
 * Code of its copy.
 */
code: string | null, 
/**
 * Pages that lie on it.
 */
pages: number, 
/**
 * What was typed about it.
 */
fields: Fields, 
/**
 * What is odd about that.
 */
field_issues: Array<FieldIssue>, 
/**
 * What was found about its pages together.
 */
findings: Array<Finding>, 
/**
 * It is one PDF that is already signed: it is, or will be, kept whole.
 */
signed_whole: boolean, 
/**
 * Place, from 1.
 */
place: number, 
/**
 * Code of the component; it is the paper type of the copy.
 */
component: string, 
/**
 * Name.
 */
name: string, 
/**
 * Without it the dossier is not complete.
 */
required: boolean, 
/**
 * What was handed in; `None` = nothing is decided yet.
 */
submission: Submission | null, 
/**
 * How many sheets or sets of it.
 */
count: number, 
/**
 * Record of its signed copy, made here or reused.
 */
record: string | null, 
/**
 * What the clerk notes about it.
 */
note: string, 
/**
 * Why it is not signed for now; empty = nothing keeps it back.
 */
left_out: string, };
export type CaseView = { 
/**
 * The dossier, once it is received.
 */
dossier: DossierView | null, 
/**
 * What is asked for, as typed.
 */
request: Request, 
/**
 * What is odd about it.
 */
issues: Array<FieldIssue>, 
/**
 * Name of the procedure; empty while none is chosen.
 */
procedure_name: string, 
/**
 * Its field.
 */
field: string, 
/**
 * Its term, as it writes it.
 */
term: string, 
/**
 * Its fee, as it writes it.
 */
fee: string, 
/**
 * When it would be due if it were received now, or is due; RFC 3339.
 */
due_at: string | null, 
/**
 * Its papers, by place; then its results.
 */
papers: Array<CasePaper>, 
/**
 * Results the procedure names.
 */
outcomes: Array<Outcome>, 
/**
 * Places of papers nothing is decided about, without pages, or with pages of nobody knows what.
 */
missing: Array<number>, };
export type DraftView = { 
/**
 * Id of the desk; `loose` is the one for single papers.
 */
desk: string, 
/**
 * The dossier being worked at; `None` on the desk for single papers.
 */
case: CaseView | null, 
/**
 * Pages in order.
 */
pages: Array<PageView>, 
/**
 * What was found about a single paper as a whole, not on one of its pages.
 */
findings: Array<Finding>, 
/**
 * What was typed about a single paper.
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
export type DeskLine = { 
/**
 * Id of the desk.
 */
desk: string, 
/**
 * Code of its dossier, once received.
 */
code: string | null, 
/**
 * Name of the procedure; empty while none is chosen.
 */
procedure_name: string, 
/**
 * Name of the owner.
 */
owner_name: string, 
/**
 * Pages that lie on it.
 */
pages: number, };
export type Whereabouts = { 
/**
 * Id of the desk.
 */
desk: string, 
/**
 * Paper of its dossier, from 1; 0 = none.
 */
paper: number, 
/**
 * Id of the page shown large.
 */
page: string | null, 
/**
 * The field that has the focus, as the window names it.
 */
field: string | null, };
export type Spot = { 
/**
 * Id of the desk.
 */
desk: string, 
/**
 * Paper of its dossier, from 1; 0 = the single paper, or pages not sorted yet.
 */
place: number, };
export type DeskId = { 
/**
 * Id; `loose` is the desk for single papers.
 */
desk: string, };
export type OpenDesk = { 
/**
 * A dossier that was received before; `None` = a new one.
 */
dossier: string | null, };
export type CloseDesk = { 
/**
 * Id.
 */
desk: string, 
/**
 * Also when something on it is kept nowhere else.
 */
discard: boolean, };
export type Landing = { 
/**
 * The desk and the paper of its dossier.
 */
spot: Spot, 
/**
 * The page they are put before; `None` = after all others.
 */
before: string | null, 
/**
 * The page the first of them replaces, as when it is scanned again; undo brings it back.
 */
replaces: string | null, };
export type PlacePages = { 
/**
 * The paper; place 0 = not sorted.
 */
spot: Spot, 
/**
 * Ids.
 */
pages: Array<string>, };
export type EditPages = { 
/**
 * Desk.
 */
desk: string, 
/**
 * Ids.
 */
pages: Array<string>, 
/**
 * The edit, of each page as it is shown.
 */
edit: Edit, };
export type Mend = "straighten" | "contrast";
export type MendPages = { 
/**
 * Desk.
 */
desk: string, 
/**
 * Ids.
 */
pages: Array<string>, 
/**
 * How.
 */
how: Mend, };
export type DropEdit = { 
/**
 * Desk.
 */
desk: string, 
/**
 * Id.
 */
page: string, 
/**
 * Its place in the list of the page's edits, from 0.
 */
edit: number, };
export type MarkBlank = { 
/**
 * Desk.
 */
desk: string, 
/**
 * Ids.
 */
pages: Array<string>, 
/**
 * Blank, or a page of the copy again.
 */
blank: boolean, };
export type AcceptPages = { 
/**
 * Desk.
 */
desk: string, 
/**
 * Ids.
 */
pages: Array<string>, 
/**
 * Why; empty = it is not accepted any more.
 */
reason: string, };
export type Shade = "colour" | "grey";
export type ScanSource = "flatbed" | "feeder";
export type Sides = "one" | "both" | "manual";
export type ScanProfile = { 
/**
 * Name.
 */
name: string, 
/**
 * Resolution, dpi.
 */
dpi: number, 
/**
 * Colour or grey.
 */
colour: Shade, 
/**
 * Where the paper lies.
 */
source: ScanSource, 
/**
 * Which sides of a sheet.
 */
sides: Sides, };
export type Scan = { 
/**
 * Where the pages go.
 */
landing: Landing, 
/**
 * Name of the profile.
 */
profile: string, };
export type SetFields = { 
/**
 * The paper.
 */
spot: Spot, 
/**
 * As typed.
 */
fields: Fields, };
export type SetRequest = { 
/**
 * Desk.
 */
desk: string, 
/**
 * As typed.
 */
request: Request, };
export type PaperWish = { 
/**
 * Place, from 1.
 */
place: number, 
/**
 * What is handed in; `None` = undecided.
 */
submission: Submission | null, 
/**
 * Record or code of the stored copy, for [`Submission::InStore`].
 */
record: string | null, 
/**
 * How many; `None` = as it is.
 */
count: number | null, 
/**
 * Note; `None` = as it is.
 */
note: string | null, };
export type DecidePaper = { 
/**
 * Desk.
 */
desk: string, 
/**
 * What is known of the paper.
 */
paper: PaperWish, };
export type Forward = { 
/**
 * Desk.
 */
desk: string, 
/**
 * Department.
 */
unit: string, 
/**
 * Who has the papers from now on; `None` = as before.
 */
holder: Holder | null, };
export type MoveDossier = { 
/**
 * Id or code.
 */
dossier: string, 
/**
 * The move.
 */
move: Move, 
/**
 * Why.
 */
reason: string, 
/**
 * Who has the papers from now on; `None` = as before.
 */
holder: Holder | null, };
export type NameDossier = { 
/**
 * Id or code it has now.
 */
dossier: string, 
/**
 * The official code.
 */
code: string, };
export type Days = { 
/**
 * First day, yyyy-mm-dd; empty = from the beginning.
 */
from: string, 
/**
 * Last day, yyyy-mm-dd; empty = until now.
 */
until: string, };
export type FormKind = "receipt" | "supplement" | "refusal" | "control_sheet" | "register" | "stored_papers" | "separators";
export type PrintForm = { 
/**
 * Which.
 */
form: FormKind, 
/**
 * Id or code of the dossier; for the register, its day (yyyy-mm-dd).
 */
of: string, };
export type PrintVerdict = { 
/**
 * A copy of ours; `None` = the file that was chosen or dropped last.
 */
record: string | null, };
export type Query = { 
/**
 * As typed.
 */
text: string, };
export type CardText = { 
/**
 * As it came.
 */
text: string, };
export type Fact = "name" | "field" | "term" | "cutoff" | "level" | "place_free" | "fee" | "papers" | "results";
export type ProcedureLine = { 
/**
 * Code.
 */
code: string, 
/**
 * Name.
 */
name: string, 
/**
 * Field.
 */
field: string, };
export type ChangedProcedure = { 
/**
 * Code.
 */
code: string, 
/**
 * Name, as it is now.
 */
name: string, 
/**
 * Which facts differ.
 */
facts: Array<Fact>, };
export type CatalogueChange = { 
/**
 * Name of the file.
 */
file: string, 
/**
 * SHA-256 of the file.
 */
sha256: string, 
/**
 * First day it holds, yyyy-mm-dd.
 */
effective_from: string, 
/**
 * First day of the version in force, where that is later: then this one never is.
 */
overtaken_by: string | null, 
/**
 * The file calls itself a sample.
 */
sample: boolean, 
/**
 * Procedures in the file.
 */
procedures: number, 
/**
 * Papers in the file.
 */
papers: number, 
/**
 * Columns of the file nobody knows; left out.
 */
ignored: Array<string>, 
/**
 * Procedures that were not there.
 */
new: Array<ProcedureLine>, 
/**
 * Procedures that say something else.
 */
changed: Array<ChangedProcedure>, 
/**
 * Procedures that are no longer there.
 */
gone: Array<ProcedureLine>, 
/**
 * Number of the version; `None` while it is a preview.
 */
version: number | null, };
export type CatalogueVersion = { 
/**
 * Number, from 1.
 */
version: number, 
/**
 * First day it holds, yyyy-mm-dd.
 */
effective_from: string, 
/**
 * Name of the file.
 */
file: string, 
/**
 * A sample to learn with.
 */
sample: boolean, 
/**
 * When it was imported, RFC 3339.
 */
imported_at: string, 
/**
 * It holds today.
 */
in_force: boolean, };
export type ImportCatalogue = { 
/**
 * SHA-256 of the previewed file: it must still be that one.
 */
sha256: string, 
/**
 * First day it holds, yyyy-mm-dd; empty = from today.
 */
effective_from: string, };
export type RotatePages = { 
/**
 * Desk.
 */
desk: string, 
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
 * Desk.
 */
desk: string, 
/**
 * Id.
 */
page: string, 
/**
 * New place in the order of the desk, from 0.
 */
to: number, };
export type PageIds = { 
/**
 * Desk.
 */
desk: string, 
/**
 * Ids.
 */
pages: Array<string>, };
export type OnePage = { 
/**
 * Id.
 */
page: string, };
export type SignatureLevel = "B-B" | "B-T" | "B-LT" | "B-LTA";
export type Unstamped = "no_answer" | "refused" | "untrusted";
export type Tries = "all" | "few" | "last" | "none";
export type TokenError = "no_module" | "no_token" | "several_tokens" | "no_key" | "several_keys" | "wrong_pin" | "locked" | "removed" | "crashed" | "hung" | "refused";
export type MarkStep = "left" | "right" | "up" | "down" | "automatic";
export type SignerChoice = { 
/**
 * Serial number of the token, its label where several have that number; empty = the local key of clerk or
 * agency.
 */
token: string, 
/**
 * Id of the key on it; empty = the only one that may sign.
 */
key: string, };
export type RegisterAgency = { 
/**
 * A key on a token that is plugged in; `None` = a file that is picked.
 */
token: SignerChoice | null, };
export type SignerDoubt = "another_name" | "not_the_agency" | "the_agencys" | "revoked" | "untrusted";
export type SignerView = { 
/**
 * Which.
 */
choice: SignerChoice, 
/**
 * Name in its certificate.
 */
name: string, 
/**
 * Label of the token; empty for the local key.
 */
label: string, 
/**
 * Last moment of the certificate, RFC 3339.
 */
valid_until: string, 
/**
 * Tries of the token's PIN that are left; the local key does not count them.
 */
tries: Tries | null, 
/**
 * It may sign now.
 */
usable: boolean, 
/**
 * Why it is not chosen unless somebody asks for it, or why it may not sign.
 */
doubt: SignerDoubt | null, };
export type ReviewState = "waiting" | "left_out" | "blocked" | "signed" | "failed";
export type ReviewPaper = { 
/**
 * Where its pages lie.
 */
spot: Spot, 
/**
 * Code of its dossier; empty for a single paper.
 */
dossier: string, 
/**
 * Name of the owner, where a dossier tells it.
 */
owner: string, 
/**
 * Name of the paper.
 */
name: string, 
/**
 * Digitization code that stands in the mark.
 */
code: string, 
/**
 * Pages.
 */
pages: number, 
/**
 * Id of the prepared bytes, for their pictures; another one as soon as a byte differs.
 */
picture: string, 
/**
 * How it stands.
 */
state: ReviewState, 
/**
 * It is signed already and stays as it is.
 */
kept_whole: boolean, 
/**
 * That signature does not hold: the paper is kept only for a reason.
 */
in_doubt: boolean, 
/**
 * The signatures it came with.
 */
signatures: Array<SignatureReport>, 
/**
 * The mark has a band of its own above the page.
 */
band: boolean, 
/**
 * What was found on its pages.
 */
findings: Array<Finding>, 
/**
 * Why it is left out.
 */
reason: string, 
/**
 * Why it cannot be signed, or was not.
 */
error: CoreError | null, 
/**
 * Record of the signed copy.
 */
record: string | null, 
/**
 * Level of its signature; `None` as well for one that was kept as it came in.
 */
level: SignatureLevel | null, 
/**
 * Why it got no time-stamp though an authority is named in the settings.
 */
unstamped: Unstamped | null, };
export type ReviewView = { 
/**
 * Papers, those of the desk shown first.
 */
papers: Array<ReviewPaper>, 
/**
 * Who can sign: the clerk's local key, then the keys on tokens.
 */
signers: Array<SignerView>, 
/**
 * Who will sign: the mark bears that name.
 */
signer: SignerChoice, 
/**
 * Results are shown, to be signed for the agency; else papers, signed by the clerk who copied them.
 */
agency: boolean, 
/**
 * How many wait of the other kind.
 */
others: number, 
/**
 * What is wrong with tokens that do not show.
 */
problems: Array<TokenError>, };
export type ReviewWish = { 
/**
 * The desk shown: its papers come first.
 */
desk: string, 
/**
 * Who is to sign; `None` = the clerk's own token where it is plugged in, else the local key.
 */
signer: SignerChoice | null, 
/**
 * Results and not papers; `None` = as the desk shown needs it.
 */
agency: boolean | null, };
export type NudgeMark = { 
/**
 * The paper.
 */
spot: Spot, 
/**
 * Where to: the next free place in that direction.
 */
step: MarkStep, };
export type LeaveOut = { 
/**
 * The paper.
 */
spot: Spot, 
/**
 * Why; empty = take it in again.
 */
reason: string, };
export type Seen = { 
/**
 * The paper.
 */
spot: Spot, 
/**
 * Id of the bytes that were shown.
 */
picture: string, 
/**
 * Why it is kept though the signature it came with does not hold; recorded with each page. Else empty.
 */
reason: string, };
export type SignPapers = { 
/**
 * The papers; what was found on them is accepted, but for a signature that does not hold: that asks for a reason.
 */
papers: Array<Seen>, 
/**
 * PIN of the key or token. Tried once.
 */
pin: string, };
export type OutboxState = "waiting" | "sending" | "received" | "held_back";
export type Verdict = "valid" | "invalid" | "unknown" | "unsigned";
export type Kept = { 
/**
 * What its signature was worth then.
 */
worth: Verdict, 
/**
 * Why it was kept although its signature does not hold.
 */
reason: string | null, };
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
 * SHA-256 of the file as it was signed.
 */
sha256: string, 
/**
 * Level its signature was extended to; `None` = it is as it was made.
 */
lasting: SignatureLevel | null, 
/**
 * State.
 */
state: OutboxState, 
/**
 * Of a paper that came in signed.
 */
kept: Kept | null, 
/**
 * Name on the signature.
 */
signed_by: string, 
/**
 * Claimed time of the signature, RFC 3339; when it was kept, if that says none.
 */
signed_at: string, };
export type RecordId = { 
/**
 * Id.
 */
record: string, };
export type Reason = "intact" | "trusted" | "altered" | "bad_signature" | "not_whole_file" | "changed_after_signing" | "malformed" | "untrusted_signer" | "expired" | "not_yet_valid" | "claimed_later" | "wrong_key_usage" | "weak_algorithm" | "unsupported_algorithm" | "too_many_signatures" | "no_signature" | "unreadable_file" | "encrypted_file" | "not_a_pdf" | "code_mismatch" | "record_mismatch" | "revocation_unknown" | "certificate_mismatch" | "revoked" | "revoked_later" | "bad_timestamp" | "untrusted_timestamp";
export type Coverage = "whole" | "partial";
export type How = "added" | "changed" | "removed";
export type Altered = "signature" | "time_stamp" | "field" | "evidence" | "metadata" | "page" | "page_content" | "resource" | "annotation" | "form" | "catalog" | "object" | "structure";
export type Alteration = { 
/**
 * What was done.
 */
how: How, 
/**
 * To what.
 */
what: Altered, 
/**
 * The page, from 1; of the signed revision where it was taken away.
 */
page: number | null, 
/**
 * Full name of a field, key of the catalog; may be anything, the file says it.
 */
name: string | null, 
/**
 * Number of the object; `None` for what is no object of its own.
 */
object: number | null, };
export type Change = "none" | "evidence" | "long_term" | "signing" | "form_filling" | "undecided" | "other";
export type CertificateSummary = { 
/**
 * Its holder's name, all parts.
 */
subject: string, 
/**
 * The same of its issuer.
 */
issuer: string, 
/**
 * Serial number, hexadecimal.
 */
serial: string, 
/**
 * Begin of its validity, RFC 3339.
 */
not_before: string, 
/**
 * End of its validity, RFC 3339.
 */
not_after: string, };
export type SignatureKind = "signature" | "document_time_stamp";
export type SignatureReport = { 
/**
 * Which of the two.
 */
kind: SignatureKind, 
/**
 * Common name in the certificate of the signer or time-stamp authority; empty when there is none.
 */
signer: string, 
/**
 * When the signer says it was, RFC 3339, in the zone of the present, as all times here. Nobody vouches for it.
 */
claimed_time: string | null, 
/**
 * When it existed at the latest, RFC 3339, as a trusted time-stamp authority says.
 */
trusted_time: string | null, 
/**
 * How far it reaches.
 */
coverage: Coverage, 
/**
 * What came after the revision it closes; `None` when it does not hold.
 */
after: Change | null, 
/**
 * The same one by one, not all of very many; empty when nothing came, or nothing can be told.
 */
alterations: Array<Alteration>, 
/**
 * What the signer's certificate says; `None` when there is none.
 */
certificate: CertificateSummary | null, 
/**
 * The verdict on this signature.
 */
verdict: Verdict, 
/**
 * Why.
 */
reasons: Array<Reason>, };
export type Report = { 
/**
 * The verdict.
 */
verdict: Verdict, 
/**
 * Why.
 */
reasons: Array<Reason>, 
/**
 * Every signature, in the order of the revisions they close.
 */
signatures: Array<SignatureReport>, 
/**
 * Digitization code: `dc:identifier` of the metadata, only from bytes a person signed and whose signature holds.
 */
code: string | null, };
export type VerifyView = { 
/**
 * Name of the file.
 */
file: string, 
/**
 * Its SHA-256.
 */
sha256: string, 
/**
 * Its size, bytes.
 */
size: number, 
/**
 * How it stands to our own record.
 */
record: OurRecord, 
/**
 * The verdict.
 */
verdict: Verdict, 
/**
 * Why.
 */
reasons: Array<Reason>, 
/**
 * Every signature, in the order of the revisions they close.
 */
signatures: Array<SignatureReport>, 
/**
 * Digitization code: `dc:identifier` of the metadata, only from bytes a person signed and whose signature holds.
 */
code: string | null, };
export type OurRecord = "same" | "differs" | "not_ours" | "not_compared";
export type LeftOut = { 
/**
 * Its name.
 */
paper: string, 
/**
 * Why; empty = it is taken in again.
 */
reason: string, };
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
 * Of a paper that came in signed.
 */
kept: Kept | null, 
/**
 * Of a paper that was left out of signing, or taken in again.
 */
left_out: LeftOut | null, 
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
export type Cancel = { 
/**
 * Which.
 */
work: Work, };
export type DropTarget = { 
/**
 * The target.
 */
target: Target, 
/**
 * Where pages go.
 */
landing: Landing, };
export type Work = "arrival" | "review" | "backup" | "lasting";
export type Stage = "unlock" | "import" | "assemble" | "mark" | "sign" | "verify" | "commit" | "scan" | "backup" | "extend";
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
export type Tag = "status" | "draft" | "copies" | "outbox" | "dossiers" | "catalogue" | "keys";
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
export type ErrorKind = "not_ready" | "already_ready" | "locked" | "wrong_pin" | "clerk_unknown" | "clerk_known" | "clerk_left" | "clerk_altered" | "bad_roles" | "last_administrator" | "no_result_yet" | "number_missing" | "result_unknown" | "agency_key_missing" | "role_missing" | "pin_missing" | "pin_too_short" | "passphrase_missing" | "passphrase_too_short" | "passphrase_unfit" | "wrong_passphrase" | "bad_key_file" | "bad_certificate" | "bad_trust_list" | "bad_request" | "request_changed" | "trust_changed" | "token_pin_wrong" | "token_locked" | "token_failed" | "ca_missing" | "ca_ready" | "ca_unknown_certificate" | "home_busy" | "home_damaged" | "home_read_only" | "home_newer" | "no_pages" | "no_results" | "findings" | "field_issues" | "bad_name" | "bad_address" | "bad_office_code" | "bad_template" | "bad_settings" | "bad_term" | "bad_time" | "bad_calendar" | "bad_catalogue" | "catalogue_changed" | "bad_card" | "illegal_move" | "reason_missing" | "bad_form" | "desk_not_empty" | "not_received" | "pages_left" | "bad_word" | "unit_missing" | "bad_dossier_code" | "already_numbered" | "dossier_incomplete" | "submission_missing" | "dossier_closed" | "paper_copied" | "page_not_editable" | "paper_exempt" | "not_reusable" | "not_found" | "disk_full" | "storage" | "key_damaged" | "certificate_expired" | "certificate_not_yet_valid" | "certificate_revoked" | "not_the_agency" | "the_agencys" | "review_stale" | "mark_stuck" | "verification_failed" | "foreign_signature" | "canceled" | "scanner_missing" | "scanner_gone" | "scanner_busy" | "scanner_jammed" | "scanner_empty" | "scanner_open" | "scanner_refused" | "scanner_silent" | "not_extended" | "hot_folder_lost" | "clipboard_empty" | "reader_failed" | "output_exists" | "output_refused" | "backup_refused" | "internal";
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
export type LongerView = { 
/**
 * Record.
 */
record: string, 
/**
 * Code.
 */
code: string, 
/**
 * Level of its signature now.
 */
level: SignatureLevel, };
export type NotLonger = { 
/**
 * Record.
 */
record: string, 
/**
 * Code.
 */
code: string, 
/**
 * Why.
 */
error: CoreError, };
export type LastingView = { 
/**
 * Copies that were looked at: signed here, and not at the highest level yet, or not for much longer.
 */
asked: number, 
/**
 * Those that are longer now.
 */
extended: Array<LongerView>, 
/**
 * Those that are as before, and why.
 */
left: Array<NotLonger>, 
/**
 * Addresses of evidence that gave none.
 */
missing: Array<string>, };

/** Name: request and reply. */
export type Commands = {
  status: { request: null; reply: StatusView };
  set_up: { request: SetUp; reply: StatusView };
  unlock: { request: Unlock; reply: StatusView };
  lock: { request: null; reply: StatusView };
  clerks: { request: null; reply: ClerkView[] };
  add_clerk: { request: AddClerk; reply: null };
  change_clerk: { request: ChangeClerk; reply: null };
  add_agency_key: { request: NewPin; reply: null };
  change_pin: { request: ChangePin; reply: null };
  export_key: { request: ExportKey; reply: string | null };
  import_key: { request: ImportKey; reply: KeyView | null };
  new_key: { request: OpenKey; reply: KeyView };
  request_certificate: { request: OpenKey; reply: WrittenRequest | null };
  install_certificate: { request: ClerkId; reply: KeyView | null };
  register_agency: { request: RegisterAgency; reply: KeyView | null };
  tokens: { request: null; reply: TokensView };
  authority: { request: null; reply: AuthorityInfo | null };
  make_authority: { request: MakeAuthority; reply: AuthorityInfo };
  read_request: { request: null; reply: RequestView | null };
  issue_certificate: { request: Issue; reply: string | null };
  certify: { request: Certify; reply: KeyView };
  renew_certificate: { request: Renew; reply: string | null };
  revoke_certificate: { request: Revoke; reply: IssuedLine };
  revocation_list: { request: RevocationList; reply: string | null };
  trust_list: { request: null; reply: TrustView };
  read_trust: { request: null; reply: OfferedTrust | null };
  add_trust: { request: OfferedFile; reply: TrustView };
  remove_trust: { request: TrustFile; reply: TrustView };
  alive: { request: Alive; reply: StatusView };
  desks: { request: null; reply: DeskLine[] };
  open_desk: { request: OpenDesk; reply: DraftView };
  close_desk: { request: CloseDesk; reply: null };
  whereabouts: { request: null; reply: Whereabouts | null };
  keep_whereabouts: { request: Whereabouts; reply: null };
  import_dialog: { request: Landing; reply: ImportReport };
  import_clipboard: { request: Landing; reply: ImportReport };
  scan_profiles: { request: null; reply: ScanProfile[] };
  scan: { request: Scan; reply: ImportReport };
  drop_target: { request: DropTarget; reply: null };
  draft: { request: DeskId; reply: DraftView };
  rotate_pages: { request: RotatePages; reply: DraftView };
  move_page: { request: MovePage; reply: DraftView };
  place_pages: { request: PlacePages; reply: DraftView };
  delete_pages: { request: PageIds; reply: DraftView };
  interleave_pages: { request: PageIds; reply: DraftView };
  mark_blank: { request: MarkBlank; reply: DraftView };
  accept_pages: { request: AcceptPages; reply: DraftView };
  edit_pages: { request: EditPages; reply: DraftView };
  mend_pages: { request: MendPages; reply: DraftView };
  drop_edit: { request: DropEdit; reply: DraftView };
  undo: { request: DeskId; reply: DraftView };
  redo: { request: DeskId; reply: DraftView };
  set_fields: { request: SetFields; reply: DraftView };
  set_request: { request: SetRequest; reply: DraftView };
  decide_paper: { request: DecidePaper; reply: DraftView };
  receive_dossier: { request: DeskId; reply: DraftView };
  add_result: { request: AddResult; reply: DraftView };
  review: { request: ReviewWish; reply: ReviewView };
  nudge_mark: { request: NudgeMark; reply: ReviewPaper };
  leave_out: { request: LeaveOut; reply: ReviewView };
  sign_papers: { request: SignPapers; reply: ReviewView };
  forward_dossier: { request: Forward; reply: DossierView };
  move_dossier: { request: MoveDossier; reply: DossierView };
  name_dossier: { request: NameDossier; reply: DossierView };
  print_form: { request: PrintForm; reply: null };
  dossiers: { request: Days; reply: DossierView[] };
  stored_copies: { request: Query; reply: CopyView[] };
  read_card: { request: CardText; reply: CardView };
  card_on_page: { request: OnePage; reply: CardView };
  find_procedures: { request: Query; reply: ProcedureLine[] };
  catalogue_dialog: { request: null; reply: CatalogueChange | null };
  import_catalogue: { request: ImportCatalogue; reply: CatalogueChange };
  catalogue_versions: { request: null; reply: CatalogueVersion[] };
  back_up: { request: null; reply: StatusView };
  cancel: { request: Cancel; reply: null };
  copies: { request: null; reply: CopyView[] };
  extend_copies: { request: null; reply: LastingView };
  open_copy: { request: RecordId; reply: null };
  verify_copy: { request: RecordId; reply: VerifyView };
  print_verdict: { request: PrintVerdict; reply: null };
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
  "clerks",
  "add_clerk",
  "change_clerk",
  "add_agency_key",
  "change_pin",
  "export_key",
  "import_key",
  "new_key",
  "request_certificate",
  "install_certificate",
  "register_agency",
  "tokens",
  "authority",
  "make_authority",
  "read_request",
  "issue_certificate",
  "certify",
  "renew_certificate",
  "revoke_certificate",
  "revocation_list",
  "trust_list",
  "read_trust",
  "add_trust",
  "remove_trust",
  "alive",
  "desks",
  "open_desk",
  "close_desk",
  "whereabouts",
  "keep_whereabouts",
  "import_dialog",
  "import_clipboard",
  "scan_profiles",
  "scan",
  "drop_target",
  "draft",
  "rotate_pages",
  "move_page",
  "place_pages",
  "delete_pages",
  "interleave_pages",
  "mark_blank",
  "accept_pages",
  "edit_pages",
  "mend_pages",
  "drop_edit",
  "undo",
  "redo",
  "set_fields",
  "set_request",
  "decide_paper",
  "receive_dossier",
  "add_result",
  "review",
  "nudge_mark",
  "leave_out",
  "sign_papers",
  "forward_dossier",
  "move_dossier",
  "name_dossier",
  "print_form",
  "dossiers",
  "stored_copies",
  "read_card",
  "card_on_page",
  "find_procedures",
  "catalogue_dialog",
  "import_catalogue",
  "catalogue_versions",
  "back_up",
  "cancel",
  "copies",
  "extend_copies",
  "open_copy",
  "verify_copy",
  "print_verdict",
  "verify_dialog",
  "outbox",
  "paper_types",
];

/** Events the core sends to the window. */
export type Events = { stale: Stale; progress: Progress; imported: ImportReport; verified: VerifyView; unverified: CoreError; failed: CoreError; dragging: boolean };
