// Stories of a dossier at the window, on the counter in memory, by keyboard; and its places without
// axe's violations.
import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { by, expectAccessible, lookAtAll, open, press, signWith } from "./at-window";

const write = async (id: string, value: string): Promise<void> => {
  by(id).focus();
  await fireEvent.input(by(id), { target: { value } });
  await fireEvent.blur(by(id));
};
const row = (place: number): HTMLElement => screen.getAllByTestId("paper-row").find((one) => one.dataset["place"] === String(place))!;
const states = (): (string | undefined)[] => screen.getAllByTestId("paper-row").map((one) => one.dataset["state"]);
const hand = (place: number, word: string): Promise<boolean> =>
  fireEvent.change(within(row(place)).getByTestId("paper-submission"), { target: { value: word } });

async function begin(): Promise<void> {
  await press("n", true);
  await waitFor(() => by("procedure-search"));
  by("procedure-search").focus();
  await fireEvent.input(by("procedure-search"), { target: { value: "khai sinh" } });
  await waitFor(() => screen.getByText("1.001193 · Hộ tịch"));
  await fireEvent.keyDown(by("procedure-search"), { key: "ArrowDown" });
  await fireEvent.keyDown(by("procedure-search"), { key: "Enter" });
  await waitFor(() => expect(screen.getAllByTestId("paper-row")).toHaveLength(5));
}

test("five papers, one exempt, one reused, one with a note: from the greeting to the hand-over", async () => {
  const { client } = await open({ copies: 4 });
  await begin();
  expect(states()).toEqual(["missing", "missing", "missing", "missing", "not_given"]);
  expect(by("due").textContent).toContain("17 giờ 00 phút, 27/11/2026");
  await write("owner-number", "001087000000");
  await write("owner-name", "Nguyễn Văn An");
  await write("owner-birth", "1987");
  await waitFor(() => expect([...client.desks.values()].at(-1)?.request.owner.birth, "the year only stays so").toBe("1987"));

  await hand(3, "shown");
  await waitFor(() => expect(states()[2]).toBe("exempt"));
  expect(row(3).textContent, "and why").toContain("Xuất trình");
  await fireEvent.click(within(row(4)).getByRole("button"));
  await press("r", true);
  await fireEvent.click(await screen.findByTestId("reuse-option"));
  await waitFor(() => expect(states()[3]).toBe("reused"));
  await fireEvent.click(within(row(2)).getByRole("button"));
  await waitFor(() => by("paper-note"));
  await write("paper-note", "rách góc phải");

  // Two pages come in while paper 2 is chosen; the first goes to paper 1 by its key, and back by undo.
  await press("o", true);
  await waitFor(() => expect(row(2).textContent).toContain("có 2 trang"));
  await press("Home");
  await press("1");
  await waitFor(() => expect(row(1).textContent).toContain("có 1 trang"));
  await press("z", true);
  await waitFor(() => expect(row(1).textContent).toContain("còn thiếu"));
  await press("y", true);
  await waitFor(() => expect(row(1).textContent, "pages do not tell what was handed in").toContain("chưa chọn hình thức nộp"));
  await press("Enter", true);
  await screen.findByText(/Chưa chọn hình thức nộp của: Tờ khai/);
  await hand(1, "original");
  await hand(2, "original");
  await waitFor(() => expect(by("missing").textContent).toContain("Đủ giấy tờ"));

  await press("Enter", true);
  await waitFor(() => expect(by("sign-all").textContent).toContain("Xem và ký 2 giấy tờ"));
  expect(screen.getByText("chờ cấp số")).toBeTruthy();
  await expectAccessible();
  await press("k", true);
  await lookAtAll();
  await signWith("2468");
  await waitFor(() => expect(by("count-signed").textContent).toBe("2"));
  await press("Escape");
  await waitFor(() => expect(states()).toEqual(["copied", "copied", "exempt", "reused", "not_given"]));
  await press("e", true);
  await waitFor(() => expect(document.activeElement).toBe(by("forward-unit")));
  await fireEvent.input(by("forward-unit"), { target: { value: "Phòng Tư pháp" } });
  await fireEvent.change(by("forward-holder"), { target: { value: "department" } });
  await fireEvent.click(by("forward-confirm"));
  await waitFor(() => expect(by("handed-over").textContent).toContain("Phòng Tư pháp. Bản giấy: phòng chuyên môn"));
  expect(client.dossiers[0]?.papers[1]?.note).toBe("rách góc phải");

  await press("2", true);
  await fireEvent.focus(await screen.findByTestId("dossier-row"));
  await waitFor(() => expect(by("holder").textContent).toBe("phòng chuyên môn"));
  await expectAccessible();
});

