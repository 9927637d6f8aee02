// Stories of a clerk at the window, on the counter in memory; and each view without axe's violations.
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import { fault, SECOND_PIN, type MemoryOptions } from "../api/memory";
import type { Station } from "../station.svelte";
import { by, expectAccessible, look, lookAtAll, open, press, signWith } from "./at-window";

const field = (name: string): HTMLInputElement => by(`field-${name}`) as HTMLInputElement;
const type = async (element: HTMLElement, value: string): Promise<void> => {
  element.focus();
  await fireEvent.input(element, { target: { value } });
};

test("a clerk unlocks, imports, fills in the paper, signs, and reads the code", async () => {
  const { client } = await open({ unlocked: false });
  const pin = by("pin") as HTMLInputElement;
  await waitFor(() => expect(document.activeElement, "the cursor waits in the PIN").toBe(pin));
  expect(by("training-pin").textContent).toContain("2468");
  await type(pin, "1111");
  await fireEvent.click(by("unlock-button"));
  await waitFor(() => expect(by("refusal").textContent).toContain("PIN không đúng"));
  expect(pin.value, "empty after every attempt").toBe("");
  await type(pin, "2468");
  await fireEvent.click(by("unlock-button"));
  await waitFor(() => by("import-button"));
  expect(client.calls.filter((call) => call.name === "unlock"), "each PIN was tried once").toHaveLength(2);

  expect(screen.getByText("Kéo tệp quét vào đây hoặc nhấn Ctrl+O")).toBeTruthy();
  expect((by("sign-button") as HTMLButtonElement).disabled).toBe(true);
  await fireEvent.keyDown(document.body, { key: "o", ctrlKey: true });
  await waitFor(() => expect(screen.getAllByTestId("page-thumb")).toHaveLength(2));
  expect(by("sign-button").textContent?.replace(/\s+/g, " ")).toMatch(/Sao chụp và ký 2 trang ?xem lại, rồi ký bằng khóa của Nguyễn Thị Lan/);

  await type(field("owner"), "001087000001");
  await type(field("paper_type"), "khai sinh");
  await fireEvent.keyDown(field("paper_type"), { key: "ArrowDown" });
  await fireEvent.keyDown(field("paper_type"), { key: "Enter" });
  await waitFor(() => expect(field("name").value).toBe("Giấy khai sinh"));
  await fireEvent.keyDown(field("name"), { key: "k", ctrlKey: true });
  await lookAtAll();
  await signWith("2468");
  await waitFor(() => expect(by("result-code").textContent).toMatch(/^001087000001\.KQ\.G15\.000031/));
  await waitFor(() => expect(by("verdict").dataset["verdict"]).toBe("valid"));
  await fireEvent.keyDown(document.body, { key: "Escape" });
  await waitFor(() => expect(field("name").value).toBe(""));

  await fireEvent.keyDown(document.body, { key: "3", ctrlKey: true });
  await waitFor(() => expect(screen.getAllByTestId("copy-row")).toHaveLength(1));
  await fireEvent.keyDown(document.body, { key: "g", ctrlKey: true });
  await waitFor(() => expect(by("outbox-row").textContent).toContain("Chờ đồng bộ"));
});

test("the first run: two different PINs are caught here, a bad office code by the core, and names stay", async () => {
  const { client } = await open({ ready: false });
  await fireEvent.input(by("setup-office"), { target: { value: "h56" } });
  await fireEvent.input(by("setup-office-name"), { target: { value: "UBND xã Đức Thượng" } });
  await fireEvent.input(by("setup-clerk"), { target: { value: "Trần Thị Hường" } });
  const enter = async (pin: string, again: string): Promise<void> => {
    await fireEvent.input(by("setup-pin"), { target: { value: pin } });
    await fireEvent.input(by("setup-pin-again"), { target: { value: again } });
    await fireEvent.click(by("setup-button"));
  };
  await enter("13579", "13578");
  await screen.findByText("Hai lần nhập PIN không giống nhau.");
  expect(client.calls.some((call) => call.name === "set_up")).toBe(false);
  expect([by("setup-pin"), by("setup-pin-again")].map((field) => (field as HTMLInputElement).value), "both are typed anew").toEqual(["", ""]);
  await waitFor(() => expect(document.activeElement).toBe(by("setup-pin")));
  await enter("13579", "13579");
  await waitFor(() => expect(by("refusal").textContent).toContain("Mã đơn vị không đúng: h56"));
  expect((by("setup-pin") as HTMLInputElement).value).toBe("");
  expect((by("setup-clerk") as HTMLInputElement).value).toBe("Trần Thị Hường");
  await fireEvent.input(by("setup-office"), { target: { value: "H56.14" } });
  await enter("13579", "13579");
  await waitFor(() => by("import-button"));
  expect(screen.queryByTestId("training")).toBeNull();
});

