// Stories of results: what the department sends back is entered, scanned and signed for the agency, and
// only then is it electronic.
import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { AGENCY_PIN, MEMORY_PIN, type MemoryClient } from "../api/memory";
import { tokenOf } from "../api/memory-keys";
import { TOKEN_PIN } from "../api/memory-review";
import { by, expectAccessible, lookAtAll, open, press, signWith } from "./at-window";

const said = (id: string): string => by(id).textContent?.replace(/\s+/g, " ").trim() ?? "";
const rows = (): HTMLElement[] => screen.queryAllByTestId("result-row");
const type = (id: string, value: string): Promise<boolean> => fireEvent.input(by(id), { target: { value } });
const off = (id: string): boolean => (by(id) as HTMLButtonElement).disabled;
const tries = (client: MemoryClient): unknown[] => client.calls.filter((call) => call.name === "sign_papers");

/** Opens the dossier that was handed over, from the list, by keyboard. */
async function fromList(owner = 0): Promise<void> {
  await press("2", true);
  const row = (await screen.findAllByTestId("dossier-row"))[owner]!;
  row.focus();
  await fireEvent.keyDown(row, { key: "Enter" });
  await screen.findByTestId("results");
}

async function enter(): Promise<void> {
  await press("u", true);
  await waitFor(() => expect(document.activeElement).toBe(by("result-code-typed")));
  await fireEvent.keyDown(by("result-code-typed"), { key: "ArrowDown" });
  await fireEvent.keyDown(by("result-code-typed"), { key: "Enter" });
  expect((by("result-name") as HTMLInputElement).value, "the procedure names it").toBe("Giấy khai sinh");
  await fireEvent.submit(by("result-form"));
  await waitFor(() => expect(rows()[0]?.querySelector("button")?.getAttribute("aria-current"), "its pages go there next").toBe("true"));
}

test("a result is entered and scanned, unsigned it counts for nothing; the agency signs it, and it is electronic", async () => {
  const { client, station } = await open({ results: 0, agency: true });
  await fromList();
  expect(rows()).toEqual([]);
  await enter();
  expect(said("result-state")).toBe("○ chờ bản giấy");
  expect(screen.getAllByTestId("paper-row"), "a result is none of the papers").toHaveLength(5);
  expect(client.dossiers[0]?.missing, "nor is it missing").toEqual([]);

  // Two pages come in on the result that was entered; one is put back, and on it again by its key.
  await press("o", true);
  await waitFor(() => expect(said("result-state")).toContain("2 trang"));
  await press("Home");
  await press("0");
  await waitFor(() => expect(said("result-state")).toContain("1 trang"));
  await press("1");
  await fireEvent.keyDown(document.body, { key: "!", code: "Digit1", shiftKey: true });
  await waitFor(() => expect(said("result-state")).toBe("▲ 2 trang, đã quét, chưa ký – chưa phải kết quả điện tử"));
  expect(client.desks.get(station.desk.id)?.pages.map((page) => page.place), "1 is no key here: the papers are gone").toEqual([1001, 1001]);
  expect(screen.getAllByTestId("page-thumb")[0]?.textContent).toContain("→ KQ1");
  await type("field-number", "45/2026");
  await fireEvent.blur(by("field-number"));
  await waitFor(() => expect(client.desks.get(station.desk.id)?.fields[1001]?.number, "its fields are typed like a paper's").toBe("45/2026"));
  expect(said("electronic")).toBe("Kết quả điện tử: 0/1");
  expect(said("sign-all")).toBe("Xem và ký 1 kết quả (Ctrl+K)");
  await expectAccessible();

  await press("2", true);
  await fireEvent.focus(await screen.findByTestId("dossier-row"));
  await waitFor(() => expect(said("results-said")).toBe("1 kết quả: đã quét, chưa ký"));
  expect(said("electronic")).toBe("Kết quả điện tử: 0/1");
  await expectAccessible();

  await press("1", true);
  await press("k", true);
  await screen.findByTestId("review-stage");
  expect(said("review-head")).toBe("Ký kết quả thay mặt UBND xã Thử Nghiệm");
  expect(said("agency-mark")).toContain("góc trên bên phải");
  expect(said("review-code")).toBe("H56.14-261126-0007-KQ1");
  expect(decodeURIComponent(by("review-page").getAttribute("src") ?? "")).toContain("SAO Y");
  expect(screen.getByLabelText("PIN khóa ký cục bộ của cơ quan (thử một lần)")).toBe(by("review-pin"));
  expect(document.body.textContent, "the clerk's PIN of the training counter is not this one").not.toContain(MEMORY_PIN);
  await lookAtAll();
  expect(said("sign-papers")).toBe("Ký 1 kết quả bằng khóa ký cục bộ của UBND xã Thử Nghiệm");
  await expectAccessible();
  await signWith(MEMORY_PIN);
  await waitFor(() => expect(said("review-refused")).toContain("PIN không đúng"));
  expect(tries(client), "a wrong PIN is one try").toHaveLength(1);
  await signWith(AGENCY_PIN);
  await waitFor(() => expect(said("count-signed")).toBe("1"));
  expect(said("result-code")).toBe("H56.14-261126-0007-KQ1");
  await press("Escape");
  await waitFor(() => expect(said("result-state")).toBe("● đã ký số"));
  expect(rows()[0]?.textContent).toContain("H56.14-261126-0007-KQ1");
  await press("2", true);
  await fireEvent.focus(await screen.findByTestId("dossier-row"));
  await waitFor(() => expect(said("electronic")).toBe("Kết quả điện tử: 1/1"));
  expect(client.copies[0]?.signed_by).toBe("UBND xã Thử Nghiệm");
});