test("a reader's burst is taken out of the field it fell into; what disagrees is amber, nothing is invented", async () => {
  const { client } = await open();
  await begin();
  await fireEvent.input(by("owner-name"), { target: { value: "001088000001||Trần Thị Bé|00001987|Nữ|Số 1, phố Huế|01012021" } });
  await waitFor(() => expect((by("owner-number") as HTMLInputElement).value).toBe("001088000001"));
  expect((by("owner-name") as HTMLInputElement).value).toBe("Trần Thị Bé");
  expect((by("owner-birth") as HTMLInputElement).value).toBe("1987");
  expect(by("doubts").textContent).toContain("không khớp năm sinh");
  await expectAccessible();
  expect(client.calls.filter((call) => call.name === "place_pages"), "no digit of it was a command").toHaveLength(0);
});

test("a burst outside any field is a card too", async () => {
  await open({});
  await begin();
  (document.activeElement as HTMLElement).blur();
  for (const key of "001087000001||Nguyễn Văn An|01031987|Nam|Hà Nội|01012021") await press(key);
  await press("Enter");
  await waitFor(() => expect((by("owner-birth") as HTMLInputElement).value).toBe("01/03/1987"));
});

test("a scanned card fills in its owner by Ctrl+I; a page without a code says so", async () => {
  const { client } = await open();
  await begin();
  await press("o", true);
  await waitFor(() => expect(screen.getAllByTestId("page-thumb")).toHaveLength(2));
  await press("i", true);
  await screen.findByText(/không thấy mã QR nào/);
  expect((by("owner-number") as HTMLInputElement).value).toBe("");
  client.cardOnPages = "001304000004||Lê Thị Ỷ|29022004|Nữ|Thôn 4|02042024";
  await press("i", true);
  await waitFor(() => expect((by("owner-name") as HTMLInputElement).value).toBe("Lê Thị Ỷ"));
  expect((by("owner-birth") as HTMLInputElement).value).toBe("29/02/2004");
});

test("two dossiers open at once lose nothing; what is kept nowhere else is not closed by a slip", async () => {
  const { client } = await open();
  await begin();
  await write("owner-name", "Nguyễn Văn An");
  await begin();
  await write("owner-name", "Trần Thị Bé");
  await press("PageUp", true);
  await waitFor(() => expect((by("owner-name") as HTMLInputElement).value).toBe("Nguyễn Văn An"));
  await press("PageDown", true);
  await waitFor(() => expect((by("owner-name") as HTMLInputElement).value).toBe("Trần Thị Bé"));
  await press("w", true);
  await fireEvent.click(await screen.findByTestId("discard"));
  await waitFor(() => expect(client.desks.size).toBe(2));
  await waitFor(() => expect(screen.getAllByTestId("desk-tab")).toHaveLength(2));
});

test("a page is carried onto a paper by the mouse; over an exempt paper it stays where it was", async () => {
  const { client } = await open();
  await begin();
  await press("o", true);
  await waitFor(() => expect(screen.getAllByTestId("page-thumb")).toHaveLength(2));
  await hand(3, "shown");
  await waitFor(() => expect(states()[2]).toBe("exempt"));
  const carry = async (to: number): Promise<void> => {
    document.elementFromPoint = () => row(to);
    await fireEvent.pointerDown(screen.getAllByTestId("page-thumb")[0]!.querySelector(".hit")!, { button: 0, clientX: 5, clientY: 5 });
    await fireEvent(window, new MouseEvent("pointermove", { clientX: 60, clientY: 90 }));
    await fireEvent(window, new MouseEvent("pointerup"));
  };
  await carry(3);
  await carry(2);
  await waitFor(() => expect(row(2).textContent).toContain("có 1 trang"));
  expect([...client.desks.values()].at(-1)?.pages.map((page) => page.place).sort()).toEqual([0, 2]);
  await press("z", true);
  await waitFor(() => expect(row(2).textContent).toContain("còn thiếu"));
});