test("the first run: the cursor is in the first field, and then in the first that is wrong", async () => {
  const { client } = await open({ ready: false });
  await waitFor(() => expect(document.activeElement).toBe(by("setup-office")));
  const enter = (): Promise<boolean> => fireEvent.submit((by("setup-office") as HTMLInputElement).form!);
  await fireEvent.input(by("setup-office"), { target: { value: "H56.14" } });
  await enter();
  await waitFor(() => expect(document.activeElement).toBe(by("setup-office-name")));
  await fireEvent.input(by("setup-office-name"), { target: { value: "UBND xã Đức Thượng" } });
  await fireEvent.input(by("setup-clerk"), { target: { value: "Trần Thị Hường" } });
  const pins = async (): Promise<void> => {
    for (const id of ["setup-pin", "setup-pin-again"]) await fireEvent.input(by(id), { target: { value: "13579" } });
  };
  await pins();
  client.failNext.set("set_up", fault("bad_office_code", { value: "H56.14" }).error);
  await enter();
  await waitFor(() => expect(document.activeElement).toBe(by("setup-office")));
  expect(by("issue-office").textContent, "and the field is marked").toContain("Mã đơn vị không đúng");
  await pins();
  client.failNext.set("set_up", fault("bad_name", { value: "UBND xã Đức Thượng" }).error);
  await enter();
  await waitFor(() => expect(document.activeElement, "of two names the one refused").toBe(by("setup-office-name")));
  expect(screen.queryByTestId("issue-office")).toBeNull();
  await pins();
  client.failNext.set("set_up", fault("pin_too_short", { min: "6" }).error);
  await enter();
  await waitFor(() => expect(document.activeElement).toBe(by("setup-pin")));
});

test("another place has the cursor where its keys go on; advice about the one before is gone", async () => {
  const { client, station } = await open({ copies: 3 });
  await press("k", true);
  await waitFor(() => expect(station.notices.list).toHaveLength(1));
  await press("3", true);
  await waitFor(() => expect(document.activeElement).toBe(by("copies-search")));
  expect(station.notices.list, "no paper is to be signed here").toEqual([]);
  station.copies.chosen = "r2";
  await press("5", true);
  await waitFor(() => expect(document.activeElement).toBe(by("verify-button")));
  client.drop(["van-ban.pdf"]);
  await waitFor(() => expect(document.activeElement, "the answer is read, and its keys scroll").toBe(by("answer")));
  by("lock-button").focus();
  await press("3", true);
  await waitFor(() => expect(document.activeElement?.className, "the copy that was looked at").toContain("chosen"));
  await press("1", true);
  await waitFor(() => expect(document.activeElement?.tagName, "at the desk keys act anywhere, and the cursor is in no field").toBe("MAIN"));
  expect(await press("a", true), "Ctrl+A marks no text of the window").toBe(false);
  await press("2", true);
  await waitFor(() => expect(document.activeElement, "and from there the next place has it again").toBe(by("dossier-search")));
  await press("1", true);
  await waitFor(() => expect(document.activeElement?.tagName).toBe("MAIN"));
  await press("6", true);
  await waitFor(() => expect(document.activeElement?.closest("[data-testid='keyring-list']")).not.toBeNull());
});