test("what the procedure does not name is told, and nothing typed is wiped", async () => {
  await open({ results: 0 });
  await fromList();
  await press("u", true);
  await waitFor(() => by("result-form"));
  await type("result-code-typed", "KQ.X");
  await fireEvent.submit(by("result-form"));
  await waitFor(() => expect(said("result-refused")).toContain("KQ.X"));
  expect((by("result-code-typed") as HTMLInputElement).value).toBe("KQ.X");
  await expectAccessible();
  await type("result-name", "Giấy chứng nhận khác");
  await fireEvent.submit(by("result-form"));
  await waitFor(() => expect(rows()[0]?.textContent).toContain("Giấy chứng nhận khác"));
  await press("u", true);
  await waitFor(() => by("result-form"));
  await press("Escape");
  await waitFor(() => expect(screen.queryByTestId("result-form")).toBeNull());
});

test("before the hand-over and without a number a result cannot be entered, and it says why", async () => {
  const { client, station } = await open({ waiting: 1, results: 0 });
  await station.desk.switchTo("d0");
  await waitFor(() => expect(off("add-result")).toBe(true));
  expect(said("role-note")).toBe("Hồ sơ đang ở trạng thái “Đã tiếp nhận”; nhập được kết quả sau khi chuyển xử lý.");
  client.dossiers = client.dossiers.map((one) => ({ ...one, provisional: true }));
  await station.desk.open("h2");
  await waitFor(() => expect(by("add-result").title).toContain("chờ cấp số"));
  await press("u", true);
  expect(screen.queryByTestId("result-form")).toBeNull();
});

