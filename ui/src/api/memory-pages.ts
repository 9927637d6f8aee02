// Pictures of fictitious papers for the counter in memory: drawn, so that no scan is shipped.
import { parseLook, WHOLE } from "./look";

const LINES = [
  "Số: 45/2025", "GIẤY KHAI SINH", "Họ, chữ đệm, tên: Lê Minh Khôi", "Ngày, tháng, năm sinh: 14/02/2025",
  "Nơi sinh: Trạm y tế xã Thử Nghiệm", "Dân tộc: Kinh   Quốc tịch: Việt Nam", "Họ tên người mẹ: Phạm Thị Hương",
  "Họ tên người cha: Lê Văn Thành", "Nơi đăng ký: UBND xã Thử Nghiệm",
];

/** A page of prepared bytes: the drawn page with its mark on the first. */
export function markedPage(picture: string, page: number, width: number, mark: { at: [number, number]; lines: string[] } | null, tall = false): string {
  if (tall) return drawnPage("1", width, 0, "").replace(/height%3D%22(\d+)%22%20viewBox%3D%220%200%20826%201169%22/, (_, height: string) => `height%3D%22${Number(height) * 3}%22%20viewBox%3D%220%200%20826%203507%22`);
  if (page > 0 || mark === null) return drawnPage(String(page + 1), width, 0, "");
  const [x, y] = [40 + mark.at[0] * 4, 136 + mark.at[1] * 4];
  const code = Array.from({ length: 81 }, (_, i) => ((i * 7 + (i % 5) * picture.length) % 3 === 0 || i % 9 === 0 ? `<rect x="${x + (i % 9) * 5}" y="${y + Math.floor(i / 9) * 5}" width="5" height="5"/>` : "")).join("");
  const lines = mark.lines.map((line, i) => `<text x="${x + 56}" y="${y + 14 + i * 15}" font-size="12">${line}</text>`).join("");
  return drawnPage("1", width, 0, "", `<g fill="#000">${code}${lines}</g>`);
}

/** A page as an SVG `data:` address, edited and turned like the real one. */
export function drawnPage(id: string, width: number, turns: number, look: string, over = ""): string {
  const odd = Number(id.replace(/\D/g, "")) % 2 === 1;
  const text = LINES.map((line, i) => {
    const title = i === 1;
    const y = 250 + i * 62;
    const at = title ? `x="413" text-anchor="middle" font-size="38" font-weight="700"` : `x="90" font-size="23"`;
    return `<text ${at} y="${y}" fill="#23262b">${odd || title ? line : "Nội dung trang sau — mẫu hư cấu dùng để luyện tập"}</text>`;
  }).join("");
  const seal = `<g fill="none" stroke="#c2362b" stroke-width="5" opacity=".85"><circle cx="610" cy="960" r="92"/><circle cx="610" cy="960" r="62"/></g>`;
  const page =
    `<rect width="826" height="1169" fill="#fdfcf8"/><text x="413" y="80" font-size="22" text-anchor="middle" font-weight="600" fill="#23262b">CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</text>` +
    `<text x="413" y="114" font-size="20" text-anchor="middle" fill="#23262b">Độc lập - Tự do - Hạnh phúc</text><path d="M300 128H526" stroke="#23262b" stroke-width="2"/>${text}${seal}` +
    `<text x="90" y="1120" font-size="18" fill="#8a8f98">MẪU LUYỆN TẬP</text>`;
  const { mdeg, stays, levels } = parseLook(look);
  const [x, y, r, b] = [(stays[0] * 826) / WHOLE, (stays[1] * 1169) / WHOLE, (stays[2] * 826) / WHOLE, (stays[3] * 1169) / WHOLE];
  const clear = levels[1] - levels[0] < 255 ? ` style="filter:contrast(1.5)"` : "";
  const edited = `<svg width="${r - x}" height="${b - y}" viewBox="${x} ${y} ${r - x} ${b - y}"><rect width="826" height="1169" fill="#fdfcf8"/><g transform="rotate(${mdeg / 1000} 413 584.5)"${clear}>${page}</g></svg>`;
  const lying = turns % 2 === 1;
  const [w, h] = lying ? [b - y, r - x] : [r - x, b - y];
  const turn = ["", `translate(${w} 0) rotate(90)`, `translate(${w} ${h}) rotate(180)`, `translate(0 ${h}) rotate(270)`][turns] ?? "";
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${Math.round((width * h) / w)}" viewBox="0 0 ${w} ${h}" font-family="serif"><g transform="${turn}">${edited}${over}</g></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