test("a page is turned and the turn undone by keyboard; the picture asked for is the turned one", async () => {
  await open({ pages: 2 });
  const thumb = (): HTMLElement => screen.getAllByTestId("page-thumb")[0]!;
  await fireEvent.keyDown(document.body, { key: "]" });
  await waitFor(() => expect(thumb().dataset["turns"]).toBe("1"));
  expect(by("large-page").getAttribute("src")).toContain(encodeURIComponent("rotate(90)"));
  await fireEvent.keyDown(document.body, { key: "z", ctrlKey: true });
  await waitFor(() => expect(thumb().dataset["turns"]).toBe("0"));
});

test("keys typed in a field change no page", async () => {
  const { client } = await open({ pages: 2 });
  for (const key of ["]", "Delete", ">", "ArrowRight"]) await fireEvent.keyDown(field("number"), { key });
  await fireEvent.keyDown(document.body, { key: "Delete", isComposing: true });
  expect(client.calls.map((call) => call.name)).not.toEqual(expect.arrayContaining(["rotate_pages"]));
  expect(client.pages).toHaveLength(2);
  expect(screen.getAllByTestId("page-thumb")[0]?.getAttribute("aria-selected")).toBe("true");
});

test("Vietnamese text outlives an error, and the cursor goes to the field in need", async () => {
  const { client } = await open({ pages: 1 });
  await type(field("owner"), "12345"); // Only a warning: not where the cursor must go.
  await waitFor(() => expect(client.fields.owner).toBe("12345"));
  const text = "Đăng ký khai sinh; cấp lại do ướt, mờ chữ “Nguyễn”";
  client.failNext.set("set_fields", fault("storage", { detail: "EIO" }).error);
  await type(field("abstract_text"), text);
  await fireEvent.blur(field("abstract_text"));
  await waitFor(() => expect(by("notice").dataset["kind"]).toBe("storage"));
  expect(field("abstract_text").value).toBe(text);
  await fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  await waitFor(() => expect(document.activeElement).toBe(field("paper_type")));
  expect(by("issue-f-paper_type").textContent).toContain("Cần có mục này để ký");
  expect(field("abstract_text").value).toBe(text);
  expect(client.fields.abstract_text, "and it reached the core in the end").toBe(text);
});

test("warnings are read in the review; looking on accepts them; refused files are told and put away", async () => {
  await open({ findings: true });
  await fireEvent.click(by("import-button"));
  await waitFor(() => expect(by("refused").textContent).toContain("IMG_2031.HEIC"));
  await fireEvent.keyDown(document.body, { key: "Escape" });
  await waitFor(() => expect(screen.queryByTestId("refused")).toBeNull());
  await type(field("paper_type"), "KQ.G15.000031");
  await type(field("name"), "Giấy khai sinh");
  await fireEvent.click(by("sign-button"));
  await waitFor(() => expect(by("review-facts").textContent).toContain("150 dpi"));
  await expectAccessible();
  await fireEvent.keyDown(document.body, { key: "Escape" });
  await waitFor(() => expect(screen.queryByTestId("review"), "Esc goes back; nothing was signed").toBeNull());
  await fireEvent.click(by("sign-button"));
  await lookAtAll();
  await signWith("2468");
  await waitFor(() => by("result-code"));
});

test("preparing can be stopped with Esc", async () => {
  const { client, station } = await open({ pages: 3, pace: 40 });
  await type(field("paper_type"), "KQ.G15.000031");
  await type(field("name"), "Giấy khai sinh");
  await fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  await waitFor(() => expect(by("progress").textContent).toContain("Đang chuẩn bị"));
  expect(document.activeElement).toBe(by("cancel-button"));
  await fireEvent.keyDown(document.body, { key: "Escape" });
  await waitFor(() => expect(station.review.phase).toBe("idle"));
  expect(client.copies).toEqual([]);
  expect(field("name").value).toBe("Giấy khai sinh");
});

