//! Writing PDF objects one behind the other: a sink that counts, and the cross-reference table.
//!
//! The file is never held in memory: 500 colour pages are a quarter of a gigabyte.

use std::fmt::Write as _;
use std::io::{self, Read, Write};

/// An indirect object's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ref(pub u32);

impl std::fmt::Display for Ref {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} 0 R", self.0)
    }
}

/// Hands out object numbers, from 1.
#[derive(Debug, Clone, Default)]
pub struct Numbers(u32);

impl Numbers {
    /// The next number.
    pub fn allot(&mut self) -> Ref {
        self.0 += 1;
        Ref(self.0)
    }
}

/// A PDF file being written, object by object.
#[derive(Debug)]
pub struct PdfWriter<W> {
    sink: W,
    position: u64,
    offsets: Vec<Option<u64>>,
}

impl<W: Write> PdfWriter<W> {
    /// Starts a PDF 1.7 file; the second line tells transports that it is binary.
    pub fn new(sink: W) -> io::Result<Self> {
        let mut writer = Self { sink, position: 0, offsets: Vec::new() };
        writer.raw(b"%PDF-1.7\n%\xC3\xA1\xC6\xA0\n")?;
        Ok(writer)
    }

    /// Bytes written so far.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.position += bytes.len() as u64;
        self.sink.write_all(bytes)
    }

    /// An object that is no stream.
    pub fn object(&mut self, id: Ref, body: &str) -> io::Result<()> {
        self.begin(id);
        self.raw(format!("{} 0 obj\n{body}\nendobj\n", id.0).as_bytes())
    }

    /// A stream object; `dict` is the dictionary's inside without `/Length`.
    pub fn stream(&mut self, id: Ref, dict: &str, data: &[u8]) -> io::Result<()> {
        self.stream_from(id, dict, data.len() as u64, &mut &*data)
    }

    /// A stream object whose `length` bytes come from a reader.
    pub fn stream_from(&mut self, id: Ref, dict: &str, length: u64, data: &mut dyn Read) -> io::Result<()> {
        self.begin(id);
        self.raw(format!("{} 0 obj\n<<{dict} /Length {length}>>\nstream\n", id.0).as_bytes())?;
        let copied = copy(&mut data.take(length), &mut self.sink)?;
        if copied != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.position += length;
        self.raw(b"\nendstream\nendobj\n")
    }

    fn begin(&mut self, id: Ref) {
        let place = id.0 as usize;
        if self.offsets.len() <= place {
            self.offsets.resize(place + 1, None);
        }
        if let Some(slot) = self.offsets.get_mut(place) {
            *slot = Some(self.position);
        }
    }

    /// Marks `id` as written at `offset`, for objects whose bytes are laid down by the caller.
    pub fn note(&mut self, id: Ref, offset: u64) {
        let here = self.position;
        self.position = offset;
        self.begin(id);
        self.position = here;
    }

    /// The cross-reference table, trailer and end of a file whose table stands at `start`.
    pub fn tail(&self, start: u64, root: Ref, info: Ref, id: [[u8; 16]; 2]) -> String {
        let mut text = format!("xref\n0 {}\n0000000000 65535 f \n", self.offsets.len().max(1));
        for offset in self.offsets.iter().skip(1) {
            match offset {
                Some(offset) => _ = writeln!(text, "{offset:010} 00000 n "),
                None => text.push_str("0000000000 00000 f \n"),
            }
        }
        let [first, second] = id.map(|half| crate::hex::encode(&half));
        _ = write!(
            text,
            "trailer\n<</Size {} /Root {root} /Info {info} /ID [<{first}> <{second}>]>>\nstartxref\n{start}\n%%EOF\n",
            self.offsets.len().max(1)
        );
        text
    }

    /// The sink, everything written.
    pub fn into_inner(self) -> W {
        self.sink
    }
}

/// Copies in pieces large enough that the system calls do not count.
fn copy(from: &mut dyn Read, to: &mut dyn Write) -> io::Result<u64> {
    let mut buffer = vec![0; 1 << 18];
    let mut copied = 0;
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => return Ok(copied),
            Ok(read) => read,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        to.write_all(buffer.get(..read).unwrap_or_default())?;
        copied += read as u64;
    }
}

/// A text string object: UTF-16 with byte order mark, in hexadecimal.
#[must_use]
pub fn text_string(text: &str) -> String {
    let mut hex = String::from("<FEFF");
    for unit in text.encode_utf16() {
        _ = write!(hex, "{unit:04X}");
    }
    hex.push('>');
    hex
}

/// A date string, ISO 32000-1, 7.9.4, with the offset the clerk's clock shows.
#[must_use]
pub fn date_string(at: &crate::time::Timestamp) -> String {
    let minutes = at.offset().local_minus_utc() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.abs();
    format!("(D:{}{sign}{:02}'{:02}')", at.format("%Y%m%d%H%M%S"), minutes / 60, minutes % 60)
}

/// Thousandths of a point as a PDF number.
#[must_use]
pub fn number(thousandths: i64) -> String {
    let sign = if thousandths < 0 { "-" } else { "" };
    let value = thousandths.unsigned_abs();
    let text = format!("{sign}{}.{:03}", value / 1000, value % 1000);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_plain_decimals() {
        assert_eq!(number(595_276), "595.276");
        assert_eq!(number(-1_500), "-1.5");
        assert_eq!(number(0), "0");
        assert_eq!(number(12_000), "12");
    }

    #[test]
    fn vietnamese_titles_are_utf16() {
        assert_eq!(text_string("Đ"), "<FEFF0110>");
    }

    #[test]
    fn the_table_points_at_every_object() {
        let mut w = PdfWriter::new(Vec::new()).unwrap();
        let mut numbers = Numbers::default();
        let (a, b) = (numbers.allot(), numbers.allot());
        w.object(b, "<<>>").unwrap();
        w.stream(a, "", b"x").unwrap();
        let start = w.position();
        let tail = w.tail(start, a, b, [[0; 16]; 2]);
        let bytes = w.into_inner();
        for (line, id) in tail.lines().skip(3).take(2).zip([1, 2]) {
            let offset: usize = line[..10].parse().unwrap();
            assert!(
                bytes[offset..].starts_with(format!("{id} 0 obj").as_bytes()),
                "object {id} stands at its offset"
            );
        }
    }
}