test("a dossier that awaits its number gets it by keyboard, a wrong one is refused and stays typed", async () => {
  const { station, client } = await open({ waiting: 1, results: 0 });
  await press("2", true);
  const row = (await screen.findAllByTestId("dossier-row"))[0]!;
  row.focus();
  await waitFor(() => by("number-form"));
  await fireEvent.keyDown(row, { key: "m", ctrlKey: true });
  const field = by("dossier-number") as HTMLInputElement;
  expect(document.activeElement).toBe(field);
  await expectAccessible();
  await fireEvent.input(field, { target: { value: "h56-1" } });
  await fireEvent.submit(by("number-form"));
  await waitFor(() => expect(by("notice").textContent).toContain("Mã hồ sơ không dùng được: h56-1"));
  expect(field.value).toBe("h56-1");
  screen.getAllByTestId("dossier-row")[1]!.focus();
  await waitFor(() => expect(screen.queryByTestId("number-form"), "this one has its number").toBeNull());
  row.focus();
  await waitFor(() => expect((by("dossier-number") as HTMLInputElement).value, "a code typed for one goes to no other").toBe(""));
  await fireEvent.input(by("dossier-number"), { target: { value: " H56.14-261126-0042 " } });
  await fireEvent.submit(by("number-form"));
  await waitFor(() => expect(screen.queryByTestId("number-form")).toBeNull());
  expect(station.dossiers.current).toMatchObject({ code: "H56.14-261126-0042", provisional: false });
  expect(client.calls.filter((call) => call.name === "name_dossier")).toHaveLength(2);
});

test("papers and results wait: Ctrl+U turns from one to the other, each with its own key", async () => {
  const { client, station } = await open({ waiting: 2, results: 2, agency: true });
  client.keys.tokens = tokenOf("UBND xã Thử Nghiệm");
  await station.desk.switchTo("d0");
  await press("k", true);
  await screen.findByTestId("review-stage");
  expect(screen.getAllByTestId("review-row")).toHaveLength(2);
  expect(said("other-kind")).toBe("2 kết quả chờ ký: chuyển sang (Ctrl+U)");
  await expectAccessible();
  await press("u", true);
  await waitFor(() => expect(said("review-head")).toContain("Ký kết quả thay mặt UBND xã Thử Nghiệm"));
  await waitFor(() => expect(document.activeElement, "Space looks, and presses no button").toBe(by("review-stage")));
  expect(said("other-kind")).toBe("2 giấy tờ chờ ký: chuyển sang (Ctrl+U)");
  expect((by("review-signer") as HTMLSelectElement).value, "the agency's own key comes before a token").toBe(" ");
  await fireEvent.change(by("review-signer"), { target: { value: "0045A2 01" } });
  await waitFor(() => expect(screen.getByLabelText("PIN của thiết bị (thử một lần)")).toBe(by("review-pin")));
  await lookAtAll();
  expect(said("sign-papers")).toBe("Ký 2 kết quả bằng chứng thư UBND xã Thử Nghiệm");
  await signWith(TOKEN_PIN);
  await waitFor(() => expect(said("count-signed")).toBe("2"));
  await press("u", true);
  await waitFor(() => expect(screen.queryByTestId("outcome"), "the papers wait as before").toBeNull());
  expect(screen.getAllByTestId("review-row")).toHaveLength(2);
  expect(screen.queryByTestId("review-head"), "nothing waits of the other kind any more").toBeNull();
});

test("a result left out keeps its reason", async () => {
  const { station } = await open({ results: 1, agency: true });
  await station.desk.open("h2");
  await press("k", true);
  await screen.findByTestId("review-stage");
  await press("x");
  await type("leave-reason", "thiếu dấu giáp lai");
  await fireEvent.submit((by("leave-reason") as HTMLInputElement).form!);
  await waitFor(() => expect(screen.getByTestId("review-row").dataset["look"]).toBe("left_out"));
  await press("Escape");
  await waitFor(() => expect(said("result-state")).toContain("■ 1 trang, để lại chưa ký: thiếu dấu giáp lai"));
});

test("the agency has no key: what to do is told, at the desk and in the review", async () => {
  const { station } = await open({ waiting: 1, results: 1 });
  await station.desk.open("h2");
  await press("k", true);
  await waitFor(() => expect(station.notices.list).toMatchObject([{ tone: "guidance", error: { kind: "agency_key_missing" } }]));
  expect(document.body.textContent).toContain("nhấn Ctrl+6 (Khóa ký), chọn Khóa của cơ quan");
  await station.desk.switchTo("d0");
  await press("k", true);
  await screen.findByTestId("review-stage");
  await press("u", true);
  await waitFor(() => expect(said("review-refused")).toContain("nhấn Ctrl+6"));
  expect(said("review-head"), "the papers are still here").toContain("Ký bản sao giấy tờ: Nguyễn Thị Lan");
});

