//! The XMP packet: the same facts as the Info dictionary, and PDF/A's own statement.

use crate::time::Timestamp;

/// What a document says of itself, in Info and XMP alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Title: name of the paper.
    pub title: String,
    /// Name of the person copying.
    pub author: String,
    /// Name of the office.
    pub office: String,
    /// Digitization code.
    pub code: Option<String>,
    /// Moment of copying.
    pub at: Timestamp,
    /// True when the file may claim PDF/A-2b.
    pub pdfa: bool,
}

/// Name of the program in Info and XMP.
pub const PRODUCER: &str = concat!("Sao Y ", env!("CARGO_PKG_VERSION"));

/// The packet, UTF-8.
#[must_use]
pub fn packet(about: &About) -> String {
    let title = escape(&about.title);
    let author = escape(&about.author);
    let office = escape(&about.office);
    let at = about.at.format("%Y-%m-%dT%H:%M:%S%:z");
    let identifier = about
        .code
        .as_ref()
        .map(|code| format!("<dc:identifier>{}</dc:identifier>\n", escape(code)))
        .unwrap_or_default();
    let pdfa = if about.pdfa {
        "<pdfaid:part>2</pdfaid:part>\n<pdfaid:conformance>B</pdfaid:conformance>\n"
    } else {
        ""
    };
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n\
<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" \
xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n\
{pdfa}<dc:format>application/pdf</dc:format>\n\
<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\n\
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>\n\
<dc:publisher><rdf:Bag><rdf:li>{office}</rdf:li></rdf:Bag></dc:publisher>\n\
<dc:language><rdf:Bag><rdf:li>vi-VN</rdf:li></rdf:Bag></dc:language>\n\
{identifier}<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool>\n\
<xmp:CreateDate>{at}</xmp:CreateDate>\n\
<xmp:ModifyDate>{at}</xmp:ModifyDate>\n\
<pdf:Producer>{PRODUCER}</pdf:Producer>\n\
</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>"
    )
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML 1.0 has no way to write other control characters.
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