test("the language changes everywhere at once and is remembered", async () => {
  await open({ pages: 1 });
  await fireEvent.keyDown(document.body, { key: "F10" });
  await screen.findByText("Copy and sign 1 page");
  expect(document.documentElement.lang).toBe("en");
  expect(localStorage.getItem("saoy.language")).toBe("en");
  const vietnamese = /[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/i;
  const data = ["UBND xã Thử Nghiệm", "Nguyễn Thị Lan", "Kính, màu", "Khay, hai mặt", "Khay, lật tay"];
  const shown = data.reduce((text, word) => text.replaceAll(word, ""), document.body.textContent ?? "");
  expect(shown, "no Vietnamese word is left but names").not.toMatch(vietnamese);
  await fireEvent.click(by("language-vi"));
  await screen.findByText("Sao chụp và ký 1 trang");
});

test("locking hides the counter and keeps what was typed", async () => {
  const { client } = await open({ pages: 1 });
  await type(field("name"), "Giấy khai sinh");
  await fireEvent.keyDown(field("name"), { key: "l", ctrlKey: true });
  await waitFor(() => by("pin"));
  expect(client.fields.name).toBe("Giấy khai sinh");
  expect(screen.queryByTestId("page-thumb")).toBeNull();
  await type(by("pin"), "2468");
  await fireEvent.click(by("unlock-button"));
  await waitFor(() => expect(field("name").value).toBe("Giấy khai sinh"));
});

test("the time a signer claims and the time somebody vouches for stand apart", async () => {
  const { client, station } = await open();
  await fireEvent.keyDown(document.body, { key: "5", ctrlKey: true });
  client.drop(["van-ban.pdf"]);
  await waitFor(() => expect(by("trusted-time").textContent).toContain("24/11/2026"));
  expect(by("signer-certificate").textContent?.replace(/\s+/g, " ").trim(), "as the printed sheet has it").toBe(
    "Cấp cho: UBND xã Thử Nghiệm, Nguyễn Thị Lan Nơi cấp: UBND xã Thử Nghiệm, Nguyễn Thị Lan Số chứng thư: 4f2a91 Hiệu lực: 01/11/2026 – 31/10/2028",
  );
  expect(by("after").textContent?.trim()).toBe("không có gì");
  await station.verifying.choose();
  await waitFor(() => expect(by("trusted-time").textContent).toContain("không có dấu thời gian"));
});

test("a file that was changed after it was signed: each change is named, with its page, its name, its number", async () => {
  const { client } = await open();
  await fireEvent.keyDown(document.body, { key: "5", ctrlKey: true });
  client.drop(["giay-khai-sinh-sua.pdf"]);
  await waitFor(() => expect(by("verdict").dataset["verdict"]).toBe("invalid"));
  const changes = [...screen.getAllByTestId("after")[0]!.querySelectorAll("li")].map((one) => one.textContent?.replace(/\s+/g, " ").trim());
  expect(changes).toEqual(expect.arrayContaining([
    "Thêm chữ ký «Chữ ký của lãnh đạo», trang 3", "Sửa nội dung, trang 1", "Bỏ trang 4", "Sửa mục chung của tệp «/OpenAction»", "Thêm đối tượng 1204", "Sửa cấu trúc tệp",
  ]));
  await expectAccessible();
});

test("a key that locks itself says why, and everything typed is there again behind the PIN", async () => {
  const { client, station } = await open({ pages: 1 });
  await type(field("name"), "Giấy khai sinh của bà Ửng");
  await fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  client.locksNext = "idle";
  await station.tick();
  await waitFor(() => by("pin"));
  expect(by("unlock-explain").textContent).toContain("không ai dùng máy");
  expect(client.fields.name, "what was typed went to the disk").toBe("Giấy khai sinh của bà Ửng");
  await type(by("pin"), "2468");
  await fireEvent.click(by("unlock-button"));
  await waitFor(() => expect(field("name").value).toBe("Giấy khai sinh của bà Ửng"));
  client.locksNext = "shift_end";
  await station.tick();
  await waitFor(() => expect(by("unlock-explain").textContent).toContain("hết ca"));
});

test("a review outlives the lock: what was looked at stays looked at", async () => {
  const { client, station } = await open({ waiting: 2 });
  await station.desk.switchTo("d0");
  await station.review.begin();
  await screen.findByTestId("review-page");
  await look();
  client.locksNext = "idle";
  await station.tick();
  await type(by("pin"), "2468");
  await fireEvent.click(by("unlock-button"));
  await waitFor(() => expect(screen.getAllByTestId("review-row").map((row) => row.dataset["look"])).toEqual(["seen", "waiting"]));
});

test("another clerk inherits no ticks: the review is closed, and everything is to be looked at", async () => {
  const { client, station } = await open({ waiting: 2, second: ["clerk"] });
  await station.desk.switchTo("d0");
  await station.review.begin();
  await screen.findByTestId("review-page");
  await look();
  client.locksNext = "idle";
  await station.tick();
  await fireEvent.click(await screen.findByTestId("clerk-2"));
  await type(by("pin"), SECOND_PIN);
  await fireEvent.click(by("unlock-button"));
  await waitFor(() => by("import-button"));
  expect(screen.queryByTestId("review"), "it was somebody else's").toBeNull();
  await station.desk.switchTo("d0");
  await station.review.begin();
  await waitFor(() => expect(screen.getAllByTestId("review-row").map((row) => row.dataset["look"])).toEqual(["waiting", "waiting"]));
});

test("nobody touches anything: the window asks by itself, and locks; so it does when it comes into sight again", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const { client } = await open({ pages: 1 });
    client.locksNext = "idle";
    await vi.advanceTimersByTimeAsync(20_000);
    await waitFor(() => expect(by("unlock-explain").textContent).toContain("không ai dùng máy"));
    cleanup();
    const later = await open({ pages: 1 });
    later.client.locksNext = "shift_end";
    await fireEvent(document, new Event("visibilitychange"));
    await waitFor(() => expect(by("unlock-explain").textContent).toContain("hết ca"));
  } finally {
    vi.useRealTimers();
  }
});