test("an answer that comes late never shows an older desk", async () => {
  const { client } = await open();
  await begin();
  let release = (): void => {};
  const held = new Promise<void>((done) => (release = done));
  const call = client.call.bind(client);
  client.call = async (name, request) => {
    const answer = await call(name, request);
    if (name === "set_request") await held;
    return answer;
  };
  await write("owner-name", "Nguyễn Văn An");
  await hand(3, "shown");
  await new Promise((done) => setTimeout(done, 50));
  release();
  await waitFor(() => expect(states()[2]).toBe("exempt"));
  await new Promise((done) => setTimeout(done, 50));
  expect(states()[2], "what was decided after the typing stays").toBe("exempt");
});

test("a procedure being typed is not replaced by an answer about the desk", async () => {
  const { station } = await open();
  await press("n", true);
  await waitFor(() => by("procedure-search"));
  by("procedure-search").focus();
  await fireEvent.input(by("procedure-search"), { target: { value: "khai si" } });
  await station.desk.read();
  expect((by("procedure-search") as HTMLInputElement).value).toBe("khai si");
});

test("receiving without a name puts no dossier in the book, and says which field", async () => {
  const { client } = await open();
  await begin();
  await press("Enter", true);
  await waitFor(() => expect(by("issue-owner-name").textContent).toBeTruthy());
  expect(client.dossiers).toEqual([]);
});

test("a catalogue is looked at before it is applied", async () => {
  const { client } = await open();
  await press("2", true);
  await fireEvent.click(await screen.findByTestId("choose-catalogue"));
  await waitFor(() => expect(by("catalogue-preview").textContent).toContain("Mới: 1"));
  expect(client.versions, "a preview keeps nothing").toHaveLength(1);
  expect(by("catalogue-preview").textContent).toContain("thời hạn");
  await expectAccessible();
  await fireEvent.input(document.getElementById("effective")!, { target: { value: "01/11/2026" } });
  expect(by("overtaken").textContent, "a version that would never be used is told of before").toContain("áp dụng từ 24/11/2026");
  await fireEvent.click(by("apply-catalogue"));
  await waitFor(() => expect(client.versions).toHaveLength(2));
  await waitFor(() => expect(by("never-used").textContent, "and after").toContain("không bao giờ được dùng"));
  expect(by("catalogue").textContent).toContain("Đã nhập bản 2, áp dụng từ 01/11/2026");
  client.failNext.set("catalogue_dialog", {
    kind: "bad_catalogue", params: { file: "x.csv" }, findings: [], issues: [], lines: [{ line: 12, column: "code", kind: "bad_code", value: "9" }],
  });
  await fireEvent.click(by("choose-catalogue"));
  await waitFor(() => expect(by("catalogue-lines").textContent).toContain("Dòng 12: code – mã không đúng"));
});

test("the words of a dossier change with the language", async () => {
  await open();
  await begin();
  await press("F10");
  await screen.findByText("Receive the dossier (Ctrl+Enter)");
  expect(row(1).textContent).toContain("missing");
  await press("F10");
});

test("a key is changed in the overlay by keyboard", async () => {
  await open({ pages: 1 });
  await press("F1");
  by("change-turnLeft").focus();
  await fireEvent.click(by("change-turnLeft"));
  await fireEvent.keyDown(by("change-turnLeft"), { key: "]" });
  await waitFor(() => expect(by("key-refusal").textContent).toContain("Xoay phải"));
  await fireEvent.keyDown(by("change-turnLeft"), { key: "l" });
  await waitFor(() => expect(by("keys-overlay").textContent).toContain("L"));
  await expectAccessible();
  await fireEvent.click(by("reset-keys"));
  await press("Escape");
});