test("a clerk without the role sees why: papers, results, moves and catalogue", async () => {
  const { station } = await open({ waiting: 1, results: 1, agency: true, roles: ["clerk"] });
  const why = "Việc này cần vai trò Người ký; Nguyễn Thị Lan không có vai trò đó.";
  await station.desk.open("h2");
  await waitFor(() => expect(off("sign-all")).toBe(true));
  expect(by("sign-all").title).toBe(why);
  expect(said("role-note"), "seen without hovering").toBe(why);
  expect(off("add-result"), "entering is a receiving clerk's work").toBe(false);
  await press("k", true);
  await waitFor(() => expect(station.notices.list).toMatchObject([{ error: { kind: "role_missing" } }]));
  await station.desk.switchTo("d0");
  await press("k", true);
  await screen.findByTestId("review-stage");
  expect(off("other-kind")).toBe(true);
  expect(by("other-kind").title).toBe(why);
  await expectAccessible();
  await press("Escape");
  await press("2", true);
  await waitFor(() => expect(off("choose-catalogue")).toBe(true));
  expect(by("choose-catalogue").title).toContain("Quản trị");
});

test("an empty desk of single papers tells what waits on the others: papers first, then results to whoever may sign them", async () => {
  const { client, station } = await open({ waiting: 2, results: 2, agency: true });
  await waitFor(() => expect(said("sign-button")).toContain("Xem và ký 2 giấy tờ đang chờ trên các bàn hồ sơ"));
  expect(off("sign-button")).toBe(false);
  client.desks.delete("d0");
  await station.desk.read();
  await waitFor(() => expect(said("sign-button")).toContain("Xem và ký 2 kết quả"));
  client.status.roles = ["clerk"];
  await station.session.read();
  await waitFor(() => expect(said("sign-button"), "a receiving clerk signs none").toContain("Chưa có trang nào"));
  expect(off("sign-button")).toBe(true);
});

test("whose key signs the results stands whole below the list", async () => {
  await open({ results: 2, agency: true, tokens: tokenOf("UBND xã Thử Nghiệm"), roles: ["signer"] });
  await waitFor(() => expect(off("sign-button")).toBe(false));
  await press("k", true);
  await screen.findByTestId("review-stage");
  const signer = by("review-signer") as HTMLSelectElement;
  expect(signer.selectedOptions[0]?.textContent, "short enough for the list").toBe("Khóa ký cục bộ của cơ quan");
  expect(said("signer-name")).toBe("UBND xã Thử Nghiệm");
  expect(said("ahead")).toBe("Space đã xem, kết quả sau");
});

test("who may only sign for the agency is shown results, and receives nothing", async () => {
  const { station } = await open({ waiting: 1, results: 1, agency: true, pages: 1, roles: ["signer"] });
  await waitFor(() => expect(said("sign-button"), "not the page here, the result of a dossier").toContain("Xem và ký 1 kết quả đang chờ trên các bàn hồ sơ"));
  expect(off("sign-button")).toBe(false);
  await fireEvent.click(by("sign-button"));
  await screen.findByTestId("review-stage");
  expect(said("review-head")).toContain("thay mặt");
  expect(said("ahead"), "no result comes after it").toBe("Space đã xem, tới ô PIN");
  expect(document.getElementById("review-signer")?.textContent).toBe("Khóa ký cục bộ của cơ quan · UBND xã Thử Nghiệm");
  await lookAtAll();
  await signWith(AGENCY_PIN);
  await waitFor(() => expect(said("count-signed")).toBe("1"));
  await press("Escape");
  await press("n", true);
  await waitFor(() => expect(off("receive")).toBe(true));
  expect(station.session.may("clerk", "head")).toBe(false);
});