test.each<[string, MemoryOptions, (station: Station) => unknown]>([
  ["first run", { ready: false }, () => {}],
  ["unlock", { unlocked: false }, () => {}],
  ["empty desk", {}, () => {}],
  ["desk with findings", { findings: true, pages: 1 }, (station) => station.desk.import()],
  ["errors", { pages: 1 }, (station) => station.review.begin()],
  ["copies", { copies: 5 }, (station) => (station.go("copies"), (station.copies.chosen = "r1"), station.copies.verify("r1"))],
  ["outbox", { copies: 5 }, (station) => station.go("outbox")],
  ["empty outbox", {}, (station) => station.go("outbox")],
  ["verify", {}, (station) => (station.go("verify"), station.verifying.choose())],
  ["review", { waiting: 3 }, (station) => station.desk.switchTo("d0").then(() => station.review.begin())],
  ["keys", { pages: 1 }, (station) => (station.keysShown = true)],
])("%s has no accessibility violations", async (_, options, arrange) => {
  const { station } = await open(options);
  await arrange(station);
  await expectAccessible();
});

test("copies are made to last once a time-stamp authority answers, and are left as they are while none does", async () => {
  for (const stamps of [false, true]) {
    await open({ copies: 3, stamps });
    await fireEvent.keyDown(document.body, { key: "3", ctrlKey: true });
    await fireEvent.click(by("extend-copies"));
    await waitFor(() => expect(by("extended").textContent).toContain(stamps ? "Đã bổ sung chứng cứ cho 3 bản sao" : "3 bản sao còn như cũ"));
    expect(by("extended").textContent?.includes("đã có đủ"), "said only when nothing was left").toBe(stamps);
    if (!stamps) expect(by("extended").textContent).toContain("nhờ người quản trị xem dịch vụ cấp dấu thời gian");
    await expectAccessible();
    cleanup();
  }
});

test("making copies last is stopped by Esc while it is looked at, and nothing else is", async () => {
  const { client, station } = await open({ copies: 4, stamps: true, pace: 40 });
  await fireEvent.keyDown(document.body, { key: "3", ctrlKey: true });
  await fireEvent.click(by("extend-copies"));
  await waitFor(() => expect(by("extend-copies").textContent).toContain("Đang bổ sung 1/4"));
  expect(by("stop-extending").textContent).toContain("Dừng (Esc)");
  await fireEvent.keyDown(document.body, { key: "1", ctrlKey: true });
  await fireEvent.keyDown(document.body, { key: "Escape" });
  expect(client.calls.filter((one) => one.name === "cancel")).toEqual([]);
  await fireEvent.keyDown(document.body, { key: "3", ctrlKey: true });
  await fireEvent.keyDown(document.body, { key: "Escape" });
  await waitFor(() => expect(station.copies.extending).toBeNull());
  expect(client.calls.filter((one) => one.name === "cancel").map((one) => one.request)).toEqual([{ work: "lasting" }]);
  expect(by("extended").textContent).toMatch(/bản sao chưa làm tới/);
  expect(client.copies.some((copy) => copy.lasting === null)).toBe(true);
});

test("copies that stay as they are stand together by why; no work left, or stopped, is not everything done", async () => {
  const { client, station } = await open({ copies: 4, stamps: true });
  client.stubborn.set("r1", "no_evidence").set("r2", "no_evidence").set("r3", "bad_file");
  await fireEvent.keyDown(document.body, { key: "3", ctrlKey: true });
  const said = (): string => by("extended").textContent?.replace(/\s+/g, " ") ?? "";
  await fireEvent.click(by("extend-copies"));
  await waitFor(() => expect(said()).toContain("Đã bổ sung chứng cứ cho 1 bản sao."));
  expect(said()).toMatch(/1 bản sao còn như cũ.*cấu trúc tệp.*2 bản sao còn như cũ.*thiếu chứng thư tin cậy/);
  await fireEvent.click(by("extend-copies"));
  await waitFor(() => expect(said(), "nothing was bettered, but not everything is there").not.toContain("Đã bổ sung"));
  expect(said()).not.toContain("đã có đủ");
  client.stubborn.clear();
  await station.copies.extend();
  await waitFor(() => expect(said()).toMatch(/Đã bổ sung chứng cứ cho 3 bản sao.*đã có đủ/));
  station.copies.lasting = { asked: 3, extended: [], left: [], missing: [] };
  await waitFor(() => expect(said()).toMatch(/^ ?▲ 3 bản sao chưa làm tới/));
  station.copies.lasting = { asked: 0, extended: [], left: [], missing: [] };
  await waitFor(() => expect(said()).toContain("đã có đủ"));
});

test.each<[string, MemoryOptions, (station: Station) => unknown]>([
  ["copies", { copies: 3 }, (station) => station.go("copies")],
  ["dossiers", { waiting: 2 }, (station) => station.go("dossiers")],
  ["outbox", { copies: 3 }, (station) => station.go("outbox")],
])("in large text a row of the list of %s is a card: each fact bears the head of its column", async (_, options, arrange) => {
  const { station } = await open(options);
  await arrange(station);
  const table = await waitFor(() => document.querySelector<HTMLTableElement>("table.list")!);
  await waitFor(() => expect(table.tBodies[0]?.rows.length).toBeGreaterThan(0));
  const heads = [...table.querySelectorAll("th")].map((one) => one.textContent);
  expect([...table.tBodies[0]!.rows[0]!.cells].map((cell) => cell.dataset["label"])).toEqual(heads);
});

test("the verdict on a file and on a copy is printed", async () => {
  const { client } = await open({ copies: 2 });
  await fireEvent.keyDown(document.body, { key: "5", ctrlKey: true });
  await fireEvent.click(by("verify-button"));
  await fireEvent.click(await screen.findByTestId("print-verdict"));
  await fireEvent.keyDown(document.body, { key: "3", ctrlKey: true });
  await fireEvent.click(screen.getAllByTestId("copy-row")[0]!);
  await fireEvent.click(by("verify-copy"));
  await fireEvent.click(await screen.findByTestId("print-verdict"));
  expect(client.calls.filter((call) => call.name === "print_verdict").map((call) => call.request)).toEqual([{ record: null }, { record: "r2" }]);
});
